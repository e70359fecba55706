import { describe, expect, it } from "vitest";
import {
  approvalStands,
  judgeUsageStart,
  judgeVote,
  mayRequestUsageStart,
  standingOf,
} from "../../../lib/domain/approval/dual-control.ts";
import type { EntryBody, WhyLeftDisabled } from "../../../lib/domain/ledger/entry.ts";
import type { Vote } from "../../../lib/domain/people/vote.ts";
import { caseAt, caseWith, decided, detection, toAllow, toAsk, toRestore } from "../../doubles/case-builder.ts";
import { directoryOf } from "../../doubles/directory.ts";
import { everybody } from "../../doubles/guard.ts";
import { day, deletionRequest, reaper, t0 } from "../../doubles/key-world.ts";

const directory = directoryOf();
const askedAt = t0 + 10_000;
const now = askedAt + 60_000;
const deadline = t0 + day;
const requested: EntryBody = { kind: "approval-requested", from: "custodians", quorum: 2, deadline };
/** A deletion by alice of a key that came back, and two custodians are asked. */
const asked = decided(toAsk.effect, { approvers: ["alice", "bob", "carol", "erin"] });
const restored: EntryBody[] = [
  { kind: "restore-intended", late: false },
  { kind: "key-restored", enabled: true, how: "answered" },
  { kind: "key-usable", how: "answered", despiteRule: false },
];
const opened = [detection(), asked, ...restored, requested];

const again = deletionRequest({ eventId: "11111111-1111-4111-8111-111111111111", at: t0 + 1000 });

let clicks = 0;
function vote(name: string, overrides: Partial<Vote> = {}): Vote {
  clicks += 1;
  const userId = `U0${name.toUpperCase()}`;
  return { id: `click-${clicks}`, choice: "approve", reason: "CHG-1", voter: { via: "slack", userId }, ...overrides };
}
const keep = (name: string) => vote(name, { choice: "keep" });
const judge = (bodies: readonly EntryBody[], ...args: [Vote, number?]) =>
  judgeVote(caseWith(...bodies), directory, args[0], args[1] ?? now);
/** The case after `votes`, each judged in its turn. */
function having(votes: readonly Vote[], bodies: readonly EntryBody[] = opened): EntryBody[] {
  const all = [...bodies];
  for (const each of votes) all.push(...judge(all, each).entries);
  return all;
}
const kinds = (bodies: readonly EntryBody[]) => bodies.map(({ kind }) => kind);

