import { describe, expect, it } from "vitest";
import { GuardError } from "../../lib/domain/guard-error.ts";
import type { KeyLabels } from "../../lib/domain/policy/label-age.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import type { KeyInventory } from "../../lib/workflows/ports/guard.ts";
import { createTestGuard } from "../doubles/guard.ts";
import { createKeyWorld, day, deletionRequest, t0 } from "../doubles/key-world.ts";

const hour = 3_600_000;
const seen = (state: string): KeyLabels => ({ tags: {}, aliases: { state, since: t0 - 30 * day, at: t0 - hour } });
const restored = ["deletion-detected", "decided", "restore-intended", "key-restored", "key-usable"];

/** A guard that has restored a deleted key; what the inventory answers, and the calls in their order. */
async function afterDeletion(labelsSeen: KeyInventory["labelsSeen"], times = 1) {
  const calls: string[] = [];
  const keys = createKeyWorld();
  const observed = {
    ...keys,
    restore: async (arn: Parameters<typeof keys.restore>[0]) => {
      calls.push("restore");
      return await keys.restore(arn);
    },
  };
  const inventory: Pick<KeyInventory, "lastSeen" | "labelsSeen"> = {
    lastSeen: async () => undefined,
    labelsSeen: async (arn) => {
      calls.push("labels");
      return await labelsSeen(arn);
    },
  };
  const made = createTestGuard(keys, t0 + 1_000, { keys: observed as never, inventory });
  for (let n = 0; n < times; n++)
    await guardDeletion(made.guard, { source: "event", request: deletionRequest(), deliveries: n + 1 });
  return { ...made, calls };
}

describe("the names of a key", () => {
  it("are recorded once the key is back, and not before", async () => {
    const { cases, calls, kinds } = await afterDeletion(async () => seen("alias/prod/cvk-1 alias/prod/cvk-old"));
    expect(kinds()).toEqual([[...restored, "key-named"]]);
    expect(calls).toEqual(["restore", "labels"]);
    expect(cases.chains()[0]?.entries.at(-1)).toMatchObject({
      aliases: { count: 2, listed: ["alias/prod/cvk-1", "alias/prod/cvk-old"] },
    });
  });

  it("are recorded once, however often the record of the deletion comes", async () => {
    const { kinds, calls } = await afterDeletion(async () => seen("alias/prod/cvk-1"), 3);
    expect(kinds()).toEqual([[...restored, "key-named"]]);
    expect(calls).toEqual(["restore", "labels"]);
  });

  it.each<[string, KeyLabels | "unreadable" | undefined]>([
    ["has no aliases", seen("")],
    ["has aliases too long to be kept", seen("too long")],
    ["was never seen", undefined],
    ["is in a part that cannot be read", "unreadable"],
  ])("are left out where the key %s", async (_, labels) => {
    expect((await afterDeletion(async () => labels)).kinds()).toEqual([restored]);
  });

  it("cost nothing but a line in the log where the inventory fails", async () => {
    const { kinds, logged } = await afterDeletion(
      async () => await Promise.reject(new GuardError("STORE_UNAVAILABLE", "retry", "down")),
    );
    expect(kinds()).toEqual([restored]);
    expect(logged.map(({ code }) => code)).toContain("LABELS_UNREADABLE");
    expect(logged.find(({ code }) => code === "LABELS_UNREADABLE")?.fields).toMatchObject({
      fact: "aliases",
      code: "INVENTORY_UNAVAILABLE",
    });
  });
});
