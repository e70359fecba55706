import { describe, expect, it } from "vitest";
import { foldPermit } from "../../lib/domain/approval/permit.ts";
import { recordUsageStart, recordVote } from "../../lib/workflows/approve/record-vote.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import type { Trigger } from "../../lib/workflows/guard/run.ts";
import { asking, createTestGuard } from "../doubles/guard.ts";
import { createKeyWorld, day, deletionRequest, keyArn, paymentKey, reaper, t0 } from "../doubles/key-world.ts";
import { cast, voteBy, voteDepsOf } from "../doubles/vote-deps.ts";

const hour = 3_600_000;
const event = (overrides: object = {}): Trigger => ({
  source: "event",
  request: deletionRequest(overrides),
  deliveries: 1,
});
const reEvaluate = (generation = 1): Trigger => ({
  source: "re-evaluate",
  keyArn: keyArn(),
  generation,
  deliveries: 1,
});
const restored = ["deletion-detected", "decided", "restore-intended", "key-restored", "key-usable"];

function world(approval: object = {}, key: Parameters<typeof createKeyWorld>[0] = {}) {
  const keys = createKeyWorld({ tagsOfKey: { Environment: "prod" }, aliasesOfKey: ["alias/prod/cvk"], ...key });
  const made = createTestGuard(keys, t0 + 1000, { policy: asking(approval) });
  // The name of the key has tests of its own (`note-aliases.test.ts`).
  const kinds = () => made.kinds().map((each) => each.filter((kind) => kind !== "key-named"));
  return { keys, ...made, kinds };
}

