import type { MissedChange } from "../../lib/workflows/ports/change.ts";
import type { StateInventory, StateProgress } from "../../lib/workflows/ports/sweep.ts";
import { createMemoryKnownStates } from "./memory-known-states.ts";

/** An inventory of states in memory; by default every key is gone, and so shows no state. */
export function createMemoryStates(
  look: StateInventory["look"] = async () => ({ error: "ResourceNotFoundException" }),
): StateInventory & { readonly missed: MissedChange[]; readonly known: ReturnType<typeof createMemoryKnownStates> } {
  const missed: MissedChange[] = [];
  let progress: StateProgress = { readAt: new Map() };
  return {
    missed,
    known: createMemoryKnownStates(),
    progress: async () => structuredClone(progress),
    noteProgress: async (next) => {
      progress = structuredClone(next);
    },
    look,
    reportMissed: async (each) => void missed.push(each),
  };
}
