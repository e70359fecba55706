import type { DeletionRequest } from "../../lib/domain/deletion/request.ts";
import type { Decided, EntryBody, EntryKind } from "../../lib/domain/ledger/entry.ts";
import type { Requester } from "../../lib/domain/people/requester.ts";
import type { Vote, Voter } from "../../lib/domain/people/vote.ts";
import { day, deletionRequest, keyArn, paymentKey, t0 } from "./key-world.ts";

/** Characters that take more bytes than they look: 6 as JSON, 3 and 4 as UTF-8, 2 as JSON. */
export const hostileCharacters = ["\u0001", "一", "😀", '"'] as const;

/** `length` UTF-16 units, each as large as can be. */
export const wide = (length: number, character: string = hostileCharacters[0]): string =>
  character.repeat(Math.ceil(length / character.length)).slice(0, length);

/** As many tags as a key may have, of 128 and 256 wide characters: 230 KB. */
export const hostileTags = (): Record<string, string> =>
  Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`${wide(124, "一")}${n + 1_000}`, wide(256, "二")]));

/** As many aliases as 50 pages hold, each of 256 characters: 1.3 MB. */
export const hostileAliases = (): string[] =>
  Array.from({ length: 5_000 }, (_, n) => `alias/${"a".repeat(245)}${n + 10_000}`);

/** A thousand rules with ids and tag names as long as can be; none of them matches. */
export const hostileRules = (): object[] =>
  Array.from({ length: 1_000 }, (_, n) => ({
    id: `${"r".repeat(60)}${n + 1_000}`,
    when: { key: { tags: { [`${wide(508, "一")}${n + 1_000}`]: wide(512, "三") } } },
    then: "restore",
  }));

/** The longest name of a group, and fifty people with the longest names. */
export const hostileGroup = wide(64);
export const personNames = Array.from({ length: 50 }, (_, n) => `${"p".repeat(60)}${n + 1_000}`);

export const hostileVoter: Voter = {
  via: "aws",
  arn: `arn:aws:iam::111122223333:user/${"u".repeat(2_018)}`,
  userId: "i".repeat(256),
};

const hostileRequester = {
  kind: "role-session",
  account: "111122223333",
  roleArn: `arn:aws:iam::111122223333:role/${"r".repeat(576)}`,
  roleId: `AROA${"I".repeat(124)}`,
  sessionName: "s".repeat(64),
  sourceIdentity: "s".repeat(64),
  permissionSet: "p".repeat(32),
  mfa: true,
} as const satisfies Requester;

/** A record at the bounds of what the edge lets in. */
export function hostileRequest(overrides: Partial<DeletionRequest> = {}): DeletionRequest {
  return deletionRequest({
    requestId: "q".repeat(64),
    namedAs: `alias/${"a".repeat(250)}`,
    requester: hostileRequester,
    sourceIp: "一".repeat(85),
    invokedBy: "一".repeat(85),
    assumedRoot: true,
    invokedByDelegate: "4".repeat(12),
    userAgent: "一".repeat(341),
    replayName: "n".repeat(64),
    ...overrides,
  });
}

/** The GUID numbered `n`. */
export const eventId = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

const listedTags = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`${n + 10}`, wide(16)]));
const labels = {
  tags: { count: 200, sha256: "f".repeat(64), listed: listedTags },
  aliases: { count: 5_000, sha256: "f".repeat(64), listed: Array.from({ length: 4 }, () => "a".repeat(256)) },
};
const vote = (choice: Vote["choice"], id: string): Vote => ({
  id: `${id}${"v".repeat(400)}`,
  choice,
  voter: hostileVoter,
  reason: wide(500),
});

/** A decision at the bounds of what the policy and the key can put into it. */
export function hostileDecision(effect: Decided["effect"]): Decided {
  return {
    kind: "decided",
    effect,
    rule: "r".repeat(64),
    passedOver: Array.from({ length: 6 }, () => ({ rule: "r".repeat(64), failed: wide(42) })),
    morePassedOver: 995,
    mode: "enforce",
    pause: 999_999,
    policyHash: "f".repeat(64),
    withRequester: true,
    ...labels,
    approvers: personNames,
  };
}