describe("ask, meanwhile restored", () => {
  it("restores first, and asks then, with the labels by which people know the key", async () => {
    const { guard, keys, kinds, cases } = world();
    await guardDeletion(guard, event());
    expect(keys.calls).toEqual(["GetKey", "RestoreKey", "ListTagsForResource", "ListAliases"]);
    expect(kinds()).toEqual([[...restored, "approval-requested"]]);
    const { entries = [] } = cases.chains()[0] ?? {};
    expect(entries.map(({ kind }) => kind).slice(-2)).toEqual(["approval-requested", "key-named"]);
    expect(entries.at(-2)).toMatchObject({
      from: "custodians",
      quorum: 2,
      deadline: t0 + 1000 + day,
      tags: { count: 1, listed: { Environment: "prod" } },
      aliases: { count: 1, listed: ["alias/prod/cvk"] },
    });
    expect([...cases.items.values()]).toMatchObject([{ status: "open", dueAt: t0 + 1000 + day / 2 }]);
  });

  it("asks although tags and aliases cannot be read", async () => {
    const { guard, keys, kinds, logged } = world();
    keys.tags = async () => await Promise.reject(new Error("denied"));
    keys.aliases = async () => await Promise.reject(new Error("denied"));
    await guardDeletion(guard, event());
    expect(kinds()[0]?.at(-1)).toBe("approval-requested");
    expect(logged.map(({ code }) => code)).toEqual(["LABELS_UNREADABLE", "LABELS_UNREADABLE"]);
  });

  it("lets the deletion pass once when two have approved and the requester repeats it, and not a second time", async () => {
    const { guard, keys, time, kinds } = world();
    await guardDeletion(guard, event());
    await cast(guard, "bob", "approve");
    time.now += hour;
    expect((await cast(guard, "carol", "approve")).verdict).toMatchObject({ state: "granted" });
    await guardDeletion(guard, reEvaluate());
    expect(kinds()[0]?.slice(-5)).toEqual([
      "approval-requested",
      "vote-cast",
      "vote-cast",
      "approval-granted",
      "permit-issued",
    ]);

    const again = (n: number) => {
      time.now += hour;
      keys.state = "DELETE_PENDING";
      keys.deletePendingAt = time.now + 3 * day;
      return event({ eventId: `${n}${n}111111-1111-4111-8111-111111111111`, at: time.now });
    };
    await guardDeletion(guard, again(2));
    expect(kinds()[1]).toEqual(["deletion-detected", "decided", "permit-used", "deletion-allowed"]);
    expect(keys.state).toBe("DELETE_PENDING");

    keys.state = "CREATE_COMPLETE";
    await guardDeletion(guard, reEvaluate(2));
    await guardDeletion(guard, again(3));
    expect(kinds()[2]).toEqual([...restored, "approval-requested"]);
    expect(keys.state).toBe("CREATE_COMPLETE");
  });

  it("gives no permit to a requester nobody knows", async () => {
    const { guard, keys, kinds } = world();
    await guardDeletion(guard, { source: "service-event", keyArn: keyArn(), deliveries: 1 });
    for (const name of ["alice", "bob", "carol"]) await cast(guard, name, "approve");
    await guardDeletion(guard, reEvaluate());
    expect(kinds()[0]?.slice(-2)).toEqual(["approval-granted", "permit-withheld"]);
    expect(keys.state).toBe("CREATE_COMPLETE");
  });

  it("takes the permit back when someone keeps the key after all", async () => {
    const { guard, cases, kinds } = world();
    await guardDeletion(guard, event());
    await cast(guard, "bob", "approve");
    await cast(guard, "carol", "approve");
    await guardDeletion(guard, reEvaluate());
    await cast(guard, "dave", "keep");
    expect(kinds()[0]?.slice(-3)).toEqual(["vote-cast", "approval-refused", "permit-revoked"]);
    const [chain] = await cases.permits(keyArn());
    expect(chain && foldPermit(chain)).toMatchObject({ revoked: true });
  });

  it("completes on the second click what a crash left undone: the permit is still taken back", async () => {
    const { guard, cases } = world();
    await guardDeletion(guard, event());
    await cast(guard, "bob", "approve");
    await cast(guard, "carol", "approve");
    await guardDeletion(guard, reEvaluate());
    const dying = {
      ...voteDepsOf(guard),
      cases: { ...cases, permits: async () => await Promise.reject(new Error("crash")) },
    };
    await expect(recordVote(dying, { keyArn: keyArn(), generation: 1 }, voteBy("dave", "keep"))).rejects.toThrow(
      "crash",
    );
    expect((await cast(guard, "dave", "keep")).verdict).toEqual({ kind: "repeated" });
    const [chain] = await cases.permits(keyArn());
    expect(chain && foldPermit(chain)).toMatchObject({ revoked: true });
  });

  it("waits for the record of a deletion while a permit might be meant for it", async () => {
    const { guard, keys, time, kinds } = world();
    await guardDeletion(guard, event());
    await cast(guard, "bob", "approve");
    await cast(guard, "carol", "approve");
    await guardDeletion(guard, reEvaluate());
    time.now += hour;
    keys.state = "DELETE_PENDING";
    keys.deletePendingAt = time.now + 3 * day;
    const seen: Trigger = { source: "service-event", keyArn: keyArn(), deliveries: 1 };
    await expect(guardDeletion(guard, seen)).rejects.toMatchObject({ code: "REQUESTER_AWAITED" });
    expect(keys.state).toBe("DELETE_PENDING");
    await guardDeletion(guard, event({ eventId: "33111111-1111-4111-8111-111111111111", at: time.now }));
    expect(kinds()[1]?.slice(-2)).toEqual(["permit-used", "deletion-allowed"]);
  });

  it("waits for it a quarter of an hour, and restores then", async () => {
    const { guard, keys, time } = world();
    await guardDeletion(guard, event());
    await cast(guard, "bob", "approve");
    await cast(guard, "carol", "approve");
    await guardDeletion(guard, reEvaluate());
    time.now += hour;
    keys.state = "DELETE_PENDING";
    keys.deletePendingAt = time.now + 3 * day;
    const seen: Trigger = { source: "service-event", keyArn: keyArn(), deliveries: 1 };
    await expect(guardDeletion(guard, seen)).rejects.toMatchObject({ code: "REQUESTER_AWAITED" });
    time.now += 15 * 60_000;
    await guardDeletion(guard, seen);
    expect(keys.state).toBe("CREATE_COMPLETE");
  });

  it("is asked again about a newer deletion; votes on the old one come too late", async () => {
    const { guard, keys, time, kinds } = world();
    await guardDeletion(guard, event());
    await cast(guard, "bob", "approve");
    time.now += hour;
    keys.state = "DELETE_PENDING";
    keys.deletePendingAt = time.now + 3 * day;
    await guardDeletion(guard, event({ eventId: "44111111-1111-4111-8111-111111111111", at: time.now }));
    expect(kinds()[0]?.at(-1)).toBe("deletion-superseded");
    expect(kinds()[1]?.at(-1)).toBe("approval-requested");
    expect((await cast(guard, "carol", "approve", 1)).verdict).toEqual({ kind: "refused", why: "too-late" });
    expect((await cast(guard, "carol", "approve", 2)).verdict).toMatchObject({ state: "waiting" });
  });

  it("ends when nobody answers, and the key lives; before that people are reminded", async () => {
    const { guard, keys, time, kinds } = world();
    await guardDeletion(guard, event());
    for (const percent of [50, 80, 95, 100]) {
      time.now = t0 + 1000 + (day * percent) / 100;
      await guardDeletion(guard, reEvaluate());
    }
    expect(kinds()[0]?.slice(5)).toEqual([
      "approval-requested",
      "approval-reminded",
      "approval-reminded",
      "approval-reminded",
      "approval-expired",
    ]);
    expect(keys.state).toBe("CREATE_COMPLETE");
  });
});

