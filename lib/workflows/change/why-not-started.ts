import { recordedState } from "../../domain/change/change-entries.ts";
import { type ChangeState, foldChange, type RequestedStart, standingStops } from "../../domain/change/change-state.ts";
import type { PaymentKey } from "../../domain/key/payment-key.ts";
import type { Chain } from "../../domain/ledger/chain.ts";
import type { ChangeName } from "../../domain/ledger/change-name.ts";
import type { WhyLeftDisabled } from "../../domain/ledger/entry.ts";
import { minuteMs } from "../../domain/time.ts";
import type { ChangeDeps } from "./change-deps.ts";
import { keyStarters } from "./key-starters.ts";

/** A request to start a key, in the chain of the stops that it is about. */
interface Requested {
  readonly chain: Chain;
  readonly start: RequestedStart;
}

/** The clocks of CloudTrail and of the key (ms) may differ by this much. */
const clockSkewMs = minuteMs;

/**
 * Returns why a stopped key is not started although a person requested it, or undefined. `key`: as GetKey shows it now, if it does. What was recorded
 * with the stop is judged again: the policy, the people of its groups and the state of the key may have changed since. Throws STORE_UNAVAILABLE.
 */
export async function whyNotStarted(
  deps: ChangeDeps,
  name: ChangeName,
  { chain, start }: Requested,
  key: PaymentKey | undefined,
): Promise<WhyLeftDisabled | undefined> {
  const state = foldChange(chain);
  if (state === undefined || (await isStoppedSince(deps, name, { state, start }, key))) return "usage-changed-since";
  return (await mayStillStart(deps, name, { state, start }, key)) ? undefined : "rule";
}

interface Known {
  readonly state: ChangeState;
  readonly start: RequestedStart;
}

/** Whether another stop followed the one that people want ended: it may answer a compromise. */
async function isStoppedSince(
  { book, clock }: Pick<ChangeDeps, "book" | "clock">,
  name: ChangeName,
  { state, start }: Known,
  key: PaymentKey | undefined,
): Promise<boolean> {
  if ((state.detected.at(-1)?.eventId ?? "") !== start.eventId) return true;
  const last = Math.max(...state.detected.map(({ changedAt }) => changedAt));
  const stoppedAt = key?.usageStoppedAt ?? 0;
  // A time to come is no stop that was made.
  if (stoppedAt > last + clockSkewMs && stoppedAt <= clock()) return true;
  return ((await book.latestHour(name)) ?? name.hour) > name.hour;
}

const enabled = recordedState("enabled");

/** Whether the person who requested the start may have the key started after each of the stops that stand. */
async function mayStillStart(
  deps: ChangeDeps,
  { operation, subject }: ChangeName,
  { state, start }: Known,
  key: PaymentKey | undefined,
): Promise<boolean> {
  if (subject.kind !== "key") return false;
  for (const { detected, verdict } of standingStops(state)) {
    const { requester = { kind: "unknown" } as const, changedAt: at, sourceIp, before } = detected;
    const rule = deps.policy.changeRules.find(
      ({ id, operations }) => id === verdict?.rule && operations.has(operation),
    );
    const { persons, proof } = await keyStarters(deps, {
      ...{ keyArn: subject.keyArn, requester, at, wasEnabled: before?.sha256 === enabled.sha256 },
      ...(sourceIp !== undefined && { sourceIp }),
      ...(key !== undefined && { key }),
      ...(rule?.approval !== undefined && { approval: rule.approval }),
    });
    if (!persons.includes(start.request.person)) return false;
    if (proof !== undefined && !proof.includes(start.request.voter.via)) return false;
  }
  return true;
}
