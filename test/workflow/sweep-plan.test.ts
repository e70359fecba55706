import { describe, expect, it } from "vitest";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { append } from "../../lib/domain/ledger/chain.ts";
import type { EntryBody } from "../../lib/domain/ledger/entry.ts";
import type { Moment } from "../../lib/domain/plan/attention.ts";
import type { CaseStore } from "../../lib/workflows/ports/guard.ts";
import type { ListedKey } from "../../lib/workflows/ports/sweep.ts";
import { type PlanInput, planSweep } from "../../lib/workflows/sweep/plan.ts";
import type { SweepTask } from "../../lib/workflows/sweep/sweep-task.ts";
import { decided, detection, toAllow, toRestore } from "../doubles/case-builder.ts";
import { chainBefore } from "../doubles/chain-names.ts";
import { keyArn, t0 } from "../doubles/key-world.ts";
import { createMemoryCaseStore } from "../doubles/memory-case-store.ts";

const hour = 3_600_000;
const cvk = "TR31_C0_CARD_VERIFICATION_KEY";
const pin = "TR31_P0_PIN_ENCRYPTION_KEY";
const arn = (id: string) => keyArn(id.padEnd(16, "0"));
const listed = (id: string, usage = cvk): ListedKey => ({ arn: arn(id), usage });
const allowed: EntryBody[] = [toAllow, { kind: "deletion-allowed", by: "rule" }];

/** A store with one case for each of `ids`, due `dueAt` ms after `t0`. */
async function storeWith(cases: readonly (readonly [id: string, dueAt: number, bodies: readonly EntryBody[]])[]) {
  const store = createMemoryCaseStore();
  for (const [id, dueAt, bodies] of cases) {
    const first = detection({ case: { keyArn: arn(id), generation: 1 } });
    const chain = [first, ...bodies].reduce((before, body) => append(before, body, t0), chainBefore(first));
    const status = bodies.some(({ kind }) => kind === "restored-by-others") ? "closed" : "open";
    await store.save({
      ...first.case,
      chain,
      expectedLength: 0,
      owner: "o",
      status,
      dueAt: t0 + dueAt,
      failures: 0,
      now: t0,
    });
    await store.markPublished(first.case, chain.entries.length, false);
  }
  return store;
}

const names = (tasks: readonly SweepTask[]) =>
  tasks.map(
    (task) => `${task.do} ${(task.do === "finish" ? task.name.keyArn : task.keyArn).split("/")[1]?.replace(/0+$/, "")}`,
  );

async function inputOf(
  store: Pick<CaseStore, "due">,
  keys: readonly ListedKey[],
  moment: Partial<Moment> = {},
): Promise<PlanInput> {
  const now = t0 + 100;
  const due = await store.due(now, 100);
  return { keys, due, moment: { mode: "enforce", paused: false, now, ...moment }, hasTime: () => true };
}

async function plan(
  store: Awaited<ReturnType<typeof storeWith>>,
  keys: readonly ListedKey[],
  mode: "observe" | "enforce" = "enforce",
) {
  return names((await planSweep(store, await inputOf(store, keys, { mode }))).tasks);
}

