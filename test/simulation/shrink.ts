import type { Plan } from "./plan.ts";

export interface Shrunk {
  readonly plan: Plan;
  readonly runs: number;
}

/** Removes acts and faults from a plan for as long as it still fails: delta debugging, in `maxRuns` runs at most. */
export async function shrink(
  plan: Plan,
  stillFails: (candidate: Plan) => Promise<boolean>,
  maxRuns = 40,
): Promise<Shrunk> {
  let best = plan;
  let runs = 0;
  const accept = async (candidate: Plan): Promise<boolean> => {
    if (runs === maxRuns) return false;
    runs += 1;
    if (!(await stillFails(candidate))) return false;
    best = candidate;
    return true;
  };
  if (best.noise.rate > 0) await accept({ ...best, noise: { rate: 0, fates: [] } });
  if (best.keys.length > 10) await accept({ ...best, keys: best.keys.slice(0, 4) });
  if (best.skewsMs.length > 1) await accept({ ...best, skewsMs: [0] });
  if (best.hostile) await accept({ ...best, hostile: false });
  for (const part of ["faults", "acts"] as const)
    for (let size = Math.ceil(best[part].length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
      for (let from = 0; from < best[part].length && runs < maxRuns; )
        if (!(await accept({ ...best, [part]: best[part].filter((_, n) => n < from || n >= from + size) })))
          from += size;
  return { plan: best, runs };
}
