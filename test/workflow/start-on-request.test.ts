import { describe, expect, it } from "vitest";
import { foldChange, startersNow } from "../../lib/domain/change/change-state.ts";
import { endOf, recordedChanges } from "../../lib/domain/change/recorded-changes.ts";
import { hourOfChange } from "../../lib/domain/ledger/change-name.ts";
import type { Voter } from "../../lib/domain/people/vote.ts";
import { recordKeyStart } from "../../lib/workflows/approve/record-key-start.ts";
import { guardChange } from "../../lib/workflows/change/guard-change.ts";
import { startOnRequest } from "../../lib/workflows/change/start-on-request.ts";
import { createChangeWorld, denied, recordedCall, unavailable } from "../doubles/change-world.ts";
import { policyWith } from "../doubles/guard.ts";
import { alice, keyArn, reaper, t0 } from "../doubles/key-world.ts";

const hour = 3_600_000;
const arn = keyArn();
const key = { kind: "key", keyArn: arn } as const;
const name = { operation: "stop", subject: key, hour: hourOfChange(t0) };
const stop = (options = {}) => recordedCall("StopKeyUsage", { parameters: { keyIdentifier: arn } }, options);
const slack = (userId: string) => ({ via: "slack", userId }) as const;
const bobOfAws: Voter = { via: "aws", arn: "arn:aws:iam::111122223333:user/bob", userId: "AIDABOB" };
const leftDisabled = {
  id: "compromised",
  when: { key: { arn } },
  then: "restore",
  usage: "leave-disabled",
};

async function stopped({
  rules = [] as object[],
  mode = "enforce" as "observe" | "enforce",
  requester = alice,
  fails = false,
} = {}) {
  const world = createChangeWorld({ rules, mode });
  await world.known.note("usage", key, "enabled", t0 - hour);
  world.plane.stop();
  if (fails) world.plane.failing.set("StartKeyUsage", () => ({ error: "ValidationException" }));
  await guardChange(world.deps, stop({ requester }), 1);
  world.plane.failing.clear();
  const ask = async (userId: string, requestId?: string) => await askBy(slack(userId), requestId);
  const askBy = async (voter: Voter, requestId?: string) =>
    await recordKeyStart(
      { changes: world.book, directory: world.deps.policy.directory, clock: () => world.time.now },
      voter,
      { name, reason: "INC-1" },
      requestId === undefined ? {} : { requestId },
    );
  const isEnabled = () => world.plane.keys.get(arn)?.enabled;
  const starters = async () => {
    const chain = await world.book.read(name);
    const state = chain && foldChange(chain);
    return state && startersNow(state);
  };
  return { ...world, ask, askBy, isEnabled, starters };
}

