import type { Requester } from "../../lib/domain/people/requester.ts";
import type { Facts, RequestFacts } from "../../lib/domain/policy/decision.ts";
import { factsOf as completeFacts } from "./facts.ts";
import { alice as sessionOfAlice, reaper as sessionOfReaper, t0 } from "./key-world.ts";

type RoleSession = Extract<Requester, { kind: "role-session" }>;

const { key: factsOfKey, deletePendingAt = 0 } = completeFacts();
export const key: Facts["key"] = factsOfKey;
/** When `key`, deleted at `t0`, is gone. */
export const sevenDaysLater = deletePendingAt;

export const alice = sessionOfAlice as RoleSession;
/** The reaper, in a session that calls itself Alice. */
export const reaper: RoleSession = {
  ...(sessionOfReaper as RoleSession),
  sessionName: "alice@example.com",
  mfa: false,
};
export const reaperArn = reaper.roleArn;
export const unknown: Requester = { kind: "unknown" };

/** A deletion record by `who`, complete unless `rest` says otherwise. */
export function requestBy(identity: Requester, rest: Partial<RequestFacts> = {}): RequestFacts {
  return { identity: identity, at: t0, sourceIp: "203.0.113.64", ...rest };
}

/** Facts about `key`, pending for seven days; its labels are old, and nothing else that is lazy is known unless `lazy` says so. */
export function factsOf(lazy: Partial<Facts> = {}): Facts {
  return { key, deletePendingAt: sevenDaysLater, labelAge: "assumed-old", ...lazy };
}
