import { serviceCallsPerSecond } from "../../aws/payment-cryptography/control-plane.ts";
import type { Carried } from "../../world/hub/transport.ts";
import { guard, mallory } from "../../world/people.ts";
import type { DemoWorld } from "./demo-world.ts";
import { live } from "./expectations.ts";
import type { Check, Scenario } from "./scenario.ts";

const keyCount = 200;
/** Every so manieth key is a key encryption key, whose deletion also stops its usage. */
const sensitiveEvery = 5;
const sensitiveCount = keyCount / sensitiveEvery;
const speed = 10;
/** Attempts of the SDK for one call: on a busy machine it may take a late answer for none. */
const attemptsPerCall = 3;

/** 200 keys deleted at once, under the service's limit of 5 calls a second: all come back, each by one restore. */
export const massDeletion: Scenario = {
  name: "mass-deletion",
  story: `${keyCount} keys are deleted at once, under the service's ${serviceCallsPerSecond} calls a second (the clock runs ${speed} times as fast).`,
  run: async (demoWorld) => {
    const { clock, controlPlane, hub } = demoWorld.world;
    const calls: Carried[] = [];
    const ignore = hub.observe((carried) => {
      if (carried.service === "control-plane" && carried.accessKeyId === guard.accessKeyId) calls.push(carried);
    });
    demoWorld.hold();
    const keys = await deleteKeys(demoWorld);
    controlPlane.limitTo(serviceCallsPerSecond);
    clock.setSpeed(speed);
    demoWorld.release();
    try {
      await demoWorld.world.settle({ advance: true });
    } finally {
      ignore();
      clock.setSpeed(1);
      controlPlane.limitTo(null);
    }
    return await verdict(demoWorld, keys, calls);
  },
};

async function deleteKeys(demoWorld: DemoWorld): Promise<readonly string[]> {
  const { settings } = demoWorld.world.controlPlane;
  const keys: string[] = [];
  for (let n = 0; n < keyCount; n++) {
    const sensitive = isSensitive(n);
    const key = demoWorld.key({
      alias: `alias/mass/${n}`,
      ...(sensitive && { usage: "TR31_K0_KEY_ENCRYPTION_KEY" }),
    });
    settings.deletionDisablesKey = sensitive;
    await demoWorld.delete(mallory, key);
    keys.push(key);
  }
  settings.deletionDisablesKey = false;
  return keys;
}

/** The last of each five, so that it would come last in a batch of five. */
function isSensitive(n: number): boolean {
  return n % sensitiveEvery === sensitiveEvery - 1;
}

/** Asserts calls and their order, and no time: how fast they come is this machine's business, and it may be a busy one. */
async function verdict(demoWorld: DemoWorld, keys: readonly string[], calls: readonly Carried[]) {
  const endings = await Promise.all(keys.map(async (key) => await demoWorld.ending(key)));
  const [first] = endings;
  if (first === undefined) throw new Error("there is no key");
  const done = calls.filter(({ status }) => status === 200);
  const countOf = (key: string, operation: string) =>
    done.filter((call) => call.operation === operation && call.body["KeyIdentifier"] === key).length;
  const startsOf = (n: number) => countOf(keys[n] ?? "", "StartKeyUsage");
  const numbers = keys.map((_, n) => n);
  const before = numbers.filter((n) => isSensitive(n) && isBeforeNeighbour(calls, keys, n)).length;
  const needed = 2 * keyCount + sensitiveCount;
  const checks: Check[] = [
    [`all ${keyCount} keys are usable`, endings.every(({ enabled, keyState }) => enabled && keyState === live.state)],
    ["each key was restored by one RestoreKey", keys.every((key) => countOf(key, "RestoreKey") === 1)],
    [
      `usage of the ${sensitiveCount} keys that their deletion had stopped was started, and of no other`,
      numbers.every((n) => startsOf(n) > 0 === isSensitive(n)),
    ],
    [`only GetKey, RestoreKey and StartKeyUsage were called`, calls.every(({ operation }) => expected.has(operation))],
    [
      `${calls.length} calls are at least ${needed}, and at most ${attemptsPerCall} attempts for each`,
      calls.length >= needed && calls.length <= attemptsPerCall * needed,
    ],
    [
      `${before} of ${sensitiveCount} key encryption keys came before the key that was deleted just before`,
      before >= sensitiveCount / 2,
    ],
    ["every chain verifies", endings.every(({ auditVerified }) => auditVerified)],
  ];

  return { ending: first, checks };
}

const expected: ReadonlySet<string> = new Set(["GetKey", "RestoreKey", "StartKeyUsage"]);

/** Whether key number `n` was looked at before the one that was deleted just before it. */
function isBeforeNeighbour(calls: readonly Carried[], keys: readonly string[], n: number): boolean {
  const firstLook = (key: string | undefined) => calls.findIndex(({ body }) => body["KeyIdentifier"] === key);
  return firstLook(keys[n]) < firstLook(keys[n - 1]);
}
