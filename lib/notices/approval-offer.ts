import type { Case } from "../domain/case/case.ts";
import type { CaseName } from "../domain/ledger/case-name.ts";
import { keyShort, keyTitle } from "./key-title.ts";
import type { Sentence } from "./prose.ts";
import { durationText, requesterText } from "./words.ts";

/** What an approver agrees to. */
export type ApprovalOffer = readonly Sentence[];

/** How many approvals of the quorum are on record. */
export interface CountedApprovals {
  readonly approvals: number;
  readonly quorum: number;
}

/**
 * Returns what an approval of the case does: it is one of those that permit one deletion, of a key that works until then, or let a pending one run to its
 * end. Without `state`, when the case cannot be read in time, only what holds for every approval.
 */
export function approvalOffer({ keyArn }: CaseName, state?: Case, counted?: CountedApprovals): ApprovalOffer {
  const end: Sentence = [
    "Once its waiting period is over, AWS destroys the key and ",
    { strong: "nobody can restore it." },
  ];
  const keep: Sentence = ["Until then one person can still keep it."];
  if (state === undefined) return [["Approve the deletion of key ", { name: keyShort(keyArn) }, "?"], end, keep];
  const { decision, requests } = state;
  const title: Sentence = [{ name: keyTitle(state) }];
  const request = requests.at(-1);
  const requester: Sentence = request === undefined ? ["the requester"] : [{ name: requesterText(request.requester) }];
  const approval = decision?.effect.outcome === "ask" ? decision.effect.approval : undefined;
  const standing = counted === undefined ? [] : [[standingText(counted)]];
  if (approval?.meanwhile === "pending")
    return [
      ["Approve that the pending deletion of ", ...title, ", requested by ", ...requester, ", runs to its end?"],
      ...standing,
      end,
      keep,
    ];
  const notice = noticeOf(state);
  return [
    [{ strong: "Approve one deletion of" }, " ", ...title, "?"],
    ...standing,
    [
      "Once enough people have approved, a one-time permit is issued: ",
      ...requester,
      ` may delete the key once, within ${durationText(approval?.permitForMs ?? 0)}`,
      ...(notice === undefined ? [] : [` and with at least ${durationText(notice)} of notice`]),
      ".",
    ],
    end,
    keep,
  ];
}

/** Returns what one more approval is, beside those on record. INVARIANT: nobody reads that one press allows what takes two. */
export function standingText({ approvals, quorum }: CountedApprovals): string {
  const missing = quorum - approvals;
  const yours = missing <= 1 ? "Yours completes them." : `Yours alone allows nothing: ${missing} more are needed.`;
  return `${approvals} of ${quorum} approvals so far. ${yours}`;
}

/** The waiting period (ms) of the deletion that was requested: a permit asks for no less. */
function noticeOf({ deletePendingAt, requests }: Case): number | undefined {
  const request = requests.at(-1);
  return request === undefined || deletePendingAt === undefined ? undefined : deletePendingAt - request.at;
}
