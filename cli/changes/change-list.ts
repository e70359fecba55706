import { foldChange } from "../../lib/domain/change/change-state.ts";
import { changeStates, recordedChanges, worstEnd } from "../../lib/domain/change/recorded-changes.ts";
import { readChain } from "../../lib/domain/ledger/chain.ts";
import { changeNameFrom } from "../../lib/domain/ledger/change-name.ts";
import type { EntryOf } from "../../lib/domain/ledger/entry.ts";
import { subjectText } from "../../lib/domain/operations/subject.ts";
import { principalOf } from "../../lib/domain/people/requester.ts";
import { hourMs } from "../../lib/domain/time.ts";
import { actorText } from "../../lib/notices/words.ts";
import type { StoredTrail } from "../trail/stored-trail.ts";

/** How the changes of a chain stand, as lists say it. */
export const listedStates = [...changeStates, "damaged"] as const;

/** What one operation did to one subject within one hour. Times are ms since the epoch. */
export interface ListedChange {
  /** `change#<operation>#<subject>#<hour>`. */
  readonly change: string;
  readonly operation: string;
  /** The ARN of a key, the name of an alias, or `account`. */
  readonly subject: string;
  /** The key, where it is known. */
  readonly keyArn: string;
  /** When the first of them was made; of a damaged chain the begin of its hour. */
  readonly changedAt: number;
  /** How many there are on record. */
  readonly changes: number;
  /** That of the change that asks most of people: `damaged` for a chain that does not hold. */
  readonly state: (typeof listedStates)[number];
  readonly grave: boolean;
  /** Whether more followed than are recorded. */
  readonly crowded: boolean;
  /** Of the last one: the rule that decided, who made it, and what happened. */
  readonly rule: string;
  readonly requester: string;
  readonly requesterName: string;
  readonly says: string;
  readonly entries: number;
}

/** Returns the changes among `trails`, the newest first. */
export function listChanges(trails: readonly StoredTrail[]): readonly ListedChange[] {
  return trails.flatMap((trail) => listedChange(trail) ?? []).toSorted((a, b) => b.changedAt - a.changedAt);
}

function listedChange({ case: name, texts, head }: StoredTrail): ListedChange | undefined {
  const named = changeNameFrom(name);
  if (named === undefined) return undefined;
  const { operation, subject, hour } = named;
  const unknown = {
    ...{ change: name, operation, subject: subjectText(subject), changedAt: hour * hourMs, changes: 0 },
    ...{ keyArn: subject.kind === "key" ? subject.keyArn : "", grave: true, crowded: false, rule: "" },
    ...{ requester: "", requesterName: "", says: "", entries: texts.length },
  };
  const reading = readChain(texts, name);
  const state = reading.ok && reading.chain.head === head ? foldChange(reading.chain) : undefined;
  if (!reading.ok || state === undefined) return { ...unknown, state: "damaged" };
  const changes = recordedChanges(reading.chain);
  const last = changes.at(-1);
  return {
    ...unknown,
    ...{ changedAt: changes[0]?.detected.changedAt ?? unknown.changedAt, changes: changes.length },
    ...{ state: worstEnd(changes), grave: changes.some(({ judged }) => judged?.weight === "grave") },
    ...{ crowded: state.isCrowded, rule: last?.judged?.rule ?? "" },
    ...(last && saidOf(last.detected)),
  };
}

function saidOf({ keyArn, requester, says }: EntryOf<"change-detected">) {
  return {
    ...(keyArn !== undefined && { keyArn }),
    ...(requester && { requester: principalOf(requester) }),
    ...{ requesterName: actorText(requester), says },
  };
}
