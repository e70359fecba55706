import type { BodyOf, EntryKind } from "../../lib/domain/ledger/entry.ts";
import { day, keyArn, t0 } from "./key-world.ts";

/** `Type` with every optional member that it may have. */
type Full<Type> = Type extends string | number | boolean
  ? Type
  : Type extends readonly (infer Item)[]
    ? readonly [Full<Item>, ...Full<Item>[]]
    : { readonly [Name in keyof Type]-?: Full<Type[Name]> };

const arn = keyArn();
const name = { keyArn: arn, generation: 2 };
const slack = { via: "slack", userId: "U0ALICE" } as const;
const aws = { via: "aws", arn: "arn:aws:iam::111122223333:user/bob", userId: "AIDABOB" } as const;
const requestId = "5e".repeat(32);
const statement = { voter: aws, person: "bob", reason: "CHG-1", requestId };
const labels = {
  tags: { count: 2, sha256: "a".repeat(64), listed: { constructor: "ci", team: "payments" } },
  aliases: { count: 1, sha256: "b".repeat(64), listed: ["alias/pin"] as const },
};
const request = {
  namedAs: "alias/pin",
  ...({ eventId: "e-1", requestId: "r-1", at: t0, target: { kind: "arn", arn }, sourceIp: "203.0.113.64" } as const),
  requester: {
    ...({
      kind: "role-session",
      account: "111122223333",
      roleArn: "arn:aws:iam::111122223333:role/ci",
      roleId: "AROA1",
    } as const),
    ...({ sessionName: "s", permissionSet: "p", sourceIdentity: "alice@example.com", mfa: true } as const),
  },
  ...({
    invokedBy: "cloudformation.amazonaws.com",
    assumedRoot: true,
    invokedByDelegate: "444455556666",
    userAgent: "aws-cli/2",
    requestedDays: 7,
    enabledInResponse: true,
    replayName: "replay",
    corrected: false,
  } as const),
} as const;
const key = {
  ...({
    arn,
    usage: "TR31_P0_PIN_ENCRYPTION_KEY",
    keyClass: "SYMMETRIC_KEY",
    algorithm: "AES_128",
    origin: "EXTERNAL",
  } as const),
  ...({
    exportable: true,
    kcv: "A486ED",
    enabled: true,
    createdAt: t0,
    usageStartedAt: t0,
    usageStoppedAt: t0,
    multiRegion: "PRIMARY",
  } as const),
} as const;
const permit = {
  ...({ keyArn: arn, id: { by: "request", number: 3 }, principal: aws.arn, roleId: "AROA1", person: "bob" } as const),
  ...({ minWaitingMs: 7 * day, group: "custodians", approvedBy: ["carol"], proof: ["aws"] } as const),
  ...({ issuedAt: t0, until: t0 + day } as const),
} as const;
const approval = {
  ...({
    from: "custodians",
    quorum: 2,
    proof: ["aws"],
    withinMs: day,
    meanwhile: "restored",
    permitForMs: day,
  } as const),
} as const;

