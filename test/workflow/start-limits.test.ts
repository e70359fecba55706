import { beforeEach, describe, expect, it } from "vitest";
import type { Chain } from "../../lib/domain/ledger/chain.ts";
import { append } from "../../lib/domain/ledger/chain.ts";
import { hourOfChange } from "../../lib/domain/ledger/change-name.ts";
import type { EntryBody } from "../../lib/domain/ledger/entry.ts";
import type { Requester } from "../../lib/domain/people/requester.ts";
import { recordKeyStart } from "../../lib/workflows/approve/record-key-start.ts";
import { guardChange } from "../../lib/workflows/change/guard-change.ts";
import { startOnRequest } from "../../lib/workflows/change/start-on-request.ts";
import { detection, toLeaveDisabled } from "../doubles/case-builder.ts";
import { chainBefore } from "../doubles/chain-names.ts";
import { createChangeWorld, denied, recordedCall } from "../doubles/change-world.ts";
import { everybody, policyWith } from "../doubles/guard.ts";
import { alice, deletionRequest, keyArn, paymentKey, reaper, t0 } from "../doubles/key-world.ts";

const hour = 3_600_000;
const minute = 60_000;
const arn = keyArn();
const key = { kind: "key", keyArn: arn } as const;
const nameAt = (at: number) => ({ operation: "stop", subject: key, hour: hourOfChange(at) });
const leavesDisabled = { id: "compromised", when: { key: { arn } }, then: "restore", usage: "leave-disabled" };
const ofReaper = {
  id: "by-reaper",
  when: { requester: { role: "arn:aws:iam::111122223333:role/ci/key-reaper" } },
  then: "restore",
  usage: "leave-disabled",
};

function startWorld(rules: readonly object[] = []) {
  const world = createChangeWorld({ rules });
  const cases: { newest?: Chain } = {};
  const deps = {
    ...world.deps,
    newestCase: async () =>
      cases.newest === undefined ? undefined : { chain: cases.newest, failures: 0, published: 0 },
  };
  const stop = async (requester: Requester, at = t0, n = 1, reportedAt = at + 2_000) => {
    world.plane.stop();
    world.time.now = Math.max(world.time.now, reportedAt);
    await guardChange(
      deps,
      recordedCall("StopKeyUsage", { parameters: { keyIdentifier: arn } }, { requester, at, n }),
      1,
    );
  };
  const ask = async (userId: string, at = t0) =>
    await recordKeyStart(
      { changes: world.book, directory: deps.policy.directory, clock: () => world.time.now },
      { via: "slack", userId },
      { name: nameAt(at), reason: "INC-1" },
    );
  const start = async (at = t0) => await startOnRequest(deps, nameAt(at), 1);
  const isEnabled = () => world.plane.keys.get(arn)?.enabled;
  const deletedAt = (at: number, ...more: readonly EntryBody[]) => {
    const first = detection({ request: deletionRequest({ at }) });
    cases.newest = [first, ...more].reduce<Chain>((chain, body) => append(chain, body, at), chainBefore(first));
  };
  return { ...world, deps, stop, ask, start, isEnabled, deletedAt };
}

const restoredDisabled = [
  toLeaveDisabled,
  { kind: "restore-intended", late: false },
  { kind: "key-restored", enabled: false, how: "answered" },
  { kind: "key-left-disabled", why: "rule" },
] satisfies readonly EntryBody[];

let world: ReturnType<typeof startWorld>;
beforeEach(async () => {
  world = startWorld();
  await world.known.note("usage", key, "enabled", t0 - hour);
});

const withoutBob = { people: { ...everybody, bob: { ...everybody.bob, groups: ["operators"] } } };

/** The last entry of the stops that begin at `at`. */
const why = async (at = t0) => (await world.book.read(nameAt(at)))?.entries.at(-1);

