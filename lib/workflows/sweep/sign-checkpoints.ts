import { causeOf, codeOf, GuardError } from "../../domain/guard-error.ts";
import { checkpointText } from "../../domain/log/checkpoint.ts";
import { checkpointName } from "../../domain/log/object-name.ts";
import { judgeCheckpoint, signedCheckpoint } from "../../domain/log/signed-checkpoint.ts";
import type { VerifierKey } from "../../domain/log/verifier-key.ts";
import type { LogMemory, NumberedCheckpoint, SequencerDeps } from "./log-memory.ts";

/** One signature, and the write of it, take at most about this long (ms). */
const timePerCheckpointMs = 5_000;

/**
 * Signs the checkpoints that are missing, the oldest first, while `timeLeft` (ms) is left. Never throws: the order of the log stands without
 * them, and the next sweep goes on.
 */
export async function signCheckpoints(
  deps: SequencerDeps,
  memory: LogMemory,
  timeLeft: () => number = () => Number.POSITIVE_INFINITY,
): Promise<void> {
  const { signer, log } = deps;
  if (signer === undefined || (memory.unsigned.size === 0 && memory.unjudged === undefined)) return;
  try {
    const key = await signer.key();
    if (memory.unjudged !== undefined) await judge(deps, memory, key, memory.unjudged);
    delete memory.unjudged;
    for (const [number, checkpoint] of memory.unsigned) {
      if (memory.forked || timeLeft() < timePerCheckpointMs) return;
      const note = signedCheckpoint(checkpoint, key, await signer.sign(checkpointText(checkpoint)));
      // The object is locked for years, so the signature is verified before it is written.
      if (judgeCheckpoint(note, checkpoint, key) !== "right")
        throw new GuardError("SIGNING_UNAVAILABLE", "retry", "the signature is not that of the signing key");
      const written = await deps.store.write(checkpointName(number), note);
      // Another run was faster, an answer was lost, or another person has written here.
      if (written === "there-is-one") await judge(deps, memory, key, { number, checkpoint });
      else memory.signed = { number, checkpoint };
      memory.unsigned.delete(number);
    }
  } catch (error) {
    const [number] = memory.unsigned.keys();
    log("CHECKPOINT_UNSIGNED", { number, code: codeOf(error), ...causeOf(error) });
  }
}

/** Judges the checkpoint that lies in the bucket. INVARIANT: a key that has signed another tree of this log signs nothing more. */
async function judge(
  { store, log }: SequencerDeps,
  memory: LogMemory,
  key: VerifierKey,
  { number, checkpoint }: NumberedCheckpoint,
): Promise<void> {
  const found = await store.read(checkpointName(number));
  const judged = found && judgeCheckpoint(Buffer.from(found.bytes).toString("utf8"), checkpoint, key);
  if (judged === "right") {
    memory.signed = { number, checkpoint };
    return;
  }
  memory.forked ||= judged === "forked";
  log("CHECKPOINT_WRONG", { number, judged: judged ?? "gone" });
}
