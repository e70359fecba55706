import type { KeyArn } from "../../lib/domain/key/key-arn.ts";
import type { PaymentKeys } from "../../lib/workflows/ports/guard.ts";
import type { KeyLists, StateInventory } from "../../lib/workflows/ports/sweep.ts";
import { createKeyWorld, type KeyWorld, keyArn, paymentKey } from "./key-world.ts";

/** Keys a page of ListKeys shows. */
const pageSize = 100;

/** Many keys in one account, with every call to the control plane written down. */
export interface KeyRing extends PaymentKeys, KeyLists {
  readonly worlds: ReadonlyMap<string, KeyWorld>;
  readonly calls: string[];
  /** The calls of `look`, which the reading of states makes. */
  readonly looks: string[];
  /** Resource policies by key. */
  readonly policies: Map<string, string>;
  readonly look: StateInventory["look"];
}

/** `count` keys, of which those for which `isPending` says so are in DELETE_PENDING; each as `change` has it. */
export function createKeyRing(
  count: number,
  isPending: (n: number) => boolean,
  change: Parameters<typeof createKeyWorld>[0] = {},
): KeyRing {
  const calls: string[] = [];
  const looks: string[] = [];
  const policies = new Map<string, string>();
  const worlds = new Map<string, KeyWorld>();
  for (let n = 0; n < count; n++) {
    const arn = keyArn(`ring${String(n).padStart(12, "0")}`);
    const state = isPending(n) ? "DELETE_PENDING" : "CREATE_COMPLETE";
    worlds.set(arn, createKeyWorld({ ...change, key: { ...(change.key ?? paymentKey()), arn }, state }));
  }
  const worldOf = (arn: string): KeyWorld => worlds.get(arn) ?? createKeyWorld({ state: "GONE" });
  const counted = <Answer>(name: string, call: (world: KeyWorld) => Promise<Answer>) => {
    return async (arn: string) => {
      calls.push(name);
      return await call(worldOf(arn));
    };
  };
  const list = (keys: readonly KeyWorld[]) => {
    for (let page = 0; page < Math.max(1, Math.ceil(keys.length / pageSize)); page++) calls.push("ListKeys");
    return keys;
  };
  return {
    ...{ worlds, calls, looks, policies },
    look: async ({ call, input }) => {
      looks.push(call);
      const arn = String(input["KeyIdentifier"] ?? input["ResourceArn"]);
      const { key, state, tagsOfKey } = worldOf(arn);
      if (state === "GONE") return { error: "ResourceNotFoundException" };
      if (call === "GetKey") return { answer: { Key: { KeyArn: arn, KeyState: state, Enabled: key.enabled } } };
      if (call === "GetResourcePolicy") return { answer: { Policy: policies.get(arn) ?? "{}" } };
      return { answer: { Tags: Object.entries(tagsOfKey).map(([Key, Value]) => ({ Key, Value })) } };
    },
    observe: counted("GetKey", async (world) => await world.observe(world.key.arn)),
    restore: counted<Awaited<ReturnType<PaymentKeys["restore"]>>>(
      "RestoreKey",
      async (world) => await world.restore(world.key.arn),
    ),
    startUsage: counted("StartKeyUsage", async (world) => await world.startUsage(world.key.arn)),
    tags: counted("ListTagsForResource", async (world) => await world.tags(world.key.arn)),
    aliases: counted("ListAliases", async (world) => await world.aliases(world.key.arn)),
    pending: async () =>
      list([...worlds.values()].filter(({ state }) => state === "DELETE_PENDING")).map(({ key }) => ({
        arn: key.arn as KeyArn,
        usage: key.usage,
      })),
    all: async () =>
      list([...worlds.values()]).map(({ key, state }) => ({
        arn: key.arn as KeyArn,
        alive: state === "CREATE_COMPLETE",
        pending: state === "DELETE_PENDING",
        enabled: key.enabled,
      })),
    allAliases: async () => {
      const all = [...worlds.values()].filter(({ aliasesOfKey }) => aliasesOfKey.length > 0);
      for (let page = 0; page < Math.max(1, Math.ceil(all.length / pageSize)); page++) calls.push("ListAliases");
      return all.flatMap(({ key, aliasesOfKey }) => aliasesOfKey.map((alias) => ({ alias, target: key.arn })));
    },
  };
}
