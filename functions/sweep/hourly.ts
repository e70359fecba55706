import { hourOf } from "../../lib/domain/deletion/repeated-deletions.ts";

/** Returns `run` for the first call in each hour of `clock` (ms): a new execution environment may run it once more. */
export function onceAnHour<Answer>(clock: () => number, run: () => Promise<Answer>): () => Promise<Answer | undefined> {
  let ranIn: number | undefined;
  return async () => {
    const hour = hourOf(clock());
    if (hour === ranIn) return undefined;
    ranIn = hour;
    return await run();
  };
}
