import { type Chain, emptyChain } from "../../lib/domain/ledger/chain.ts";
import { type ChainName, pauseChainName } from "../../lib/domain/ledger/chain-name.ts";
import type { ChainChange, PauseBook } from "../../lib/workflows/ports/guard.ts";

/** Returns whether `stored` holds what a write adds, whatever others have added since. */
export function holdsAdded(
  stored: Chain,
  { chain: { texts }, expectedLength }: { readonly chain: Chain; readonly expectedLength: number },
): boolean {
  return texts.length > expectedLength && stored.texts[texts.length - 1] === texts.at(-1);
}

/** Makes a conditional write to a chain in memory, as the table does. */
export function saveIn(chains: Map<ChainName, Chain>, change: ChainChange): "saved" | "conflict" {
  const { chain, expectedLength } = change;
  const before = chains.get(chain.name) ?? emptyChain(chain.name);
  if (before.texts.length !== expectedLength) return holdsAdded(before, change) ? "saved" : "conflict";
  chains.set(chain.name, chain);
  return "saved";
}

/** Pauses in memory; held to the same contract suite as the real ones. */
export function createMemoryPauseBook(): PauseBook {
  const chains = new Map<ChainName, Chain>();
  return {
    latest: async () => [...chains.values()].at(-1),
    read: async (number) => chains.get(pauseChainName(number)),
    save: async (change) => saveIn(chains, change),
  };
}
