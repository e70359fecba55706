import type { KeySpec } from "../../aws/payment-cryptography/key-seed.ts";
import { mallory } from "../../world/people.ts";
import type { Ending } from "./demo-world.ts";
import type { Check, Scenario } from "./scenario.ts";

export const testKey = (n: number): KeySpec => ({ alias: `alias/test/terminal-${n}`, tags: { Environment: "test" } });
export const usable = ["deletion-detected", "decided", "restore-intended", "key-restored", "key-usable"];
export const leftDisabled = [...usable.slice(0, 4), "key-left-disabled"];
export const started = [...usable.slice(0, 4), "usage-start-intended", "key-usable"];

/** What nearly every scenario says of its end: the calls of the guard, the entries, and how the key is left. */
export function checksOf(ending: Ending, expected: Required<Expected>): Check[] {
  const { controlPlaneCalls, entries, keyState, enabled } = ending;
  return [
    [`control-plane calls are ${JSON.stringify(expected.calls)}`, same(controlPlaneCalls, expected.calls)],
    [`entries are ${expected.entries.join(", ")}`, same(entries, expected.entries)],
    [`the key is ${expected.state}`, keyState === expected.state],
    [`the key is ${expected.enabled ? "enabled" : "disabled"}`, enabled === expected.enabled],
    ["every chain verifies", ending.auditVerified],
  ];
}

export function same(a: object, b: object): boolean {
  const sorted = (value: object) => JSON.stringify(Array.isArray(value) ? value : Object.entries(value).sort());
  return sorted(a) === sorted(b);
}

export const live = { state: "CREATE_COMPLETE", enabled: true };
export const twoCalls = { GetKey: 1, RestoreKey: 1 };
export const threeCalls = { ...twoCalls, StartKeyUsage: 1 };

export interface Expected {
  readonly calls: Readonly<Record<string, number>>;
  readonly entries: readonly string[];
  readonly state?: string;
  readonly enabled: boolean;
}

/** Mallory deletes one key, and nothing else happens. `disables`: the deletion itself stops the key's usage. */
export function afterOneDeletion(
  spec: (now: number) => KeySpec,
  expected: Expected,
  disables = false,
): Scenario["run"] {
  return async (demoWorld) => {
    demoWorld.world.controlPlane.settings.deletionDisablesKey = disables;
    const key = demoWorld.key(spec(demoWorld.world.clock.now()));
    await demoWorld.delete(mallory, key);
    await demoWorld.world.settle();
    const ending = await demoWorld.ending(key);
    return { ending, checks: checksOf(ending, { state: live.state, ...expected }) };
  };
}
