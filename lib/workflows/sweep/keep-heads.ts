import { causeOf, codeOf } from "../../domain/guard-error.ts";
import { sha256Hex } from "../../domain/ledger/canonical-json.ts";
import { keptHeadsText } from "../../domain/log/kept-heads.ts";
import { headsName } from "../../domain/log/object-name.ts";
import type { LogTail } from "../../domain/log/tail.ts";
import { dayMs } from "../../domain/time.ts";
import type { LogMemory, SequencerDeps } from "./log-memory.ts";

/** Keeps the heads of all chains, once a day, for an environment that starts later. INVARIANT: only of a log whose end is signed. */
export async function keepHeads(
  { store, signer, clock, log }: SequencerDeps,
  memory: LogMemory,
  tail: LogTail,
): Promise<void> {
  const { number, lastAllAt } = tail.state;
  const isDue = lastAllAt !== undefined && Math.floor(lastAllAt / dayMs) !== Math.floor(clock() / dayMs);
  if (signer === undefined || memory.unsigned.size > 0 || tail.unreadable.length > 0 || !isDue) return;
  const text = keptHeadsText(tail);
  try {
    await store.write(headsName(number), text);
    memory.headsSha256 = sha256Hex(text);
  } catch (error) {
    log("HEADS_NOT_KEPT", { number, code: codeOf(error), ...causeOf(error) });
  }
}
