import type { DeletionAttempt } from "../deletion/request.ts";
import { callsNameOf } from "../ledger/calls-name.ts";
import { append, type Chain, emptyChain } from "../ledger/chain.ts";
import { type ChainName, callsChainName } from "../ledger/chain-name.ts";
import type { BodyOf } from "../ledger/entry.ts";
import { recordableRequester } from "../ledger/recordable-requester.ts";

/** Failed calls of one principal and hour that are recorded one by one; of the rest the number is. INVARIANT: the chain stays under 200 KB. */
export const maxCallsKept = 20;

/** Returns the entry for a DeleteKey call that failed. */
export function refusedCall({ at, requester, ...attempt }: DeletionAttempt): BodyOf<"call-refused"> {
  return {
    ...{ kind: "call-refused", operation: "DeleteKey", ...attempt },
    ...{ calledAt: at, requester: recordableRequester(requester) },
  };
}

/** Returns the chain on which a call belongs. */
export function chainOfCall(call: BodyOf<"call-refused">): ChainName {
  return callsChainName(callsNameOf(call));
}

/** Returns `before` with the call, or why it is not added: the chain has it already, or as many as it may hold. */
export function withCall(
  before: Chain | undefined,
  call: BodyOf<"call-refused">,
  now: number,
): Chain | "recorded" | "full" {
  const recorded = callsIn(before);
  if (recorded.some(({ eventId }) => eventId === call.eventId)) return "recorded";
  if (recorded.length >= maxCallsKept) return "full";
  return append(before ?? emptyChain(chainOfCall(call)), call, now);
}

/** Returns the chain with an entry for the calls that were only counted, `more` in all; undefined where its entries have them. */
export function withCounted(before: Chain, more: number, now: number): Chain | undefined {
  const count = more - countedIn(before);
  return count > 0 ? append(before, { kind: "calls-not-recorded", count }, now) : undefined;
}

function callsIn(chain: Chain | undefined) {
  return (chain?.entries ?? []).flatMap((entry) => (entry.kind === "call-refused" ? [entry] : []));
}

function countedIn({ entries }: Chain): number {
  return entries.reduce((sum, entry) => sum + (entry.kind === "calls-not-recorded" ? entry.count : 0), 0);
}
