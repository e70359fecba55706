import { type Chain, emptyChain } from "../../lib/domain/ledger/chain.ts";
import { type ChainName, pauseChainName } from "../../lib/domain/ledger/chain-name.ts";
import type { PauseBook } from "../../lib/workflows/ports/guard.ts";

/** Whether `stored` holds what a write of `chain` adds, whatever others have added since. */
export function holdsAdded(stored: Chain, { texts }: Chain): boolean {
  return stored.texts[texts.length - 1] === texts.at(-1);
}

/** Pauses in memory; held to the same contract suite as the real ones. */
export function createMemoryPauseBook(): PauseBook {
  const chains = new Map<ChainName, Chain>();
  return {
    latest: async () => [...chains.values()].at(-1),
    read: async (number) => chains.get(pauseChainName(number)),
    save: async ({ chain, expectedLength }) => {
      const before = chains.get(chain.name) ?? emptyChain(chain.name);
      if (before.texts.length !== expectedLength) return holdsAdded(before, chain) ? "saved" : "conflict";
      chains.set(chain.name, chain);
      return "saved";
    },
  };
}