describe("a stopped key stays stopped on request", () => {
  it("where it was deleted since, and its rule left it disabled", async () => {
    await world.stop(alice);
    world.deletedAt(t0 + 5 * hour, ...restoredDisabled);
    world.time.now = t0 + 6 * hour;
    await world.ask("U0BOB");
    await world.start();
    expect(world.isEnabled()).toBe(false);
    expect(await why()).toMatchObject({ kind: "key-left-disabled", why: "rule" });
  });

  it("where a case before the stop left it disabled, and nobody saw it enabled since", async () => {
    world = startWorld();
    world.deletedAt(t0 - 5 * hour, ...restoredDisabled);
    await world.stop(alice);
    expect(await world.ask("U0BOB")).toEqual({ kind: "refused", why: "too-late" });
  });

  it("where the policy in force leaves it disabled, or the person has left the approvers", async () => {
    const custodians = { from: "custodians", quorum: 1, within: "24h" };
    const asking = { id: "ask", when: {}, then: "ask", approval: custodians };
    const policies = [policyWith([leavesDisabled]), policyWith([asking], withoutBob)];
    for (const policy of policies) {
      world = startWorld();
      await world.known.note("usage", key, "enabled", t0 - hour);
      await world.stop(alice);
      expect(await world.ask("U0BOB")).toMatchObject({ kind: "counted" });
      await startOnRequest({ ...world.deps, policy }, nameAt(t0), 1);
      expect(world.isEnabled()).toBe(false);
      expect(await why()).toMatchObject({ kind: "key-left-disabled", why: "rule" });
    }
  });

  it("where GetKey shows a later stop whose record did not come", async () => {
    await world.stop(alice);
    await world.ask("U0BOB");
    world.time.now = t0 + 10 * minute;
    world.plane.keys.set(arn, paymentKey({ enabled: false, usageStoppedAt: t0 + 5 * minute }));
    await world.start();
    expect(world.isEnabled()).toBe(false);
    expect(await why()).toMatchObject({ kind: "key-left-disabled", why: "usage-changed-since" });
  });
});

describe("whom one stop excludes", () => {
  beforeEach(async () => {
    world = startWorld([ofReaper]);
    await world.known.note("usage", key, "enabled", t0 - hour);
  });

  it.each([
    ["the same hour", t0 + minute],
    ["a later hour", t0 + 3 * hour],
  ])("no second stop brings back in %s", async (_, at) => {
    await world.stop(reaper);
    expect(await world.ask("U0BOB")).toEqual({ kind: "refused", why: "too-late" });
    await world.stop(alice, at, 2);
    expect(await world.ask("U0BOB", at)).toEqual({ kind: "refused", why: "too-late" });
    await world.start(at);
    expect(world.isEnabled()).toBe(false);
  });

  it("no late record of an earlier stop brings back", async () => {
    await world.stop(reaper, t0 + 5 * minute, 2);
    await world.stop(alice, t0, 1, t0 + 6 * minute);
    expect(await world.ask("U0BOB")).toEqual({ kind: "refused", why: "too-late" });
  });

  it("is everyone who stopped the key, not the last one only", async () => {
    world = startWorld();
    await world.stop(alice);
    await world.stop(reaper, t0 + minute, 2);
    expect(await world.ask("U0ALICE")).toEqual({ kind: "refused", why: "own-change" });
    expect(await world.ask("U0BOB")).toMatchObject({ kind: "counted" });
    await world.start();
    expect(world.isEnabled()).toBe(true);
  });
});

describe("a start that failed", () => {
  it("can be requested again, up to a limit", async () => {
    await world.stop(alice);
    world.plane.failing.set("StartKeyUsage", denied);
    for (let attempt = 1; attempt <= 5; attempt++) {
      expect(await world.ask("U0BOB")).toMatchObject({ kind: "counted" });
      await world.start();
      expect(await why()).toMatchObject({ kind: "key-left-disabled", why: "start-failed" });
    }
    expect(await world.ask("U0CAROL")).toEqual({ kind: "repeated" });
  });

  it("starts the key once the cause is gone", async () => {
    await world.stop(alice);
    await world.ask("U0BOB");
    world.plane.failing.set("StartKeyUsage", denied);
    await world.start();
    world.plane.failing.clear();
    await world.ask("U0CAROL");
    await world.start();
    expect(world.isEnabled()).toBe(true);
  });
});
