import type { Caller } from "../../aws/payment-cryptography/cloudtrail-record.ts";
import type { KeySpec } from "../../aws/payment-cryptography/key-seed.ts";
import { alice, bob, callerOf, carol, mallory, type Person, reaper } from "../../world/people.ts";
import type { KeyKind, PersonName } from "./plan.ts";

const people: Readonly<Record<PersonName, Person>> = { alice, bob, carol, mallory, reaper };

export function personOf(name: PersonName): Person {
  return people[name];
}

export function callerFor(name: PersonName): Caller {
  return callerOf(people[name].accessKeyId, "soak");
}

/** How many keys of each kind there are; one that is destroyed is replaced. */
export const keysPerKind = 12;

/** Key number `n` of its kind, as local/stories/soak/policy.yaml tells kinds apart. */
export function specOf(kind: KeyKind, n: number): KeySpec {
  switch (kind) {
    case "card":
      return { alias: `alias/prod/cvk-${n}`, tags: { Environment: "prod" } };
    case "pin":
      return { alias: `alias/prod/pin-${n}`, usage: "TR31_P0_PIN_ENCRYPTION_KEY" };
    case "derivation":
      return { alias: `alias/prod/bdk-${n}`, usage: "TR31_B0_BASE_DERIVATION_KEY" };
    case "test":
      return { alias: `alias/test/terminal-${n}`, tags: { Environment: "test" } };
  }
}
