import { type Chain, emptyChain } from "../../lib/domain/ledger/chain.ts";
import type { PauseBook } from "../../lib/workflows/ports/guard.ts";

/** Returns whether `stored` holds what a write adds, whatever others have added since. */
export function holdsAdded(
  stored: Chain,
  { chain: { texts }, expectedLength }: { readonly chain: Chain; readonly expectedLength: number },
): boolean {
  return texts.length > expectedLength && stored.texts[texts.length - 1] === texts.at(-1);
}

/** Pauses in memory; held to the same contract suite as the real ones. */
export function createMemoryPauseBook(): PauseBook {
  const chains = new Map<number, Chain>();
  return {
    latest: async () => chains.get(Math.max(...chains.keys())),
    read: async (no) => chains.get(no),
    save: async ({ no, ...change }) => {
      const { chain, expectedLength } = change;
      const before = chains.get(no) ?? emptyChain;
      if (before.texts.length !== expectedLength) return holdsAdded(before, change) ? "saved" : "conflict";
      chains.set(no, chain);
      return "saved";
    },
  };
}