describe("ask, meanwhile pending", () => {
  const pending = { meanwhile: "pending" };

  it("leaves the key pending, and lets it die once two have approved", async () => {
    const { guard, keys, time, kinds } = world(pending);
    await guardDeletion(guard, event());
    expect([keys.state, kinds()[0]?.at(-1)]).toEqual(["DELETE_PENDING", "approval-requested"]);
    await cast(guard, "bob", "approve");
    await cast(guard, "carol", "approve");
    await guardDeletion(guard, reEvaluate());
    expect(kinds()[0]?.slice(-2)).toEqual(["approval-granted", "deletion-allowed"]);
    time.now = t0 + 3 * day + 1;
    keys.state = "DELETE_COMPLETE";
    await guardDeletion(guard, reEvaluate());
    expect(kinds()[0]?.at(-1)).toBe("key-destroyed");
  });

  it.each([
    ["kept", "dave"],
    ["kept by the one who asked", "alice"],
  ])("is %s by one, and restored", async (_, name) => {
    const { guard, keys, kinds } = world(pending);
    await guardDeletion(guard, event());
    await cast(guard, name, "keep");
    await guardDeletion(guard, reEvaluate());
    expect(kinds()[0]?.slice(2)).toEqual(["approval-requested", "vote-cast", "approval-refused", ...restored.slice(2)]);
    expect(keys.state).toBe("CREATE_COMPLETE");
  });

  it("is restored at the deadline, which is a day before the key may be destroyed at the latest", async () => {
    const { guard, keys, time, kinds, cases } = world({ ...pending, within: "7d" });
    await guardDeletion(guard, event());
    const requested = cases.chains()[0]?.entries.find(({ kind }) => kind === "approval-requested");
    expect(requested).toMatchObject({ kind: "approval-requested", deadline: t0 + 2 * day });
    time.now = t0 + 2 * day;
    await guardDeletion(guard, reEvaluate());
    expect(kinds()[0]?.slice(3)).toEqual(["approval-expired", ...restored.slice(2)]);
    expect(keys.state).toBe("CREATE_COMPLETE");
  });

  it("is restored first when there is not a day left to think", async () => {
    const { guard, keys, kinds } = world(pending, { deletePendingAt: t0 + day });
    await guardDeletion(guard, event({ requestedDays: undefined, at: t0 - 6 * day }));
    expect(keys.state).toBe("CREATE_COMPLETE");
    expect(kinds()[0]?.at(-1)).toBe("approval-requested");
  });

  it("is restored when someone keeps it after it was approved", async () => {
    const { guard, keys } = world(pending);
    await guardDeletion(guard, event());
    await cast(guard, "bob", "approve");
    await cast(guard, "carol", "approve");
    await guardDeletion(guard, reEvaluate());
    await cast(guard, "carol", "keep");
    await guardDeletion(guard, reEvaluate());
    expect(keys.state).toBe("CREATE_COMPLETE");
  });

  it("ends as restored by others, and later votes come too late", async () => {
    const { guard, keys, kinds } = world(pending);
    await guardDeletion(guard, event());
    keys.state = "CREATE_COMPLETE";
    await guardDeletion(guard, reEvaluate());
    expect(kinds()[0]?.at(-1)).toBe("restored-by-others");
    expect((await cast(guard, "bob", "approve")).verdict).toEqual({ kind: "refused", why: "too-late" });
  });

  it("is not approved by votes on another deletion within the same case", async () => {
    const { guard, keys, time, kinds } = world(pending);
    await guardDeletion(guard, event());
    await cast(guard, "bob", "approve");
    await cast(guard, "carol", "approve");
    await guardDeletion(guard, reEvaluate());
    time.now += 60_000;
    // Undone by hand and deleted again, to the very same time, between two looks.
    await guardDeletion(
      guard,
      event({ eventId: "55111111-1111-4111-8111-111111111111", at: time.now, requester: reaper }),
    );
    expect(kinds()[0]?.slice(-3)).toEqual(["deletion-detected", "decided", "approval-requested"]);
    expect(keys.state).toBe("DELETE_PENDING");
    expect((await cast(guard, "alice", "approve")).verdict).toMatchObject({ why: "own-deletion" });
  });
});

