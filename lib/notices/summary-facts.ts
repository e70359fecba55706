import { standingOf } from "../domain/approval/dual-control.ts";
import type { Case } from "../domain/case/case.ts";
import type { Entry, EntryKind, EntryOf } from "../domain/ledger/entry.ts";
import type { Directory } from "../domain/people/directory.ts";
import type { Sentence } from "./prose.ts";
import { requesterText } from "./words.ts";

/** What the summary of a case is written from. Times are ms since the epoch. */
export interface SummaryFacts {
  readonly state: Case;
  /** Who scheduled the deletion, and when. */
  readonly opening: Sentence;
  /** Without the role, where the sentence has no room for it. */
  readonly requester: string;
  readonly usable?: EntryOf<"key-usable">;
  readonly failure?: EntryOf<"effect-failed">;
  readonly allowed?: EntryOf<"deletion-allowed">;
  readonly permit?: EntryOf<"permit-issued">;
  readonly quorum: number;
  /** The group that decides. */
  readonly group: string;
  readonly canKeep: boolean;
}

/** Returns what the summary of a case is written from. */
export function summaryFacts(
  state: Case,
  entries: readonly Entry[],
  directory: Directory,
  canKeep: boolean,
): SummaryFacts {
  const last = <Kind extends EntryKind>(kind: Kind) =>
    entries.findLast((entry): entry is EntryOf<Kind> & Entry => entry.kind === kind);
  const [usable, failure] = [last("key-usable"), last("effect-failed")];
  const [allowed, permit] = [last("deletion-allowed"), last("permit-issued")];
  const { effect } = state.decision ?? {};
  return {
    ...{ state, canKeep, opening: openingOf(state), requester: requesterOf(state) },
    ...{ quorum: standingOf(state, directory).quorum, group: effect?.outcome === "ask" ? effect.approval.from : "" },
    ...(usable && { usable }),
    ...(failure && { failure }),
    ...(allowed && { allowed }),
    ...(permit && { permit }),
  };
}

function requesterOf({ requests }: Case): string {
  const request = requests.at(-1);
  return request === undefined ? "The requester" : requesterText(request.requester).replace(/ \([^()]*\)$/, "");
}

function openingOf({ requests }: Case): Sentence {
  const request = requests.at(-1);
  if (request === undefined) return ["The key was scheduled for deletion; the requester is not known yet."];
  return [
    { name: requesterText(request.requester) },
    " scheduled this key for deletion at ",
    { time: request.at },
    ".",
  ];
}
