import { caseOf } from "../../domain/case/fold.ts";
import { codeOf } from "../../domain/guard-error.ts";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import type { KnownKey } from "../../domain/key/payment-key.ts";
import type { Requester } from "../../domain/people/requester.ts";
import { labelFacts } from "../../domain/policy/change-facts.ts";
import type { Approval } from "../../domain/policy/decision.ts";
import {
  type Starters,
  startersReadKey,
  startersReadLabels,
  usageStarters,
} from "../../domain/policy/usage-starters.ts";
import type { ChangeDeps } from "./change-deps.ts";
import { lookOnce } from "./look-once.ts";

/** A stop that stands, as its record tells it. */
export interface StandingStop {
  readonly keyArn: KeyArn;
  readonly requester: Requester;
  /** eventTime, ms since the epoch. */
  readonly at: number;
  readonly sourceIp?: string;
  /** The key, where it was read already. */
  readonly key?: KnownKey;
  /** The key is known to have been enabled before the stop. */
  readonly wasEnabled: boolean;
  /** The terms of the rule about the stop. */
  readonly approval?: Approval;
}

type Deps = Pick<ChangeDeps, "policy" | "plane" | "labelsSeen" | "newestCase" | "clock" | "log">;

/** What cannot be read keeps no stop from being recorded: its conditions stay open, and open ones are the stricter ones. */
const lastTry = Number.POSITIVE_INFINITY;

/**
 * Returns those who may have the key of a stop started again, by the policy of `deps`; nobody where the case of a deletion may be
 * what disabled the key. Reads the key only where a rule needs it. Throws STORE_UNAVAILABLE.
 */
export async function keyStarters(deps: Deps, stop: StandingStop): Promise<Starters> {
  const { policy } = deps;
  const { keyArn, requester: identity, at, sourceIp, approval } = stop;
  if (await isDisabledByCase(deps, stop)) return { persons: [] };
  const labels = startersReadLabels(policy) ? labelFacts(await deps.labelsSeen(keyArn), at, deps.clock()) : {};
  const key = stop.key ?? (startersReadKey(policy) ? await keyNow(deps, keyArn) : undefined) ?? { arn: keyArn };
  const requester = { identity, at, ...(sourceIp !== undefined && { sourceIp }) };
  return usageStarters(policy, { key, ...labels, requester }, approval);
}

async function keyNow(deps: Deps, keyArn: KeyArn): Promise<KnownKey | undefined> {
  const shown = await lookOnce(deps, lastTry)({ call: "GetKey", input: { KeyIdentifier: keyArn } });
  return shown && deps.plane.keyIn(shown);
}

/**
 * Returns whether the newest case of the key may be why it is disabled. INVARIANT: a key that was deleted since the stop, or that its case did not leave
 * usable, is never started because of the stop, unless it was seen enabled in between.
 */
async function isDisabledByCase({ newestCase }: Deps, { keyArn, at, wasEnabled }: StandingStop): Promise<boolean> {
  const stored = await newestCase(keyArn).catch((error: unknown) => {
    if (codeOf(error) === "CASE_UNREADABLE") return "unreadable" as const;
    throw error;
  });
  if (stored === undefined || stored === "unreadable") return stored === "unreadable";
  const { openedAt, requests, settled, over } = caseOf(stored.chain);
  if (openedAt > at || requests.some((request) => request.at > at)) return true;
  return !wasEnabled && !(settled === "key-usable" && over === undefined);
}
