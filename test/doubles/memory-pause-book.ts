import { type Chain, emptyChain } from "../../lib/domain/audit-chain.ts";
import type { PauseBook } from "../../lib/workflows/ports.ts";

/** Pauses in memory. */
export function createMemoryPauseBook(): PauseBook {
  const chains = new Map<number, Chain>();
  return {
    latest: async () => chains.get(Math.max(...chains.keys())),
    read: async (no) => chains.get(no),
    save: async ({ no, chain, expectedLength }) => {
      if ((chains.get(no) ?? emptyChain).entries.length !== expectedLength) return "conflict";
      chains.set(no, chain);
      return "saved";
    },
  };
}