export const hostileAsk: Decided["effect"] = {
  outcome: "ask",
  usage: "leave-disabled",
  approval: { from: hostileGroup, quorum: 49, withinMs: 30 * day, meanwhile: "restored", permitForMs: 30 * day },
};

/** For every kind of entry one as large as the guard can make it; `n` distinguishes them. */
export const hostileBodies: { readonly [Kind in EntryKind]: (n: number) => Extract<EntryBody, { kind: Kind }> } = {
  "deletion-detected": (n) => ({
    kind: "deletion-detected",
    case: { keyArn: keyArn("k".repeat(64)), generation: 999_999_999 },
    source: "unattributed-event",
    guardVersion: "10.20.30",
    key: paymentKey({
      arn: keyArn("k".repeat(64)),
      ...{ usage: wide(42), keyClass: wide(42), algorithm: wide(42), origin: wide(42), kcv: wide(42) },
      ...{ usageStartedAt: t0, usageStoppedAt: t0, multiRegion: "PRIMARY" },
    }),
    deletePendingAt: t0 + 180 * day,
    request: hostileRequest({ eventId: eventId(n) }),
  }),
  "key-named": () => ({ kind: "key-named", aliases: labels.aliases }),
  "requester-learned": (n) => ({ kind: "requester-learned", request: hostileRequest({ eventId: eventId(n) }) }),
  "event-missed": () => ({ kind: "event-missed" }),
  "requester-confirmed": (n) => ({ kind: "requester-confirmed", eventId: eventId(n) }),
  "requester-unconfirmed": () => ({ kind: "requester-unconfirmed", why: "record-differs" }),
  "key-state-unknown": () => ({ kind: "key-state-unknown", state: wide(21) }),
  decided: () => hostileDecision(hostileAsk),
  "restore-intended": () => ({ kind: "restore-intended", late: false }),
  "key-restored": () => ({ kind: "key-restored", enabled: false, how: "unrecorded", restoredAfterMs: 180 * day }),
  "restored-by-others": () => ({ kind: "restored-by-others" }),
  "deletion-superseded": () => ({ kind: "deletion-superseded", newDeletePendingAt: t0 + 180 * day }),
  "usage-start-intended": () => ({ kind: "usage-start-intended", evidence: "enabled-in-deletion-response" }),
  "key-usable": () => ({ kind: "key-usable", how: "answered", timeToUsableMs: 180 * day, despiteRule: false }),
  "key-left-disabled": () => ({ kind: "key-left-disabled", why: "no-evidence-that-it-was-enabled" }),
  "approval-requested": () => ({
    kind: "approval-requested",
    from: hostileGroup,
    quorum: 50,
    deadline: t0 + 30 * day,
    ...labels,
  }),
  "approval-reminded": () => ({ kind: "approval-reminded", percent: 95 }),
  "vote-cast": (n) => ({ kind: "vote-cast", vote: vote("approve", `${n}`), person: personNames[0] ?? "" }),
  "approval-granted": () => ({ kind: "approval-granted", by: personNames, quorum: 50 }),
  "approval-refused": () => ({ kind: "approval-refused", by: personNames[0] ?? "", afterApproval: false }),
  "approval-expired": () => ({ kind: "approval-expired" }),
  "permit-issued": () => ({
    kind: "permit-issued",
    permit: {
      keyArn: keyArn("k".repeat(64)),
      id: { by: "case", generation: 999_999_999 },
      principal: hostileRequester.roleArn,
      roleId: `AROA${"I".repeat(124)}`,
      person: personNames[0] ?? "",
      minWaitingMs: 180 * day,
      group: hostileGroup,
      approvedBy: personNames,
      proof: ["slack", "aws"],
      issuedAt: t0,
      until: t0 + 30 * day,
    },
  }),
  "permit-withheld": () => ({ kind: "permit-withheld", why: "requester-unknown" }),
  "permit-used": (n) => ({
    kind: "permit-used",
    permit: { by: "request", number: 999_999 },
    case: { keyArn: keyArn("k".repeat(64)), generation: 999_999_999 },
    eventId: eventId(n),
  }),
  "permit-revoked": (n) => ({
    kind: "permit-revoked",
    permit: { by: "request", number: 999_999 - n },
    by: personNames[0] ?? "",
  }),
  "permit-requested": (n) => ({
    kind: "permit-requested",
    keyArn: keyArn("k".repeat(64)),
    number: n,
    rule: "r".repeat(64),
    principal: "p".repeat(600),
    roleId: `AROA${"I".repeat(124)}`,
    subject: personNames[0] ?? "",
    minWaitingMs: 180 * day,
    deadline: t0 + 30 * day,
    ...{ voter: hostileVoter, person: personNames[0] ?? "", reason: wide(500) },
  }),
  "permit-approved": (n) => ({
    kind: "permit-approved",
    voter: hostileVoter,
    person: personNames[n % 50] ?? "",
    reason: wide(500),
  }),
  "usage-start-requested": () => ({
    kind: "usage-start-requested",
    voter: hostileVoter,
    person: personNames[0] ?? "",
  }),
  "pause-requested": (n) => ({
    kind: "pause-requested",
    number: n,
    forMs: day / 2,
    ...{ voter: hostileVoter, person: personNames[0] ?? "", reason: wide(500) },
  }),
  "pause-granted": () => ({
    kind: "pause-granted",
    ...{ voter: hostileVoter, person: personNames[1] ?? "", reason: wide(500), until: t0 + day },
  }),
  "pause-ended": () => ({
    kind: "pause-ended",
    ...{ voter: hostileVoter, person: personNames[2] ?? "", reason: wide(500) },
  }),
  "trail-differs": (n) => ({
    kind: "trail-differs",
    ...{ subject: wide(500), loggedEntries: n, loggedHead: "a".repeat(64) },
    ...{ foundEntries: n, foundHead: "b".repeat(64), damage: wide(500) },
  }),
  "object-unreadable": (n) => ({
    kind: "object-unreadable",
    ...{ number: n, sha256: "c".repeat(64), objectVersion: wide(500) },
  }),
  "object-out-of-order": (n) => ({ kind: "object-out-of-order", number: n }),
  "clock-went-back": () => ({ kind: "clock-went-back", from: t0 }),
  closing: (n) => ({
    kind: "closing",
    ...{ scope: "all", hour: t0, chains: n, entries: n, newestAt: t0, oldestAt: t0, headsSha256: "d".repeat(64) },
  }),
  "change-detected": (n) => ({
    ...({ kind: "change-detected", operation: "resource-policy", subject: keyArn("k".repeat(64)) } as const),
    ...{ keyArn: keyArn("k".repeat(64)), source: "event", eventId: eventId(n), call: wide(64), changedAt: t0 },
    ...{ requester: hostileRequest().requester, invokedBy: wide(256), sourceIp: wide(256), userAgent: wide(500) },
    ...{ says: wide(500), guardVersion: "10.20.30" },
    before: { sha256: "a".repeat(64), text: wide(400) },
    after: { sha256: "b".repeat(64), text: wide(400) },
  }),
  "change-judged": () => ({
    ...({ kind: "change-judged", outcome: "notify", rule: "r".repeat(64), weight: "grave", mode: "observe" } as const),
    ...{ policyHash: "c".repeat(64), pause: 999_999_999, doubt: { rule: "r".repeat(64), condition: wide(200) } },
  }),
  "changes-crowded": () => ({ kind: "changes-crowded" }),
  "revert-intended": () => ({
    kind: "revert-intended",
    eventId: wide(64),
    calls: ["TagResource", "UntagResource"],
    to: { sha256: "a".repeat(64), text: wide(400) },
  }),
  "change-reverted": () => ({ kind: "change-reverted", eventId: wide(64), how: "answered", revertedAfterMs: day }),
  "change-asked": () => ({
    kind: "change-asked",
    ...{ eventId: wide(64), from: hostileGroup, quorum: 50, deadline: t0 + 30 * day },
  }),
  "change-permit-requested": () => ({
    ...({ kind: "change-permit-requested", operation: "resource-policy", subject: keyArn("k".repeat(64)) } as const),
    ...{ from: hostileGroup, quorum: 20 },
    ...{ change: { hour: 999_999, eventId: wide(64) }, rule: "r".repeat(64), principal: hostileRequester.roleArn },
    ...{ to: { sha256: "a".repeat(64), text: wide(400) }, deadline: t0 + 30 * day, reason: wide(400) },
  }),
  "change-permit-issued": () => ({
    kind: "change-permit-issued",
    ...{ group: hostileGroup, approvedBy: personNames, proof: ["slack", "aws"], until: t0 + 30 * day },
  }),
  "change-permit-used": () => ({ kind: "change-permit-used", eventId: wide(64), hour: 999_999 }),
  "change-permit-revoked": () => ({
    kind: "change-permit-revoked",
    ...{ by: personNames[0] ?? "", voter: { via: "slack", userId: "U0" }, reason: wide(500), refused: false },
  }),
  "revert-left": () => ({
    kind: "revert-left",
    eventId: wide(64),
    why: "reverted-within-the-hour",
    code: wide(64),
    stands: true,
  }),
  "call-refused": (n) => ({
    ...{ kind: "call-refused", operation: wide(64), identifier: wide(500), eventId: eventId(n), errorCode: wide(128) },
    ...{ calledAt: t0, requester: hostileRequester, invokedBy: wide(256), assumedRoot: true },
    ...{ invokedByDelegate: "4".repeat(12), sourceIp: wide(256), userAgent: wide(500) },
  }),
  "calls-not-recorded": (n) => ({ kind: "calls-not-recorded", count: n }),
  "keys-listed": (n) => ({
    ...{ kind: "keys-listed", day: "2026-11-29", part: n, parts: n, keys: n, sha256: "d".repeat(64) },
    listed: Array.from({ length: 40 }, () => ({
      ...({ id: wide(64), state: "pending", enabled: false, usage: wide(42), keyClass: wide(42) } as const),
      ...{ algorithm: wide(42), kcv: wide(10), exportable: false, aliases: 5_000 },
    })),
  }),
  "policy-in-force": (n) => ({
    ...({ kind: "policy-in-force", number: n, policyHash: "c".repeat(64), mode: "observe" } as const),
    ...{ guardVersion: "10.20.30", before: "b".repeat(64), pieces: Array.from({ length: 30 }, () => wide(250)) },
  }),
  "policy-text": () => ({ kind: "policy-text", pieces: Array.from({ length: 30 }, () => wide(250)) }),
  "alarm-began": () => ({ kind: "alarm-began", alarm: wide(255), changedAt: t0, reason: wide(500) }),
  "alarm-ended": () => ({
    ...({ kind: "alarm-ended", alarm: wide(255), changedAt: t0, reason: wide(500) } as const),
    ...({ state: "INSUFFICIENT_DATA", beganAt: t0 } as const),
  }),
  "trail-exported": (n) => ({
    ...{
      kind: "trail-exported",
      voter: hostileVoter,
      reason: wide(500),
      person: personNames[0] ?? "",
      from: t0,
      to: t0 + day,
    },
    ...{ digest: "e".repeat(64), objects: n, entries: n, requestId: "f".repeat(64) },
  }),
  "deletion-allowed": () => ({ kind: "deletion-allowed", by: "approval" }),
  "key-destroyed": () => ({ kind: "key-destroyed", how: "delete-complete" }),
  "look-denied": () => ({ kind: "look-denied" }),
  "deny-removal-intended": () => ({
    kind: "deny-removal-intended",
    calls: ["GetKey", "RestoreKey", "StartKeyUsage"],
    statements: Array.from({ length: 40 }, () => '"'.repeat(512)),
    left: 100,
  }),
  "deny-removed": () => ({ kind: "deny-removed", how: "answered" }),
  "lock-out-left": () => ({ kind: "lock-out-left", why: "removed-within-the-hour", code: "X".repeat(64) }),
  "effect-failed": (n) => ({
    kind: "effect-failed",
    effect: "start-usage",
    code: "CONTROL_PLANE_UNAVAILABLE",
    attempt: n,
  }),
};

/** The vote that keeps a key, and the decision that restores it, as large as can be. */
export const protecting: readonly EntryBody[] = [
  { kind: "vote-cast", vote: vote("keep", "keep"), person: personNames[0] ?? "" },
  hostileDecision({ outcome: "restore", usage: "leave-disabled" }),
];

/** A vote of someone whom nobody knows. */
export const refusedVote = (n: number): EntryBody => ({
  kind: "vote-cast",
  vote: vote("approve", `${n}`),
  refused: "nobody-was-asked",
});