describe("a record that is forged, and comes before the one of the call itself", () => {
  const dave = { kind: "user", account: "111122223333", userArn: "arn:aws:iam::111122223333:user/dave" } as const;
  const forged = (overrides: object = {}) =>
    event({ eventId: "66111111-1111-4111-8111-111111111111", at: t0 + 1000, requester: dave, ...overrides });

  it.each<[string, Trigger]>([
    ["the record of the call itself", event()],
    ["one that names the key by an alias alone", event({ target: { kind: "alias", alias: "alias/prod/cvk" } })],
  ])("lets nobody approve their own deletion: %s", async (_, own) => {
    const { guard, keys, kinds, time } = world({ meanwhile: "pending" });
    time.now = t0 + 5000;
    await guardDeletion(guard, forged());
    const alias = own.source === "event" && own.request.target.kind === "alias" ? own.request.target.alias : "";
    const observe: typeof keys.observe = async (name) => await keys.observe(name === alias ? keyArn() : name);
    await guardDeletion({ ...guard, keys: { ...keys, observe } }, own);
    expect((await cast(guard, "alice", "approve")).verdict).toEqual({ kind: "refused", why: "own-deletion" });
    expect((await cast(guard, "bob", "approve")).verdict).toMatchObject({ state: "waiting" });
    expect(kinds()[0]).not.toContain("approval-granted");
    expect((await cast(guard, "alice", "keep")).verdict).toMatchObject({ state: "kept" });
  });

  it("takes one more where it names nobody, and takes no approval away that others have given", async () => {
    const { guard, kinds, time } = world({ meanwhile: "pending" });
    time.now = t0 + 5000;
    await guardDeletion(guard, forged());
    await guardDeletion(guard, event({ requester: reaper }));
    for (const name of ["alice", "bob"]) await cast(guard, name, "approve");
    expect(kinds()[0]).not.toContain("approval-granted");
    expect((await cast(guard, "carol", "approve")).verdict).toMatchObject({ state: "granted" });
  });

  it("restores a key whose approval no longer stands once the record of the call itself is there", async () => {
    const { guard, keys, kinds, time } = world({ meanwhile: "pending" });
    time.now = t0 + 5000;
    await guardDeletion(guard, forged());
    for (const name of ["alice", "bob"]) await cast(guard, name, "approve");
    await guardDeletion(guard, reEvaluate());
    expect(kinds()[0]?.at(-1)).toBe("deletion-allowed");
    await guardDeletion(guard, event());
    expect(keys.state).toBe("CREATE_COMPLETE");
    expect(kinds()[0]?.at(-1)).toBe("permit-withheld");
  });
});

