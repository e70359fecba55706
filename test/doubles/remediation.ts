import { GuardError } from "../../lib/domain/guard-error.ts";
import { hourMs } from "../../lib/domain/time.ts";
import type { PaymentKeys } from "../../lib/workflows/ports/guard.ts";
import type { RemediationClaims, ResourcePolicies } from "../../lib/workflows/ports/remediation.ts";
import type { LockOutDeps } from "../../lib/workflows/remediate/lock-out-deps.ts";
import { createTestGuard, policyWith } from "./guard.ts";
import { createKeyWorld, type KeyWorld, t0 } from "./key-world.ts";
import { createMemoryKnownStates } from "./memory-known-states.ts";

export const guardRole = "arn:aws:iam::111122223333:role/reprieve-dev-guard-us-east-1";

/** A Deny of `calls` to the guard. */
export const denyOf = (...calls: string[]) => ({
  ...{ Sid: "LockOut", Effect: "Deny", Principal: { AWS: guardRole }, Resource: "*" },
  Action: calls.map((call) => `payment-cryptography:${call}`),
});
export const grant = {
  ...{ Sid: "Partner", Effect: "Allow", Principal: { AWS: "arn:aws:iam::444455556666:root" } },
  ...{ Action: "payment-cryptography:DecryptData", Resource: "*" },
};

/** Claims in memory, with the table's rule: one owner per subject and hour. */
export function createMemoryClaims(): RemediationClaims & {
  readonly taken: Map<string, { owner: string; at: number }>;
} {
  const taken = new Map<string, { owner: string; at: number }>();
  return {
    taken,
    claim: async (subject, owner, now) => {
      const held = taken.get(subject);
      if (held !== undefined && held.owner !== owner && now - held.at < hourMs) return "taken";
      taken.set(subject, { owner, at: now });
      return "claimed";
    },
  };
}

interface WorldOptions {
  readonly keys?: KeyWorld;
  readonly statements: readonly object[];
  readonly policy?: LockOutDeps["policy"];
  readonly overrides?: Partial<LockOutDeps>;
}

/** A guard that a key's resource policy may deny its calls, and the remediation beside it, over the same store and clock. */
export function createLockedOutWorld({
  keys = createKeyWorld(),
  statements,
  policy = policyWith(),
  overrides = {},
}: WorldOptions) {
  const state = { statements: [...statements] as object[], calls: [] as string[] };
  const denies = (call: string) => JSON.stringify(state.statements).includes(`payment-cryptography:${call}"`);
  const unlessDenied =
    <Args extends readonly unknown[], Answer>(call: string, real: (...args: Args) => Promise<Answer>) =>
    async (...args: Args) => {
      if (denies(call)) throw new GuardError("ACCESS_DENIED", "retry", `${call} is denied`);
      return await real(...args);
    };
  const port: PaymentKeys = {
    ...keys,
    observe: unlessDenied("GetKey", keys.observe),
    restore: unlessDenied("RestoreKey", keys.restore),
    startUsage: unlessDenied("StartKeyUsage", keys.startUsage),
  };
  const test = createTestGuard(keys, t0 + 1000, { policy, keys: port });
  const policies: ResourcePolicies = {
    read: async () => {
      state.calls.push("GetResourcePolicy");
      return state.statements.length === 0
        ? "{}"
        : JSON.stringify({ Version: "2012-10-17", Statement: state.statements });
    },
    put: async (_, text) => {
      state.calls.push("PutResourcePolicy");
      state.statements = (JSON.parse(text) as { Statement: object[] }).Statement;
    },
    remove: async () => {
      state.calls.push("DeleteResourcePolicy");
      state.statements = [];
    },
  };
  const claims = createMemoryClaims();
  const known = createMemoryKnownStates();
  const { guard, cases, pauses, bus, time } = test;
  const deps: LockOutDeps = {
    ...{ policy, cases, pauses, policies, claims, known, bus, roles: [guardRole] },
    ...{ clock: () => time.now, newRunId: guard.newRunId, log: guard.log },
    ...overrides,
  };
  return { ...test, keys, deps, state, claims, known, policies };
}
