import { hourText } from "../../domain/ledger/calls-name.ts";
import { withCounted } from "../../domain/stack/refused-calls.ts";
import { hourMs } from "../../domain/time.ts";
import type { CallBook } from "../ports/stack.ts";

/** Hours whose counts are recorded, the current one not included: a record of CloudTrail may come late, and the sweep may have been down. */
const hoursBack = 26;

/** Records how many failed calls were only counted in the last hours. Writes nothing twice. Throws what the book throws. */
export async function recordCounts(calls: Pick<CallBook, "counted" | "save">, now: number): Promise<void> {
  for (let back = 1; back <= hoursBack; back++)
    for (const { chain, more } of await calls.counted(hourText(now - back * hourMs))) {
      const longer = withCounted(chain, more, now);
      // After a conflict the next hour records it.
      if (longer !== undefined) await calls.save({ chain: longer, expectedLength: chain.entries.length });
    }
}
