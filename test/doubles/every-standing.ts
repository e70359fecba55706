import type { EntryBody } from "../../lib/domain/ledger/entry.ts";
import type { StandingKind } from "../../lib/notices/standing.ts";
import { decided, detection, toAllow, toAsk, toRestore } from "./case-builder.ts";
import { day, deletionRequest, keyArn, t0 } from "./key-world.ts";

const minute = 60_000;
const aliases = { count: 1, sha256: "f".repeat(64), listed: ["alias/prod/cvk-1"] };
const named: EntryBody = { kind: "key-named", aliases };
const seen = detection({ deletePendingAt: t0 + 7 * day });
const back: readonly EntryBody[] = [
  { kind: "restore-intended", late: false },
  { kind: "key-restored", enabled: true, how: "answered" },
];
const usable: EntryBody = { kind: "key-usable", how: "answered", timeToUsableMs: 2_300, despiteRule: false };
const asks = decided(toAsk.effect, { rule: "pin-keys-need-two-custodians", approvers: ["alice", "bob", "carol"] });
const pending = decided(
  toAsk.effect.outcome === "ask"
    ? { ...toAsk.effect, approval: { ...toAsk.effect.approval, meanwhile: "pending" } }
    : toAsk.effect,
  { rule: "pin-keys-need-two-custodians", approvers: ["alice", "bob", "carol"] },
);
const question: EntryBody = { kind: "approval-requested", from: "custodians", quorum: 2, deadline: t0 + day };
const voter = { via: "slack", userId: "U0BOB" } as const;
const vote: EntryBody = {
  kind: "vote-cast",
  vote: { id: "1", choice: "approve", voter, reason: "CHG-1" },
  person: "bob",
};
const granted: EntryBody = { kind: "approval-granted", by: ["bob", "carol"], quorum: 2 };
const permit: EntryBody = {
  kind: "permit-issued",
  permit: {
    ...({
      keyArn: keyArn(),
      id: { by: "case", generation: 1 },
      principal: "arn:aws:iam::111122223333:user/alice",
    } as const),
    ...{
      person: "alice",
      minWaitingMs: 7 * day,
      group: "custodians",
      approvedBy: ["bob", "carol"],
      proof: ["slack"] as const,
    },
    ...{ issuedAt: t0, until: t0 + day },
  },
};
const failed: EntryBody = { kind: "effect-failed", effect: "restore", code: "AccessDeniedException", attempt: 8 };

/** A case for each way in which it can stand, with the longest of what is usual. */
export const everyStanding: Readonly<Record<StandingKind, readonly EntryBody[]>> = {
  usable: [seen, toRestore, ...back, usable, named],
  "asking-usable": [seen, asks, ...back, usable, named, question, vote],
  "asking-unusable": [seen, pending, named, question],
  "still-disabled": [seen, toRestore, ...back, { kind: "key-left-disabled", why: "stopped-before-deletion" }, named],
  allowed: [seen, toAllow, named, { kind: "deletion-allowed", by: "rule" }],
  "cannot-restore": [seen, toRestore, { kind: "restore-intended", late: false }, named, failed],
  "key-lost": [
    ...[seen, toRestore, { kind: "restore-intended", late: false } as const, named, failed],
    { kind: "key-destroyed", how: "not-found" },
  ],
  "destroyed-as-allowed": [
    ...[seen, toAllow, named, { kind: "deletion-allowed", by: "rule" } as const],
    { kind: "key-destroyed", how: "delete-complete" },
  ],
  approved: [seen, asks, ...back, usable, named, question, vote, granted, permit],
  kept: [seen, asks, ...back, usable, named, question, { kind: "approval-refused", by: "bob", afterApproval: false }],
  restoring: [seen, toRestore, { kind: "restore-intended", late: false }, named],
  observed: [seen, decided({ outcome: "restore", usage: "resume" }, { mode: "observe" }), named],
  "restored-by-others": [seen, toRestore, named, { kind: "restored-by-others" }],
  "deleted-again": [seen, toRestore, named, { kind: "deletion-superseded", newDeletePendingAt: t0 + 8 * day }],
  "state-unknown": [
    detection({ request: deletionRequest({ at: t0 - minute }) }),
    ...[named, { kind: "key-state-unknown", state: "CREATE_FAILED" } as const],
  ],
};
