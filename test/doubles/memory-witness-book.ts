import type { CosignedLog, WitnessBook } from "../../lib/workflows/ports/witness.ts";

/** The memory of a witness as a map. */
export function createMemoryWitnessBook(): WitnessBook {
  const logs = new Map<string, CosignedLog>();
  return {
    last: async (origin) => logs.get(origin),
    keep: async (origin, before, next) => {
      const last = logs.get(origin);
      if ((last?.size ?? 0) !== before) return last?.noteText === next.noteText ? "kept" : "conflict";
      logs.set(origin, next);
      return "kept";
    },
  };
}