describe("votes at the same time", () => {
  it("fifty of ten people end as some order of them would, each on record once", async () => {
    const { guard, cases } = world();
    await guardDeletion(guard, event());
    const names = ["alice", "bob", "carol", "dave", ...Array.from({ length: 6 }, (_, n) => `stranger${n}`)];
    const votes = names.flatMap((name) => Array.from({ length: 5 }, (_, n) => voteBy(name, "approve", `${name}-${n}`)));
    const answers = await Promise.all(
      votes.map(async (vote) => await recordVote(voteDepsOf(guard), { keyArn: keyArn(), generation: 1 }, vote)),
    );
    const counted = answers.filter(({ verdict }) => verdict.kind === "counted");
    expect(counted.map(({ verdict }) => "person" in verdict && verdict.person).sort()).toEqual(["bob", "carol"]);
    const entries = cases.chains()[0]?.entries ?? [];
    const ids = entries.flatMap((entry) => (entry.kind === "vote-cast" ? [entry.vote.id] : []));
    expect(new Set(ids).size).toBe(ids.length);
    expect(entries.filter(({ kind }) => kind === "approval-granted")).toHaveLength(1);
    // Three refused ones of each at most are kept, beside the two that count.
    expect(ids).toHaveLength(3 * 10 + 2);
  });

  it("wait for the guard to let go of the case, and say so when it does not", async () => {
    const { guard, cases, time } = world();
    await guardDeletion(guard, event());
    const [[id, item] = ["", undefined]] = cases.items;
    if (item === undefined) throw new Error("no case");
    cases.items.set(id, { ...item, lease: { owner: "someone", until: time.now + 1000 } });
    await expect(cast(guard, "bob", "approve")).rejects.toMatchObject({ code: "CASE_CLAIMED" });
    let pauses = 0;
    const voteDeps = {
      ...voteDepsOf(guard),
      pause: async () => {
        pauses += 1;
        time.now += 400;
      },
    };
    await recordVote(voteDeps, { keyArn: keyArn(), generation: 1 }, voteBy("bob", "approve"));
    expect(pauses).toBe(3);
  });

  it("on a case that is not there are refused by code", async () => {
    const { guard } = world();
    await expect(cast(guard, "bob", "approve", 7)).rejects.toMatchObject({ code: "CASE_UNKNOWN" });
  });
});

describe("a key that was stopped, and deleted a minute later", () => {
  it("comes back disabled, and is started when a person asks for it who did not delete it", async () => {
    const keys = createKeyWorld({ key: paymentKey({ enabled: false, usageStoppedAt: t0 - 70_000 }) });
    const { guard, kinds, cases } = createTestGuard(keys, t0 + 1000);
    await guardDeletion(guard, event({ enabledInResponse: false }));
    expect(cases.chains()[0]?.entries.at(-1)).toMatchObject({
      kind: "key-left-disabled",
      why: "stopped-before-deletion",
    });
    const name = { keyArn: keyArn(), generation: 1 };
    const start = async (userId: string) =>
      await recordUsageStart(voteDepsOf(guard), { name }, { via: "slack", userId });
    expect((await start("U0ALICE")).verdict).toEqual({ kind: "refused", why: "own-deletion" });
    expect(keys.key.enabled).toBe(false);
    expect((await start("U0BOB")).verdict).toMatchObject({ kind: "counted", person: "bob" });
    await guardDeletion(guard, reEvaluate());
    expect(kinds()[0]?.slice(-3)).toEqual(["usage-start-requested", "usage-start-intended", "key-usable"]);
    expect(keys.key.enabled).toBe(true);
  });
});