describe("approval", () => {
  it("needs two distinct persons, and the second one grants it in the same write", () => {
    const first = judge(opened, vote("bob"));
    expect(first.verdict).toEqual({ kind: "counted", person: "bob", state: "waiting", approvals: 1, quorum: 2 });
    expect(kinds(first.entries)).toEqual(["vote-cast"]);
    const second = judge([...opened, ...first.entries], vote("carol"));
    expect(second.verdict).toEqual({ kind: "counted", person: "carol", state: "granted", approvals: 2, quorum: 2 });
    expect(second.entries.at(-1)).toEqual({ kind: "approval-granted", by: ["bob", "carol"], quorum: 2 });
  });

  it.each([
    ["a stranger", vote("mallory"), opened, "stranger"],
    ["the requester", vote("alice"), opened, "own-deletion"],
    ["someone of another group", vote("dave"), opened, "not-an-approver"],
    ["the same person twice", vote("bob"), having([vote("bob")]), "already-approved"],
    ["nobody's reason", vote("bob", { reason: "  " }), opened, "reason-missing"],
    ["a vote on a key that nobody asked about", vote("bob"), [detection(), toRestore, ...restored], "nobody-was-asked"],
    ["a vote after someone kept the key", vote("bob"), having([keep("carol")]), "too-late"],
    ["a vote after it was granted", vote("bob"), having([vote("bob"), vote("carol")]), "too-late"],
    ["a vote after the time was up", vote("bob"), [...opened, { kind: "approval-expired" }], "too-late"],
    [
      "a vote on a deletion that is over",
      vote("bob"),
      [...opened, { kind: "deletion-superseded", newDeletePendingAt: t0 }],
      "too-late",
    ],
  ] as const)("is not given by %s, which is on record", (_, cast, bodies, why) => {
    const { entries, verdict } = judge(bodies, cast);
    expect(verdict).toEqual({ kind: "refused", why });
    expect(entries).toMatchObject([{ kind: "vote-cast", vote: cast, refused: why }]);
  });

  it("is not given at the deadline, recorded as over or not", () => {
    expect(judge(opened, vote("bob"), deadline - 1).verdict.kind).toBe("counted");
    expect(judge(opened, vote("bob"), deadline).verdict).toEqual({ kind: "refused", why: "too-late" });
  });

  it("is not given by someone who left the group since, and his earlier vote stops counting", () => {
    const without = directoryOf({ bob: { ...everybody.bob, groups: [] } });
    const voted = caseWith(...having([vote("bob")]));
    expect(standingOf(voted, directory)).toMatchObject({ approvedBy: ["bob"], quorum: 2 });
    expect(standingOf(voted, without)).toMatchObject({ approvedBy: [], eligible: ["carol"] });
    expect(judgeVote(caseWith(...opened), without, vote("bob"), now).verdict).toMatchObject({ why: "removed" });
    expect(judgeVote(voted, without, vote("carol"), now).verdict).toMatchObject({ state: "waiting" });
  });

  it("is not given by someone who joined the group after the decision", () => {
    const frozen = [detection(), decided(toAsk.effect, { approvers: ["alice", "bob"] }), ...restored, requested];
    expect(judge(frozen, vote("carol")).verdict).toMatchObject({ why: "not-an-approver" });
  });

  it("takes one more when it is not known who asked, and the requester's own vote stops counting once it is", () => {
    const byReaper = [detection({ request: deletionRequest({ requester: reaper }) }), ...opened.slice(1)];
    const byNobody = [detection({ request: undefined, source: "service-event" } as never), ...opened.slice(1)];
    for (const bodies of [byReaper, byNobody]) {
      expect(standingOf(caseWith(...bodies), directory).quorum).toBe(3);
      const two = having([vote("alice"), vote("bob")], bodies);
      expect(kinds(two)).not.toContain("approval-granted");
      expect(kinds(having([vote("carol")], two))).toContain("approval-granted");
    }
    const learned = [
      ...having([vote("alice"), vote("bob")], byNobody),
      { kind: "requester-learned", request: deletionRequest() } as const,
    ];
    expect(standingOf(caseWith(...learned), directory)).toMatchObject({
      quorum: 2,
      approvedBy: ["bob"],
      reached: false,
    });
  });

  it("excludes everybody who deleted the key within the case", () => {
    const user = { kind: "user", account: "111122223333", userArn: "arn:aws:iam::111122223333:user/bob" } as const;
    const again = detection({
      request: deletionRequest({ eventId: "11111111-1111-4111-8111-111111111111", requester: user }),
    });
    const bodies = [detection(), asked, ...restored, again, asked, requested];
    for (const name of ["alice", "bob"])
      expect(judge(bodies, vote(name)).verdict).toMatchObject({ why: "own-deletion" });
    expect(standingOf(caseWith(...bodies), directory).eligible).toEqual(["carol"]);
  });

  describe("by the person who any record of the right time names as the requester", () => {
    const user = (name: string) =>
      ({ kind: "user", account: "111122223333", userArn: `arn:aws:iam::111122223333:user/${name}` }) as const;
    const also = (overrides: Parameters<typeof deletionRequest>[0] = {}): EntryBody =>
      detection({
        source: "unattributed-event",
        request: deletionRequest({
          eventId: "77111111-1111-4111-8111-111111111111",
          requester: user("bob"),
          ...overrides,
        }),
      });
    const standing = (...more: readonly EntryBody[]) => standingOf(caseWith(...opened, ...more), directory);

    it.each<[string, EntryBody]>([
      ["an earlier one", also({ at: t0 - 1000 })],
      ["one with an alias alone", also({ target: { kind: "alias", alias: "alias/prod/cvk" } })],
      ["one at the edge of its time", also({ at: t0 - day })],
    ])("is refused: %s", (_, record) => {
      expect(standing(record)).toMatchObject({ eligible: ["carol"], quorum: 2 });
      const { verdict } = judgeVote(caseWith(...opened, record), directory, vote("bob"), now);
      expect(verdict).toEqual({ kind: "refused", why: "own-deletion" });
      expect(judge([...opened, record], keep("bob")).verdict).toMatchObject({ state: "kept" });
    });

    it("is not refused for the record of another time, as of a replay", () => {
      expect(standing(also({ at: t0 - day - 1 })).eligible).toEqual(["bob", "carol"]);
      expect(standing(also({ at: t0 - 30 * day })).eligible).toEqual(["bob", "carol"]);
    });

    it("takes one more where such a record names no person", () => {
      expect(standing(also({ requester: reaper }))).toMatchObject({ eligible: ["bob", "carol"], quorum: 3 });
    });

    it("is refused no longer once CloudTrail has confirmed another record", () => {
      const confirmed: EntryBody = { kind: "requester-confirmed", eventId: deletionRequest().eventId };
      expect(standing(also({ requester: reaper }), confirmed)).toMatchObject({ eligible: ["bob", "carol"], quorum: 2 });
      expect(standing(confirmed, also())).toMatchObject({ eligible: ["bob", "carol"], quorum: 2 });
    });

    it("takes away an approval that was granted before, but leaving the group does not", () => {
      const granted = having([vote("bob"), vote("carol")]);
      const without = directoryOf({ bob: { ...everybody.bob, groups: [] } });
      expect(approvalStands(caseWith(...granted), directory)).toBe(true);
      expect(approvalStands(caseWith(...granted), without)).toBe(true);
      expect(approvalStands(caseWith(...granted, also()), directory)).toBe(false);
      expect(approvalStands(caseWith(...opened), directory)).toBe(false);
    });
  });

  it("counts the same delivery once, and only that", () => {
    const cast = vote("bob");
    expect(judge(having([cast]), cast)).toEqual({ entries: [], verdict: { kind: "repeated" } });
    const refused = vote("alice");
    expect(judge(having([refused]), refused)).toEqual({
      entries: [],
      verdict: { kind: "refused", why: "own-deletion" },
    });
  });

  it("given in Slack and once more in AWS is one person's", () => {
    const inAws = vote("bob", {
      voter: { via: "aws", arn: "arn:aws:iam::111122223333:user/bob", userId: "AIDABOB" },
    });
    expect(judge(having([vote("bob")]), inAws).verdict).toMatchObject({ why: "already-approved" });
  });
});