describe("a stopped key", () => {
  it("is started because a person requests it: the record precedes the call", async () => {
    const world = await stopped();
    expect(await world.ask("U0BOB")).toEqual({ kind: "counted", person: "bob", state: "requested" });
    await startOnRequest(world.deps, name, 1);
    expect(world.isEnabled()).toBe(true);
    expect(world.kinds().slice(-3)).toEqual(["usage-start-requested", "usage-start-intended", "key-usable"]);
    const chain = await world.book.read(name);
    expect(chain?.entries.at(-1)).toMatchObject({ kind: "key-usable", how: "answered" });
    expect(recordedChanges(chain ?? { entries: [] }).map(endOf)).toEqual(["started"]);
  });

  describe("under a rule that asks for proof by AWS", () => {
    const proven = (proof: readonly string[]) => ({
      ...{ id: "stops", when: { operation: ["stop"] }, then: "revert" },
      approval: { from: "custodians", quorum: 1, within: "24h", proof },
    });
    const byRule = [proven(["aws"])];
    const pins = { id: "pins", when: { key: { arn } }, then: "ask", approval: proven(["aws"]).approval };
    const unproven = { kind: "refused", why: "proof-not-accepted" };

    it.each([
      ["the rule about the stop", byRule],
      ["the rule about deletions of the key", [pins]],
    ])("is not started for a request in Slack, but for one that AWS proves: %s", async (_, rules) => {
      // Of a rule that reverts, the stop stands: the key may not be started by the stack.
      const world = await stopped({ rules, fails: rules === byRule });
      expect(await world.ask("U0BOB")).toEqual(unproven);
      expect(await world.askBy(bobOfAws)).toMatchObject({ kind: "counted", person: "bob" });
      await startOnRequest(world.deps, name, 1);
      expect(world.isEnabled()).toBe(true);
    });

    it("is judged again by the policy in force when the key is started", async () => {
      const world = await stopped({ rules: [{ ...pins, approval: proven(["slack", "aws"]).approval }] });
      expect(await world.ask("U0BOB")).toMatchObject({ kind: "counted" });
      const stricter = { ...world.deps, policy: policyWith([pins]) };
      await startOnRequest(stricter, name, 1);
      expect([world.isEnabled(), world.entries().at(-1)]).toMatchObject([
        false,
        { kind: "key-left-disabled", why: "rule" },
      ]);
    });
  });

  it("is read once, also where rules about deletions read the key", async () => {
    const pins = { id: "pins", when: { key: { usage: ["TR31_P0_PIN_ENCRYPTION_KEY"] } }, then: "restore" };
    const reverts = { id: "reverts", when: { operation: ["stop"] }, then: "revert" };
    const world = await stopped({ rules: [pins, reverts] });
    expect(world.plane.calls).toEqual(["GetKey", "StartKeyUsage"]);
  });

  it("is started once, however often the message comes", async () => {
    const world = await stopped();
    await world.ask("U0BOB");
    for (let n = 1; n <= 3; n++) await startOnRequest(world.deps, name, n);
    expect(world.plane.calls.filter((call) => call === "StartKeyUsage")).toHaveLength(1);
    expect(world.kinds().filter((kind) => kind === "key-usable")).toHaveLength(1);
  });

  it("is found started where the answer was lost", async () => {
    const world = await stopped();
    await world.ask("U0BOB");
    const call = world.plane.call.bind(world.plane);
    world.plane.call = async (each) => {
      const shown = await call(each);
      return each.call === "StartKeyUsage" ? unavailable() : shown;
    };
    await expect(startOnRequest(world.deps, name, 1)).rejects.toMatchObject({ code: "CONTROL_PLANE_UNAVAILABLE" });
    world.plane.call = call;
    await startOnRequest(world.deps, name, 2);
    expect(world.kinds().slice(-2)).toEqual(["usage-start-intended", "key-usable"]);
    expect((await world.book.read(name))?.entries.at(-1)).toMatchObject({ how: "found" });
    expect(world.plane.calls.filter((each) => each === "StartKeyUsage")).toHaveLength(1);
  });

  it.each([
    ["the answer of the start was lost", "plane"],
    ["the known state could not be written at first", "known"],
  ])("that was started is started again after a stop that a rule undoes, although %s", async (_, lost) => {
    const responder = (reaper as { roleArn: string }).roleArn;
    const world = await stopped({
      rules: [
        { id: "responders", when: { operation: ["stop"], requester: { role: responder } }, then: "notify" },
        { id: "others", when: { operation: ["stop"] }, then: "revert" },
      ],
      requester: reaper,
    });
    await world.ask("U0BOB");
    const { plane, known, time } = world;
    const [call, note] = [plane.call.bind(plane), known.note];
    plane.call = async (each) => {
      const shown = await call(each);
      return lost === "plane" && each.call === "StartKeyUsage" ? unavailable() : shown;
    };
    if (lost === "known") Object.assign(known, { note: async () => unavailable() });
    time.now = t0 + 60_000;
    await expect(startOnRequest(world.deps, name, 1)).rejects.toMatchObject({ code: "CONTROL_PLANE_UNAVAILABLE" });
    plane.call = call;
    Object.assign(known, { note });
    await startOnRequest(world.deps, name, 2);
    expect(world.kinds().filter((kind) => kind === "key-usable")).toHaveLength(1);
    plane.stop();
    time.now = t0 + 2 * hour + 2_000;
    await guardChange(world.deps, stop({ n: 2, at: t0 + 2 * hour, requester: alice }), 1);
    expect(world.entries().at(-1)).toMatchObject({ kind: "change-reverted" });
    expect(world.isEnabled()).toBe(true);
  });

  it.each([
    ["in the same hour", t0 + 60_000],
    ["in a later hour", t0 + 2 * hour],
  ])("stays stopped where another stop follows the request %s", async (_, at) => {
    const world = await stopped();
    await world.ask("U0BOB");
    world.time.now = at + 2_000;
    await guardChange(world.deps, stop({ n: 2, at, requester: reaper }), 1);
    await startOnRequest(world.deps, name, 1);
    expect(world.isEnabled()).toBe(false);
    const chain = await world.book.read(name);
    expect(chain?.entries.at(-1)).toMatchObject({ kind: "key-left-disabled", why: "usage-changed-since" });
    expect(world.logged).toContain("REVERT_LEFT");
  });

  it("stays stopped where the call is denied, and rings", async () => {
    const world = await stopped();
    await world.ask("U0BOB");
    world.plane.failing.set("StartKeyUsage", denied);
    await startOnRequest(world.deps, name, 1);
    expect(world.entries().at(-1)).toMatchObject({ kind: "key-left-disabled", why: "start-failed" });
    expect(world.logged).toContain("REVERT_LEFT");
  });

  it("is started for nobody who stopped it, nor for a stranger", async () => {
    const world = await stopped();
    expect(await world.ask("U0ALICE")).toEqual({ kind: "refused", why: "own-change" });
    expect(await world.ask("U0NOBODY")).toEqual({ kind: "refused", why: "stranger" });
    await startOnRequest(world.deps, name, 1);
    expect(world.isEnabled()).toBe(false);
  });

  it("is started for the approvers that a rule about deletions names", async () => {
    const approval = { from: "custodians", quorum: 1, within: "24h" };
    const world = await stopped({ rules: [{ id: "ask", when: {}, then: "ask", approval }] });
    expect(await world.starters()).toEqual(expect.arrayContaining(["bob", "carol"]));
    expect(await world.starters()).not.toContain("alice");
  });

  it.each([
    ["a rule leaves the key disabled", { rules: [leftDisabled] }],
    ["the stack observes", { mode: "observe" as const }],
    [
      "a rule allows the stop",
      { rules: [{ id: "ok", when: { operation: "stop", requester: { person: "alice" } }, then: "allow" }] },
    ],
    ["a rule undoes the stop", { rules: [{ id: "undone", when: { operation: "stop" }, then: "revert" }] }],
  ])("is offered to nobody where %s", async (_, options) => {
    const world = await stopped(options);
    expect(await world.starters()).toBeUndefined();
    expect(await world.ask("U0BOB")).toEqual({ kind: "refused", why: "too-late" });
  });

  it("answers a request that came twice as the first time", async () => {
    const world = await stopped();
    const first = await world.ask("U0BOB", "r-1");
    expect(await world.ask("U0BOB", "r-1")).toEqual(first);
    expect(await world.ask("U0CAROL", "r-2")).toEqual({ kind: "repeated" });
    expect(world.kinds().filter((kind) => kind === "usage-start-requested")).toHaveLength(1);
  });
});