/** Of every kind of entry one example, with every member that it may have. A kind without one does not compile. */
export const entryExamples: { readonly [Kind in EntryKind]: Full<BodyOf<Kind>> } = {
  "deletion-detected": {
    ...({ kind: "deletion-detected", case: name, source: "event", guardVersion: "0.1.0" } as const),
    ...({ key, deletePendingAt: t0 + 7 * day, request } as const),
  },
  "key-named": { kind: "key-named", aliases: labels.aliases },
  "requester-learned": { kind: "requester-learned", request },
  "event-missed": { kind: "event-missed" },
  "requester-confirmed": { kind: "requester-confirmed", eventId: "e-1" },
  "requester-unconfirmed": { kind: "requester-unconfirmed", why: "no-record" },
  "key-state-unknown": { kind: "key-state-unknown", state: "CREATE_FAILED" },
  "restored-by-others": { kind: "restored-by-others" },
  "deletion-superseded": { kind: "deletion-superseded", newDeletePendingAt: t0 + day },
  "key-destroyed": { kind: "key-destroyed", how: "not-found" },
  decided: {
    ...({
      kind: "decided",
      effect: { outcome: "ask", usage: "resume", approval },
      rule: "ask",
      mode: "observe",
    } as const),
    ...({ policyHash: "c".repeat(64), pause: 4, withRequester: true, ...labels, unreadable: ["tags"] } as const),
    ...({
      passedOver: [{ rule: "first", failed: "key.usage" }],
      morePassedOver: 1,
      heldBack: { rule: "first", condition: "key.tags.Environment", why: "too-new", minAgeMs: 7 * day },
      approvers: ["bob", "carol"],
    } as const),
  },
  "deletion-allowed": { kind: "deletion-allowed", by: "permit" },
  "restore-intended": { kind: "restore-intended", late: false },
  "key-restored": { kind: "key-restored", enabled: false, how: "found", restoredAfterMs: 1_500 },
  "usage-start-requested": { kind: "usage-start-requested", voter: slack, person: "alice", reason: "INC-1", requestId },
  "usage-start-intended": { kind: "usage-start-intended", evidence: "stopped-by-deletion" },
  "key-usable": { kind: "key-usable", how: "answered", timeToUsableMs: 2_345, despiteRule: true },
  "key-left-disabled": { kind: "key-left-disabled", why: "start-failed" },
  "effect-failed": { kind: "effect-failed", effect: "restore", code: "THROTTLED", attempt: 2 },
  "look-denied": { kind: "look-denied" },
  "deny-removal-intended": {
    ...({ kind: "deny-removal-intended", calls: ["RestoreKey"], left: 1 } as const),
    statements: ['[{"Effect":"Deny","Principal":"*","Action":"payment-cryptography:*","Resource":"*"}]'],
  },
  "deny-removed": { kind: "deny-removed", how: "answered" },
  "lock-out-left": { kind: "lock-out-left", why: "refused", code: "ConflictException" },
  "approval-requested": { kind: "approval-requested", from: "custodians", quorum: 2, deadline: t0 + day, ...labels },
  "approval-reminded": { kind: "approval-reminded", percent: 95 },
  "vote-cast": {
    kind: "vote-cast",
    vote: { id: "v-1", choice: "approve", voter: aws, reason: "CHG-1" },
    ...({ person: "bob", refused: "already-approved", requestId, unverified: "proof-aged" } as const),
  },
  "approval-granted": { kind: "approval-granted", by: ["bob", "carol"], quorum: 2 },
  "approval-refused": { kind: "approval-refused", by: "dave", afterApproval: true },
  "approval-expired": { kind: "approval-expired" },
  "permit-requested": {
    ...({ kind: "permit-requested", keyArn: arn, number: 3, rule: "ask", principal: aws.arn, subject: "bob" } as const),
    ...({ roleId: "AROA1", minWaitingMs: 7 * day, deadline: t0 + day, ...statement } as const),
  },
  "permit-approved": { kind: "permit-approved", ...statement },
  "permit-issued": { kind: "permit-issued", permit },
  "permit-withheld": { kind: "permit-withheld", why: "approval-lapsed" },
  "permit-used": { kind: "permit-used", permit: { by: "case", generation: 1 }, case: name, eventId: "e-2" },
  "permit-revoked": {
    kind: "permit-revoked",
    permit: permit.id,
    by: "dave",
    voter: slack,
    reason: "no longer needed",
    requestId,
  },
  "pause-requested": { kind: "pause-requested", number: 4, forMs: day, ...statement },
  "pause-granted": { kind: "pause-granted", ...statement, until: t0 + day },
  "pause-ended": { kind: "pause-ended", ...statement },
  "change-detected": {
    ...({ kind: "change-detected", operation: "alias", subject: "alias/prod/cvk-1", keyArn: arn } as const),
    ...({ source: "event", eventId: "e-3", call: "UpdateAlias", changedAt: t0, requester: request.requester } as const),
    ...({ invokedBy: "cloudformation.amazonaws.com", sourceIp: "203.0.113.64", userAgent: "aws-cli/2.17.6" } as const),
    ...({ says: "pointed the alias at no key", guardVersion: "0.1.0" } as const),
    before: { sha256: "a".repeat(64), text: '"none"' },
    after: { sha256: "b".repeat(64), text: "null" },
  },
  "change-judged": {
    ...({ kind: "change-judged", outcome: "notify", rule: "none", weight: "grave", mode: "observe" } as const),
    ...({ policyHash: "c".repeat(64), pause: 4, doubt: { rule: "rotations", condition: "requester.role" } } as const),
    ...{ permit: "change#alias#alias/prod/cvk-1#p1", starters: ["bob"] },
    ...({ startProof: ["aws"] } as const),
  },
  "changes-crowded": { kind: "changes-crowded" },
  "revert-intended": {
    kind: "revert-intended",
    eventId: "e-3",
    calls: ["CreateAlias"],
    to: { sha256: "a".repeat(64), text: '"none"' },
  },
  "change-reverted": { kind: "change-reverted", eventId: "e-3", how: "answered", revertedAfterMs: 2_345 },
  "change-asked": { kind: "change-asked", eventId: "e-3", from: "custodians", quorum: 2, deadline: t0 + day },
  "change-permit-requested": {
    ...({ kind: "change-permit-requested", operation: "alias", subject: "alias/prod/cvk-1", rule: "ask" } as const),
    ...({
      from: "custodians",
      quorum: 2,
      change: { hour: 495_000, eventId: "e-3" },
      number: 1,
      principal: aws.arn,
      roleId: "AROA1",
      user: "bob",
    } as const),
    ...({ to: { sha256: "b".repeat(64), text: "null" }, deadline: t0 + day, ...statement } as const),
  },
  "change-permit-issued": {
    ...({ kind: "change-permit-issued", group: "custodians", approvedBy: ["carol"], proof: ["aws"] } as const),
    until: t0 + day,
  },
  "change-permit-used": { kind: "change-permit-used", eventId: "e-4", hour: 495_001 },
  "change-permit-revoked": {
    ...({ kind: "change-permit-revoked", by: "dave", voter: slack, reason: "no longer needed" } as const),
    ...{ refused: true, requestId },
  },
  "revert-left": { kind: "revert-left", eventId: "e-3", why: "refused", code: "ConflictException", stands: true },
  "call-refused": {
    ...({ kind: "call-refused", operation: "DeleteKey", identifier: "alias/prod/cvk-1", eventId: "e-4" } as const),
    ...({ errorCode: "AccessDenied", calledAt: t0, requester: request.requester } as const),
    ...({ invokedBy: "cloudformation.amazonaws.com", assumedRoot: true, invokedByDelegate: "444455556666" } as const),
    ...({ sourceIp: "203.0.113.64", userAgent: "aws-cli/2.17.6" } as const),
  },
  "calls-not-recorded": { kind: "calls-not-recorded", count: 7 },
  "keys-listed": {
    ...({ kind: "keys-listed", day: "2026-11-29", part: 1, parts: 1, keys: 1, sha256: "d".repeat(64) } as const),
    sameAs: "2026-11-28",
    listed: [
      {
        ...({ id: "kwapwa6qaifllw2h", state: "live", enabled: true, usage: "TR31_C0_CARD_VERIFICATION_KEY" } as const),
        ...({
          keyClass: "SYMMETRIC_KEY",
          algorithm: "TDES_2KEY",
          kcv: "A486ED",
          exportable: true,
          aliases: 2,
        } as const),
      },
    ],
  },
  "policy-in-force": {
    ...({ kind: "policy-in-force", number: 2, policyHash: "c".repeat(64), mode: "enforce" } as const),
    claimedDeployer: "arn:aws:sts::111122223333:assumed-role/ci/deployer",
    ...({ guardVersion: "0.1.0", before: "b".repeat(64), pieces: ['{"default":"restore"', "}"] } as const),
  },
  "policy-text": { kind: "policy-text", pieces: ["{}"] },
  "alarm-began": {
    ...({ kind: "alarm-began", alarm: "reprieve-prod-sweep-missing", changedAt: t0 } as const),
    reason: "no datapoints were received",
  },
  "alarm-ended": {
    ...({ kind: "alarm-ended", alarm: "reprieve-prod-sweep-missing", changedAt: t0 + 60_000 } as const),
    ...({ reason: "1 datapoint was received", state: "OK", beganAt: t0 } as const),
  },
  "trail-exported": {
    ...({
      kind: "trail-exported",
      voter: aws,
      person: "bob",
      reason: "CHG-2",
      from: t0,
      to: t0 + day,
      requestId,
    } as const),
    ...({ digest: "e".repeat(64), objects: 3, entries: 12 } as const),
  },
  "trail-differs": {
    kind: "trail-differs",
    ...{ subject: "pause#4", loggedEntries: 2, loggedHead: "a".repeat(64), foundEntries: 1, foundHead: "b".repeat(64) },
    damage: "wrong-prev",
  },
  "object-unreadable": { kind: "object-unreadable", number: 4, sha256: "c".repeat(64), objectVersion: "v1" },
  "object-out-of-order": { kind: "object-out-of-order", number: 9_999_999_999 },
  "clock-went-back": { kind: "clock-went-back", from: t0 + day },
  closing: {
    kind: "closing",
    ...{ scope: "all", hour: t0, chains: 3, entries: 12, newestAt: t0, oldestAt: t0, headsSha256: "d".repeat(64) },
  },
};