describe("keeping a key", () => {
  it.each(["alice", "bob", "dave"])("takes one person: %s", (name) => {
    const { entries, verdict } = judge(opened, keep(name));
    expect(verdict).toEqual({ kind: "counted", person: name, state: "kept" });
    expect(entries.at(-1)).toEqual({ kind: "approval-refused", by: name, afterApproval: false });
  });

  it("comes before what others said, and after it", () => {
    expect(judge(having([vote("bob")]), keep("bob")).verdict).toMatchObject({ state: "kept" });
    const granted = having([vote("bob"), vote("carol")]);
    expect(judge(granted, keep("carol")).entries.at(-1)).toEqual({
      kind: "approval-refused",
      by: "carol",
      afterApproval: true,
    });
  });

  it("is possible until the deadline is on record, not only until it has passed", () => {
    expect(judge(opened, keep("bob"), deadline + day).verdict).toMatchObject({ state: "kept" });
  });

  it.each([
    ["a stranger's", keep("mallory"), opened, "stranger"],
    ["on a key that nobody asked about", keep("bob"), [detection(), toRestore], "nobody-was-asked"],
    ["on a key that is gone", keep("bob"), [...opened, { kind: "key-destroyed", how: "not-found" }], "too-late"],
  ] as const)("%s is refused", (_, cast, bodies, why) => {
    expect(judge(bodies, cast).verdict).toEqual({ kind: "refused", why });
  });

  const letGo: EntryBody[] = [detection(), toAllow, { kind: "deletion-allowed", by: "rule" }];
  it.each(["alice", "bob", "dave"])("that a rule let go takes one person too: %s", (name) => {
    const { entries, verdict } = judge(letGo, keep(name));
    expect(verdict).toEqual({ kind: "counted", person: name, state: "kept" });
    expect(entries.map((entry) => ({ ...entry, vote: undefined }))).toEqual([
      { kind: "vote-cast", person: name, vote: undefined },
      { kind: "approval-refused", by: name, afterApproval: false, vote: undefined },
    ]);
    expect(caseWith(...letGo, ...entries)).toMatchObject({ kept: true, allowed: false, promised: true });
  });

  it.each<[string, readonly EntryBody[], string]>([
    ["before the rule's allowance is on record", [detection(), toAllow], "nobody-was-asked"],
    ["in observe mode", [detection(), decided(toAllow.effect, { mode: "observe" })], "nobody-was-asked"],
    [
      "once CloudTrail does not confirm it, and the key is restored anyway",
      [...letGo, { kind: "requester-unconfirmed", why: "no-record" }],
      "nobody-was-asked",
    ],
    ["once another call is to be decided on", [...letGo, detection({ request: again })], "nobody-was-asked"],
    ["once others restored it", [...letGo, { kind: "restored-by-others" }], "too-late"],
    ["once it is destroyed", [...letGo, { kind: "key-destroyed", how: "not-found" }], "too-late"],
    ["once it was deleted again", [...letGo, { kind: "deletion-superseded" }], "too-late"],
  ])("that a rule let go is refused %s", (_, bodies, why) => {
    expect(judge(bodies, keep("bob")).verdict).toEqual({ kind: "refused", why });
  });

  it("that a rule let go needs no approval, and takes none", () => {
    expect(judge(letGo, vote("bob")).verdict).toEqual({ kind: "refused", why: "nobody-was-asked" });
    expect(judge(letGo, keep("mallory")).verdict).toEqual({ kind: "refused", why: "stranger" });
  });

  it("is possible where a rule allows what people were asked about", () => {
    const withdrawn: EntryBody[] = [detection(), asked, requested, toAllow, { kind: "deletion-allowed", by: "rule" }];
    expect(judge(withdrawn, keep("bob")).verdict).toMatchObject({ state: "kept" });
  });

  it.each([
    ["the same person within a minute", "carol", 60_000, undefined],
    ["the same person later", "carol", 60_001, "carol"],
    ["another person at once", "alice", 1, "alice"],
  ] as const)("on a kept case by %s", (_, name, later, renewedBy) => {
    const keptAt = t0 + 20_000;
    const kept = having([keep("carol")]).map((body) => [keptAt, body] as const);
    const { entries, verdict } = judgeVote(caseAt(...kept), directory, keep(name), keptAt + later);
    expect(verdict).toEqual(
      renewedBy === undefined
        ? { kind: "kept-already", by: "carol" }
        : { kind: "counted", person: renewedBy, state: "kept" },
    );
    const after = caseAt(...kept, ...entries.map((body) => [keptAt + later, body] as const));
    expect(after.keep).toEqual({ at: keptAt + (renewedBy ? later : 0), by: renewedBy ?? "carol" });
  });

  it("on a kept case is refused to a stranger, and when the key is gone", () => {
    const kept = having([keep("carol")]);
    expect(judge(kept, keep("mallory")).verdict).toMatchObject({ why: "stranger" });
    const gone: EntryBody[] = [...kept, { kind: "key-destroyed", how: "not-found" }];
    expect(judge(gone, keep("bob")).verdict).toEqual({ kind: "refused", why: "too-late" });
  });

  it("fits however many refused votes there are: three a voter, sixty in all", () => {
    const storm = Array.from({ length: 200 }, (_, n) => vote(`stranger${n % 50}`));
    const bodies = having(storm);
    expect(bodies).toHaveLength(opened.length + 60);
    expect(having([vote("mallory"), vote("mallory"), vote("mallory"), vote("mallory")])).toHaveLength(
      opened.length + 3,
    );
    expect(judge(bodies, keep("bob")).verdict).toMatchObject({ state: "kept" });
  });
});

