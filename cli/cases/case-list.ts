import { foldPause } from "../../lib/domain/approval/pause.ts";
import { foldPlannedPermit } from "../../lib/domain/approval/planned-permit.ts";
import type { Case } from "../../lib/domain/case/case.ts";
import { foldCase } from "../../lib/domain/case/fold.ts";
import { caseNameFrom } from "../../lib/domain/ledger/case-name.ts";
import { readChain } from "../../lib/domain/ledger/chain.ts";
import { type ChainSubject, chainSubject } from "../../lib/domain/ledger/chain-name.ts";
import { principalOf } from "../../lib/domain/people/requester.ts";
import { keyShort, keyTitle } from "../../lib/notices/key-title.ts";
import { requesterText } from "../../lib/notices/words.ts";
import type { StoredTrail } from "../trail/stored-trail.ts";

/** How a case stands, as lists say it. */
export const caseStates = [
  ...(["key-usable", "key-left-disabled", "restored-by-others", "deletion-superseded", "key-destroyed"] as const),
  ...(["deletion-allowed", "people-are-asked", "observed", "open"] as const),
  ...(["restore-intended", "restore-restored", "damaged"] as const),
] as const;
export type CaseState = (typeof caseStates)[number];

/** One case in a list. Times are ms since the epoch. */
export interface ListedCase {
  readonly case: string;
  /** What people call the key. */
  readonly title: string;
  readonly openedAt: number;
  /** How it stands: `damaged` for a chain that does not hold. */
  readonly state: CaseState;
  readonly open: boolean;
  readonly outcome: string;
  readonly rule: string;
  readonly requester: string;
  /** Who that was, for people. */
  readonly requesterName: string;
  readonly usage: string;
  /** While the key is pending. */
  readonly deletePendingAt?: number;
  /** Until when people may decide, while they are asked. */
  readonly decideUntil?: number;
  readonly entries: number;
}

/** The cases among `trails`, newest first; pauses, permits and other changes are no cases. */
export function listCases(trails: readonly StoredTrail[]): readonly ListedCase[] {
  return trails
    .flatMap((trail) => listedCase(trail, readChain(trail.texts, trail.case)) ?? [])
    .toSorted((a, b) => b.openedAt - a.openedAt);
}

const noCases: ReadonlySet<ChainSubject["kind"] | undefined> = new Set([
  ...(["change", "change-permit", "calls", "day", "policy"] as const),
]);

/** Returns a chain that was read as a case of a list; undefined for one that is not a case. */
export function listedCase(
  { case: name, texts, head }: StoredTrail,
  reading: ReturnType<typeof readChain>,
): ListedCase | undefined {
  // Also a damaged one: `changes list` shows changes, `audit verify` the others.
  if (noCases.has(chainSubject(name)?.kind)) return undefined;
  if (reading.ok && (foldPause(reading.chain) ?? foldPlannedPermit(reading.chain)) !== undefined) return undefined;
  const state = reading.ok && reading.chain.head === head ? foldCase(reading.chain.entries) : undefined;
  const arn = caseNameFrom(name)?.keyArn;
  const none = {
    title: arn === undefined ? name : keyShort(arn),
    outcome: "",
    rule: "",
    requester: "",
    requesterName: "",
    usage: "",
    entries: texts.length,
  };
  if (state === undefined) return { case: name, openedAt: 0, state: "damaged", open: true, ...none };
  const { decision, requests, key, deletePendingAt, openedAt, end } = state;
  const request = requests.at(-1);
  return {
    ...none,
    ...{
      case: name,
      title: keyTitle(state),
      openedAt,
      state: stateOf(state),
      open: end === undefined && !state.allowed,
    },
    ...(decision && { outcome: decision.effect.outcome, rule: decision.rule }),
    ...(request && { requester: principalOf(request.requester), requesterName: requesterText(request.requester) }),
    ...(key && { usage: key.usage }),
    ...(deletePendingAt !== undefined && state.restore === "none" && { deletePendingAt }),
    ...(state.question?.state === "open" && { decideUntil: state.question.deadline }),
  };
}

function stateOf({ end, allowed, question, decision, restore }: Case): CaseState {
  if (end !== undefined) return end;
  if (allowed) return "deletion-allowed";
  if (question?.state === "open") return "people-are-asked";
  if (decision?.mode === "observe") return "observed";
  return restore === "none" ? "open" : `restore-${restore}`;
}
