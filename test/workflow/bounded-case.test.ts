import { describe, expect, it } from "vitest";
import { maxCaseBytes, maxOfKind } from "../../lib/domain/case/size-limits.ts";
import type { EntryKind } from "../../lib/domain/ledger/entry.ts";
import { recordUsageStart, recordVote } from "../../lib/workflows/approve/record-vote.ts";
import { CaseFile } from "../../lib/workflows/guard/case-file.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import { restoresAfterObserving } from "../contract/hostile-case.ts";
import { detection, toAsk, toRestore } from "../doubles/case-builder.ts";
import { asking, createTestGuard, policyWith } from "../doubles/guard.ts";
import { eventId, hostileAliases, hostileRequest, hostileRules, hostileTags } from "../doubles/hostile.ts";
import { createKeyWorld, day, deletionRequest, keyArn, paymentKey, t0 } from "../doubles/key-world.ts";
import { createMemoryCaseStore } from "../doubles/memory-case-store.ts";
import { createTestSweep } from "../doubles/sweeper.ts";
import { cast, voteBy, voteDepsOf } from "../doubles/vote-deps.ts";

const name = { keyArn: keyArn(), generation: 1 };
const bytesOf = ({ cases }: Pick<ReturnType<typeof createTestGuard>, "cases">) =>
  Math.max(...cases.chains().map(({ texts }) => Buffer.byteLength(texts.join(""))));
const restored = { kind: "key-restored", enabled: false, how: "answered" } as const;
const count = (kinds: readonly string[], kind: EntryKind) => kinds.filter((each) => each === kind).length;
const codes = (logged: readonly { readonly code: string }[]) => logged.map(({ code }) => code);
/** A record of the very deletion that is pending, or of one before it. */
const record = (n: number, at = t0 + n * 1_000) => hostileRequest({ eventId: eventId(n), at });

describe("a key with the most and the longest labels", () => {
  it("is restored once the policy enforces what it has only observed", async () => {
    await restoresAfterObserving(createMemoryCaseStore());
  });
});

describe("a flood of records in one case", () => {
  const allowEverything = (mode: "observe" | "enforce") =>
    policyWith([...hostileRules(), { id: "all", when: { requester: { account: "111122223333" } }, then: "allow" }], {
      mode,
    });

  it.each<[string, (n: number) => number]>([
    ["of the deletion that is pending", (n) => t0 + n],
    ["of other deletions", (n) => t0 - 60 * day - n],
  ])("%s is bounded, and the key comes back", async (_, at) => {
    const keys = createKeyWorld({ tagsOfKey: hostileTags(), aliasesOfKey: hostileAliases() });
    const made = createTestGuard(keys, t0 + 1_000, { policy: allowEverything("enforce") });
    const events = Array.from({ length: 40 }, (_, n) => (n === 0 ? record(0, t0) : record(n, at(n))));
    for (const request of events) await guardDeletion(made.guard, { source: "event", request, deliveries: 1 });
    expect(count(made.kinds()[0] ?? [], "deletion-detected")).toBe(maxOfKind["deletion-detected"]);
    expect(bytesOf(made)).toBeLessThan(maxCaseBytes);
    expect(codes(made.logged)).toContain("CASE_FULL");
    expect(keys.state).toBe("CREATE_COMPLETE");
    expect(made.kinds()[0]).toEqual(expect.arrayContaining(["restore-intended", "key-restored", "key-usable"]));
  });

  it("goes on restoring although RestoreKey failed at first and the record that was refused is gone", async () => {
    const keys = createKeyWorld();
    const made = createTestSweep(keys, t0 + 1_000, { policy: allowEverything("enforce") });
    for (let n = 0; n < 12; n++)
      await guardDeletion(made.guard, { source: "event", request: record(n, t0 + n), deliveries: 1 });
    expect(keys.state).toBe("DELETE_PENDING");
    const failing = { ...keys, restore: async () => await Promise.reject(new Error("throttled")) };
    const request = record(12, t0 + 12);
    await expect(
      guardDeletion({ ...made.guard, keys: failing }, { source: "event", request, deliveries: 1 }),
    ).rejects.toThrow("throttled");
    made.time.now += 60_000;
    await made.run();
    expect(keys.state).toBe("CREATE_COMPLETE");
  });

  it("does nothing while the policy only observes", async () => {
    const keys = createKeyWorld();
    const made = createTestGuard(keys, t0 + 1_000, { policy: allowEverything("observe") });
    for (let n = 0; n < 30; n++)
      await guardDeletion(made.guard, { source: "event", request: record(n, t0 + n), deliveries: 1 });
    expect(keys.state).toBe("DELETE_PENDING");
    expect(keys.calls).not.toContain("RestoreKey");
  });
});

describe("further records while the key lives and people are asked", () => {
  it("decide nothing: the question goes on with its votes", async () => {
    const keys = createKeyWorld();
    const { guard, kinds, cases, time } = createTestGuard(keys, t0 + 1_000, { policy: asking() });
    await guardDeletion(guard, { source: "event", request: deletionRequest(), deliveries: 1 });
    await cast(guard, "bob", "approve");
    for (let n = 2; n < 20; n++) {
      time.now += 60_000;
      const request = deletionRequest({ eventId: eventId(n), at: t0 + n * 1_000 });
      await guardDeletion(guard, { source: "event", request, deliveries: 1 });
    }
    expect(count(kinds()[0] ?? [], "approval-requested")).toBe(1);
    const detected = cases.chains()[0]?.entries.filter(({ kind }) => kind === "deletion-detected");
    expect(detected?.slice(1).every((entry) => "source" in entry && entry.source === "unattributed-event")).toBe(true);
    expect((await cast(guard, "carol", "approve")).verdict).toMatchObject({ state: "granted" });
  });
});

