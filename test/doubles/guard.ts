import { parsePolicy } from "../../lib/domain/policy/parse.ts";
import { compilePolicy, type Policy } from "../../lib/domain/policy/policy.ts";
import type { Guard } from "../../lib/workflows/guard/run.ts";
import { UnrecordedRestores } from "../../lib/workflows/guard/unrecorded-restores.ts";
import type { CaseBus } from "../../lib/workflows/ports/guard.ts";
import type { KeyWorld } from "./key-world.ts";
import { labelsSeenForLong } from "./label-inventory.ts";
import { createMemoryCaseStore } from "./memory-case-store.ts";
import { createMemoryPauseBook } from "./memory-pause-book.ts";

const custodian = (name: string) => ({
  slack: `U0${name.toUpperCase()}`,
  aws: [`${name}@example.com`, `arn:aws:iam::111122223333:user/${name}`],
  groups: ["custodians"],
});

/** Alice, Bob and Carol are custodians; Dave is known and is not one. */
export const everybody = {
  alice: custodian("alice"),
  bob: custodian("bob"),
  carol: custodian("carol"),
  dave: { ...custodian("dave"), groups: ["operators"] },
};

/** A policy that enforces `rules` over the default `restore`. */
export function policyWith(rules: readonly object[] = [], top: object = {}): Policy {
  const parsed = parsePolicy({
    version: 1,
    mode: "enforce",
    default: "restore",
    trust: { accounts: ["111122223333"] },
    people: everybody,
    rules,
    ...top,
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return compilePolicy(parsed.document, "f".repeat(64));
}

/** Anyone who deletes the key of the tests, two custodians are asked; `approval` says how, beside that. */
export function asking(approval: object = {}): Policy {
  const when = { key: { usage: "TR31_C0_CARD_VERIFICATION_KEY" } };
  return policyWith([
    { id: "ask", when, then: "ask", approval: { from: "custodians", quorum: 2, within: "24h", ...approval } },
  ]);
}

export const allowReaper = {
  id: "allow-reaper",
  when: { requester: { role: "arn:aws:iam::111122223333:role/ci/key-reaper" } },
  then: "allow",
};

export interface PublishedEntry {
  readonly generation?: number;
  readonly seq: number;
  readonly kind: string;
}

/** A bus that remembers what it was sent. */
export function createMemoryBus(): CaseBus & { readonly published: PublishedEntry[]; readonly unrecorded: string[] } {
  const published: PublishedEntry[] = [];
  const unrecorded: string[] = [];
  return {
    published,
    unrecorded,
    publish: async (_, generation, entries) => {
      published.push(...entries.map(({ seq, kind }) => ({ generation, seq, kind })));
    },
    announceUnrecorded: async (_, entries) => {
      unrecorded.push(entries.map(({ kind }) => kind).join(" "));
    },
  };
}

/** A guard in a world of doubles; `at` is its clock, ms. */
export function createTestGuard(keys: KeyWorld, at: number, overrides: Partial<Guard> = {}) {
  const cases = createMemoryCaseStore();
  const pauses = createMemoryPauseBook();
  const bus = createMemoryBus();
  const logged: { code: string; fields: Readonly<Record<string, unknown>> }[] = [];
  const time = { now: at };
  let runs = 0;
  const guard: Guard = {
    policy: policyWith(),
    keys,
    cases,
    pauses,
    inventory: { lastSeen: async () => undefined, labelsSeen: async () => labelsSeenForLong(keys, time.now) },
    bus,
    clock: () => time.now,
    newRunId: () => {
      runs += 1;
      return `run-${runs}`;
    },
    log: (code, fields) => logged.push({ code, fields }),
    unrecorded: new UnrecordedRestores(),
    version: "0.1.0",
    ...overrides,
  };
  /** Kinds of the entries of every case, oldest case first. */
  const kinds = () => cases.chains().map(({ entries }) => entries.map(({ kind }) => kind));
  return { guard, cases, pauses, bus, logged, time, kinds };
}