describe("asking that key usage be started", () => {
  const left = (why: WhyLeftDisabled) =>
    caseWith(detection(), toRestore, ...restored.slice(0, 2), { kind: "key-left-disabled", why });
  const start = (name: string, why: Parameters<typeof left>[0] = "start-failed") =>
    judgeUsageStart(left(why), directory, { via: "slack", userId: `U0${name.toUpperCase()}` });

  it.each([
    "no-evidence-that-it-was-enabled",
    "start-failed",
    "stopped-before-deletion",
    "disabled-in-inventory",
    "usage-changed-since",
  ] as const)("takes one person who did not delete it: %s", (why) => {
    expect(mayRequestUsageStart(left(why))).toBe(true);
    expect(start("bob", why).entries).toMatchObject([{ kind: "usage-start-requested", person: "bob" }]);
  });

  it.each([
    ["alice", "start-failed", "own-deletion"],
    ["mallory", "start-failed", "stranger"],
    ["bob", "rule", "too-late"],
    ["alice", "stopped-before-deletion", "own-deletion"],
  ] as const)("is refused to %s when %s", (name, why, refused) => {
    expect(start(name, why)).toEqual({ entries: [], verdict: { kind: "refused", why: refused } });
  });

  it("twice is once", () => {
    const voter = { via: "slack", userId: "U0BOB" } as const;
    const wanted = caseWith(
      detection(),
      toRestore,
      ...restored.slice(0, 2),
      { kind: "key-left-disabled", why: "start-failed" },
      { kind: "usage-start-requested", voter, person: "bob" },
    );
    expect(judgeUsageStart(wanted, directory, voter)).toEqual({ entries: [], verdict: { kind: "repeated" } });
  });
});