describe("a restored key about which its case has no room to ask", () => {
  it("has a case that ends, and that no later sweep looks at", async () => {
    const keys = createKeyWorld({ state: "CREATE_COMPLETE" });
    const made = createTestSweep(keys, t0 + 1_000, { policy: asking() });
    const file = CaseFile.open(detection(), t0, "run");
    const question = { kind: "approval-requested", from: "custodians", quorum: 2, deadline: t0 + day } as const;
    for (let n = 1; n <= maxOfKind["approval-requested"]; n++)
      file.addAll([toAsk, question, detection({ request: deletionRequest({ eventId: eventId(n) }) })], t0);
    file.addAll([toAsk, { kind: "restore-intended", late: false }, restored], t0);
    await file.release(made.guard.cases, t0, t0);
    await made.run();
    expect(made.cases.chains()[0]?.entries.at(-1)).toMatchObject({ kind: "permit-withheld", why: "no-room-to-ask" });
    expect([...made.cases.items.values()]).toMatchObject([{ status: "closed" }]);
    const before = made.logged.length;
    made.time.now += day;
    await made.run();
    expect(codes(made.logged.slice(before))).not.toContain("CASE_FULL");
    expect(await made.cases.due(made.time.now + day, 10)).toEqual([]);
  });
});

describe("votes on a case that is full", () => {
  /** A pending key about which people are asked, after as many records as a case holds. */
  async function crowded() {
    const keys = createKeyWorld();
    const made = createTestGuard(keys, t0 + 1_000, { policy: asking({ meanwhile: "pending" }) });
    await guardDeletion(made.guard, { source: "event", request: deletionRequest(), deliveries: 1 });
    const voteDeps = voteDepsOf(made.guard);
    for (let n = 0; n < 400; n++) {
      const voter = { via: "aws", arn: "arn:aws:iam::999988887777:user/x", userId: `AIDA${n}` } as const;
      await recordVote(voteDeps, name, { id: `aws:${n}`, choice: "approve", voter, reason: "\u0001".repeat(500) });
    }
    return { keys, made, voteDeps };
  }

  it("are bounded in bytes, and a keep vote still fits", async () => {
    const { keys, made, voteDeps } = await crowded();
    expect(bytesOf(made)).toBeLessThan(110_000);
    const { verdict } = await recordVote(voteDeps, name, voteBy("bob", "keep"));
    expect(verdict).toMatchObject({ kind: "counted", state: "kept" });
    await guardDeletion(made.guard, { source: "re-evaluate", ...name, deliveries: 1 });
    expect(keys.state).toBe("CREATE_COMPLETE");
  });

  it("that approve count only if they are on record", async () => {
    const { voteDeps } = await crowded();
    expect((await recordVote(voteDeps, name, voteBy("bob", "approve"))).verdict).toMatchObject({ state: "waiting" });
    expect((await recordVote(voteDeps, name, voteBy("carol", "approve"))).verdict).toMatchObject({ state: "granted" });
  });
});

describe("requests to start key usage", () => {
  it("are bounded: one more than a case holds is refused", async () => {
    const made = createTestGuard(createKeyWorld({ key: paymentKey({ enabled: false }) }), t0 + 1_000);
    const file = CaseFile.open(detection(), t0, "run");
    file.addAll([toRestore, { kind: "restore-intended", late: false }, restored], t0);
    file.add({ kind: "key-left-disabled", why: "start-failed" }, t0);
    await file.release(made.guard.cases, t0, t0);
    const request = async () =>
      await recordUsageStart(voteDepsOf(made.guard), { name }, { via: "slack", userId: "U0BOB" });
    for (let n = 0; n < maxOfKind["usage-start-requested"]; n++) {
      expect((await request()).verdict.kind).toBe("counted");
      const stored = await made.guard.cases.read(name);
      if (stored === undefined) throw new Error("a case was expected");
      const next = CaseFile.resume(stored, "run");
      next.add({ kind: "key-left-disabled", why: "start-failed" }, t0);
      await next.release(made.guard.cases, t0, t0);
    }
    await expect(request()).rejects.toMatchObject({ code: "CASE_FULL" });
  });
});

describe("the store double", () => {
  it("refuses what DynamoDB refuses", async () => {
    const cases = createMemoryCaseStore();
    const { guard } = createTestGuard(createKeyWorld(), t0 + 1_000, { cases });
    await guardDeletion(guard, { source: "event", request: deletionRequest(), deliveries: 1 });
    const chain = cases.chains()[0];
    if (chain === undefined) throw new Error("a case was expected");
    const texts = Array.from({ length: 200 }, () => "一".repeat(700));
    const saving = cases.save({
      ...{ ...name, generation: 2, chain: { ...chain, texts }, expectedLength: 0, owner: "run" },
      ...{ status: "open", dueAt: t0, failures: 0, now: t0 },
    });
    await expect(saving).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
      cause: { name: "ValidationException" },
    });
  });
});