describe("the plan of a sweep", () => {
  it("of equal time left begins with keys without a case, each time sensitive ones first, then whatever is longest overdue", async () => {
    const store = await storeWith([
      ["late", 10, []],
      ["later", 20, []],
      ["pinlate", 30, []],
    ]);
    const keys = [listed("later"), listed("late"), listed("new"), listed("pinlate", pin), listed("pinnew", pin)];
    expect(await plan(store, keys)).toEqual(["look pinnew", "look new", "look pinlate", "look late", "look later"]);
  });

  it("leaves an allowed or observed deletion alone until it is due, and looks at every other pending key", async () => {
    const observed = decided(toRestore.effect, { mode: "observe" });
    const store = await storeWith([
      ["allowed", 1000, allowed],
      ["allowedue", 50, allowed],
      ["observed", 1000, [observed]],
      ["open", 1000, []],
    ]);
    const keys = ["allowed", "allowedue", "observed", "open"].map((id) => listed(id));
    expect(await plan(store, keys, "observe")).toEqual(["look open", "look allowedue"]);
  });

  it("verifies what only waits in the order of its time, so that sensitive keys keep no other from its turn", async () => {
    const store = await storeWith([
      ["pin", 50, allowed],
      ["pinfirst", 10, allowed],
      ["card", 30, allowed],
    ]);
    const keys = [listed("pin", pin), listed("pinfirst", pin), listed("card")];
    expect(await plan(store, keys)).toEqual(["look pinfirst", "look card", "look pin"]);
  });

  it("looks at a pending key without a case before all open questions whose requesters CloudTrail lacks", async () => {
    const asked: EntryBody[] = [
      decided({
        outcome: "ask",
        usage: "resume",
        approval: { from: "custodians", quorum: 2, withinMs: 48 * hour, permitForMs: 24 * hour, meanwhile: "pending" },
      }),
      { kind: "approval-requested", from: "custodians", quorum: 2, deadline: t0 + 48 * hour },
    ];
    const ids = Array.from({ length: 30 }, (_, n) => `pin${String(n).padStart(13, "a")}`);
    const store = await storeWith(ids.map((id) => [id, 50, asked] as const));
    const keys = [...ids.map((id) => listed(id, pin)), listed("lost")];
    for (const hours of [1, 20, 23]) {
      const input = await inputOf(store, keys, { now: t0 + hours * hour });
      expect(names((await planSweep(store, input)).tasks)).toMatchObject({ 0: "look lost", length: 31 });
    }
  });

  it("looks at what was only observed as soon as the policy enforces", async () => {
    const observed = decided(toRestore.effect, { mode: "observe" });
    const store = await storeWith([["observed", 1000, [observed]]]);
    expect(await plan(store, [listed("observed")], "enforce")).toEqual(["look observed"]);
  });

  it("asks the history last among keys that have as much time left", async () => {
    const store = await storeWith([
      ["doubt", 10, allowed],
      ["plain", 50, []],
    ]);
    const late = await inputOf(store, [listed("doubt"), listed("plain")], { now: t0 + 49 * hour });
    expect(names((await planSweep(store, late)).tasks)).toEqual(["look plain", "look doubt"]);
  });

  it("says which deletions are to be watched, and since when", async () => {
    const store = await storeWith([
      ["watched", 1000, allowed],
      ["restored", 1000, [decided(toRestore.effect), { kind: "restore-intended", late: false }]],
    ]);
    const input = await inputOf(store, [listed("watched"), listed("restored")]);
    expect((await planSweep(store, input)).watched).toEqual({ since: new Map([[arn("watched"), t0]]), isAll: true });
    const hurried = await planSweep(store, { ...input, hasTime: () => false });
    expect(hurried.watched).toEqual({ since: new Map(), isAll: false });
  });

  it("looks at open cases that are due although their key is not pending, once each", async () => {
    const store = await storeWith([
      ["question", 40, []],
      ["waiting", 1000, []],
      ["both", 50, []],
    ]);
    expect(await plan(store, [listed("both")])).toEqual(["look question", "look both"]);
  });

  it("finishes what is over and not told, and looks at the key again where it is pending again", async () => {
    const store = await storeWith([["over", 50, [{ kind: "restored-by-others" }]]]);
    expect(await plan(store, [])).toEqual(["finish over"]);
    expect(await plan(store, [listed("over")])).toEqual(["look over", "finish over"]);
  });

  it.each([
    ["STORE_UNAVAILABLE", ["protect pending"], false],
    ["CASE_UNREADABLE", ["protect pending", "protect question"], true],
  ] as const)(
    "protects pending keys whose cases cannot be read, and sets every damaged case apart: %s",
    async (code, expected, isAll) => {
      const store = await storeWith([["question", 50, []]]);
      const history = async () => await Promise.reject(new GuardError(code, "retry", "no"));
      const { tasks, watched } = await planSweep({ history }, await inputOf(store, [listed("pending")]));
      expect(names(tasks)).toEqual(expected);
      expect(tasks[0]).toMatchObject({ error: { code } });
      expect(watched).toEqual({ since: new Map(), isAll });
    },
  );
});
