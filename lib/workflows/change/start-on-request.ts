import { foldChange, type RequestedStart } from "../../domain/change/change-state.ts";
import { codeOf } from "../../domain/guard-error.ts";
import type { Chain } from "../../domain/ledger/chain.ts";
import { changeChainName } from "../../domain/ledger/chain-name.ts";
import type { ChangeName } from "../../domain/ledger/change-name.ts";
import type { WhyLeftDisabled } from "../../domain/ledger/entry.ts";
import { operationNamed } from "../../domain/operations/registry.ts";
import type { ChangeDeps } from "./change-deps.ts";
import { lookOnce } from "./look-once.ts";
import { record } from "./record.ts";
import { keyOf, stateNow } from "./see-change.ts";
import { whyNotStarted } from "./why-not-started.ts";

/**
 * Starts a key that was stopped, because a person requested it, and publishes the end. INVARIANT: nothing is started but what that stop left: the key
 * is stopped now, no later stop or deletion is known, and the policy in force still lets that person have it started. The same for a first message, a
 * duplicate and a retry: the record precedes the call, and a key that is found started is recorded as such. Throws a GuardError to be tried again.
 */
export async function startOnRequest(deps: ChangeDeps, name: ChangeName, deliveries: number): Promise<void> {
  const chain = await deps.book.read(name);
  const start = (chain && foldChange(chain))?.start;
  const isOpen = start?.state === "requested" || start?.state === "intended";
  if (chain === undefined || !isOpen) deps.log("CHANGE_OVER", { change: changeChainName(name) });
  else await startKey(deps, name, { chain, start, deliveries });
  if (chain !== undefined) await deps.notify(name);
}

interface Starting {
  readonly chain: Chain;
  readonly start: RequestedStart;
  readonly deliveries: number;
}

async function startKey(deps: ChangeDeps, name: ChangeName, starting: Starting): Promise<void> {
  const { chain, start, deliveries } = starting;
  const revert = operationNamed(name.operation)?.revert;
  const look = lookOnce(deps, deliveries);
  const now = await stateNow({ ...(revert && { revert }) }, name.subject, look);
  if (now === "enabled") return await ended(deps, name, chain, "found");
  const key = name.subject.kind === "key" ? await keyOf(deps, name.subject.keyArn, look) : undefined;
  const why = now === undefined ? "start-failed" : await whyNotStarted(deps, name, starting, key);
  if (why !== undefined) return await leave(deps, chain, why);
  const calls = now === undefined ? [] : revert?.back(name.subject, "enabled", now);
  const [call] = calls ?? [];
  if (call === undefined) return await leave(deps, chain, "start-failed");
  const intended = { kind: "usage-start-intended", evidence: "requested-by-person" } as const;
  const begun = start.state === "intended" ? chain : await record(deps, chain, intended);
  try {
    const shown = await deps.plane.call(call);
    if ("error" in shown) return await leave(deps, begun, "start-failed", shown.error);
  } catch (error) {
    if (codeOf(error) !== "ACCESS_DENIED") throw error;
    return await leave(deps, begun, "start-failed", "ACCESS_DENIED");
  }
  await ended(deps, name, begun, "answered");
}

/** INVARIANT: the state is noted before the end is on record, from which no retry comes back: else the next stop would count as no change. */
async function ended(deps: ChangeDeps, name: ChangeName, chain: Chain, how: "answered" | "found"): Promise<void> {
  const aspect = operationNamed(name.operation)?.revert?.aspect;
  if (aspect !== undefined) await deps.known.note(aspect, name.subject, "enabled", deps.clock());
  await record(deps, chain, { kind: "key-usable", how, despiteRule: false });
  deps.log("KEY_STARTED_ON_REQUEST", { change: chain.name, how });
}

async function leave(deps: ChangeDeps, chain: Chain, why: WhyLeftDisabled, code?: string): Promise<void> {
  await record(deps, chain, { kind: "key-left-disabled", why });
  deps.log("REVERT_LEFT", { change: chain.name, why, ...(code !== undefined && { code }) });
}
