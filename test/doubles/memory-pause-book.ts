import { type Chain, emptyChain } from "../../lib/domain/ledger/chain.ts";
import type { PauseBook } from "../../lib/workflows/ports/guard.ts";

/** Whether `stored` holds what a write of `chain` adds, whatever others have added since. */
export function holdsAdded(stored: Chain, { texts }: Chain): boolean {
  return stored.texts[texts.length - 1] === texts.at(-1);
}

/** Pauses in memory; held to the same contract suite as the real ones. */
export function createMemoryPauseBook(): PauseBook {
  const chains = new Map<number, Chain>();
  return {
    latest: async () => chains.get(Math.max(...chains.keys())),
    read: async (no) => chains.get(no),
    save: async ({ no, chain, expectedLength }) => {
      const before = chains.get(no) ?? emptyChain;
      if (before.texts.length !== expectedLength) return holdsAdded(before, chain) ? "saved" : "conflict";
      chains.set(no, chain);
      return "saved";
    },
  };
}