describe("a key that was left disabled and deleted again since", () => {
  const old = { keyArn: keyArn(), generation: 1 };
  const voter = { via: "slack", userId: "U0BOB" } as const;

  async function deletedTwice() {
    const keys = createKeyWorld({ key: paymentKey({ enabled: false }) });
    const test = createTestGuard(keys, t0 + 1000);
    await guardDeletion(test.guard, event({ enabledInResponse: false }));
    keys.state = "DELETE_PENDING";
    const again = t0 + 2 * 3_600_000;
    keys.deletePendingAt = again + 3 * 86_400_000;
    test.time.now = again + 1000;
    const request = { eventId: "again", at: again, enabledInResponse: false };
    await guardDeletion(test.guard, event(request));
    return { ...test, keys };
  }

  it("is started by its newest case alone: a request about the one before is refused, and opens nothing", async () => {
    const { guard, kinds } = await deletedTwice();
    expect(kinds()).toHaveLength(2);
    const before = kinds()[0];
    const { verdict } = await recordUsageStart(voteDepsOf(guard), { name: old }, voter);
    expect([verdict, kinds()[0]]).toEqual([{ kind: "refused", why: "too-late" }, before]);
    const newest = { ...old, generation: 2 };
    expect((await recordUsageStart(voteDepsOf(guard), { name: newest }, voter)).verdict).toMatchObject({
      kind: "counted",
    });
  });

  it("ends the case before, where a request got into it at the same moment", async () => {
    const { guard, kinds, keys } = await deletedTwice();
    const deps = voteDepsOf(guard);
    const read: typeof deps.cases.read = async (name) =>
      name.generation === 2 ? undefined : await deps.cases.read(name);
    await recordUsageStart({ ...deps, cases: { ...deps.cases, read } }, { name: old }, voter);
    await guardDeletion(guard, reEvaluate());
    expect(kinds()[0]?.slice(-2)).toEqual(["usage-start-requested", "deletion-superseded"]);
    expect(keys.key.enabled).toBe(false);
  });
});

describe("StartKeyUsage that fails again and again", () => {
  it("is tried eight times, and eight times more when a person asks for it", async () => {
    const keys = createKeyWorld({ key: paymentKey({ enabled: false, usageStoppedAt: t0 }) });
    let calls = 0;
    keys.startUsage = async () => {
      calls += 1;
      return { kind: "refused", code: "ConflictException" };
    };
    const { guard, kinds, cases } = createTestGuard(keys, t0 + 1000);
    const untilItRests = async (trigger: Trigger) => {
      const before = calls;
      for (let n = 0; n < 20 && kinds()[0]?.at(-1) !== "key-left-disabled"; n++)
        await guardDeletion(guard, trigger).catch(() => {});
      return calls - before;
    };
    expect(await untilItRests(event())).toBe(8);
    await recordUsageStart(
      voteDepsOf(guard),
      { name: { keyArn: keyArn(), generation: 1 } },
      { via: "slack", userId: "U0BOB" },
    );
    expect([...cases.items.values()]).toMatchObject([{ failures: 0 }]);
    expect(await untilItRests(reEvaluate())).toBe(8);
    const attempts = cases
      .chains()[0]
      ?.entries.flatMap((entry) => (entry.kind === "effect-failed" ? [entry.attempt] : []));
    expect(attempts).toEqual([1, 2, 4, 8, 1, 2, 4, 8]);
  });
});

describe("a key left disabled for want of evidence", () => {
  it("is started when one person asks for it, and nobody has to twice", async () => {
    const keys = createKeyWorld({ key: paymentKey({ enabled: false }) });
    const { guard, kinds } = createTestGuard(keys, t0 + 1000);
    await guardDeletion(guard, event({ enabledInResponse: false }));
    expect(kinds()[0]?.at(-1)).toBe("key-left-disabled");
    const name = { keyArn: keyArn(), generation: 1 };
    const voter = { via: "slack", userId: "U0BOB" } as const;
    expect((await recordUsageStart(voteDepsOf(guard), { name }, voter)).added).toBe(true);
    expect((await recordUsageStart(voteDepsOf(guard), { name }, voter)).verdict).toEqual({ kind: "repeated" });
    await guardDeletion(guard, reEvaluate());
    expect(kinds()[0]?.slice(-3)).toEqual(["usage-start-requested", "usage-start-intended", "key-usable"]);
    expect(keys.key.enabled).toBe(true);
  });
});
