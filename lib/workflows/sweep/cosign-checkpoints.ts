import { causeOf, codeOf, GuardError } from "../../domain/guard-error.ts";
import { cosignedCheckpoint, judgeCosigned } from "../../domain/log/cosigned.ts";
import { checkpointName, cosignedName } from "../../domain/log/object-name.ts";
import { cosignRequestText } from "../../domain/log/witness.ts";
import type { Witness, WitnessAnswer } from "../ports/witness.ts";
import { type Growth, growthSince } from "./growth-since.ts";
import type { LogMemory, NumberedCheckpoint, SequencerDeps } from "./log-memory.ts";

/** Two answers of the witness, and the reading for a proof, take at most about this long (ms). */
export const timePerCosignatureMs = 20_000;

/** What one attempt works with. */
interface Asking {
  readonly deps: SequencerDeps;
  readonly witness: Witness;
  readonly memory: LogMemory;
  readonly newest: NumberedCheckpoint;
  readonly hasTime: () => boolean;
}

/** Returns whether the witness has not cosigned the newest checkpoint yet. */
export function isCosigningDue({ witness }: SequencerDeps, { signed, cosigned, forked }: LogMemory): boolean {
  return witness !== undefined && !forked && signed !== undefined && (cosigned?.number ?? 0) < signed.number;
}

/**
 * Asks the witness to cosign the newest checkpoint, while `timeLeft` (ms) is enough. Never throws: order and signature of the log stand without
 * the witness, and the next sweep asks again, for the checkpoint that is the newest then.
 */
export async function cosignCheckpoints(deps: SequencerDeps, memory: LogMemory, timeLeft: () => number): Promise<void> {
  const hasTime = () => timeLeft() >= timePerCosignatureMs;
  const { witness, log } = deps;
  if (witness === undefined || !hasTime()) return;
  try {
    await judgeFound(deps, witness, memory);
    const newest = memory.signed;
    if (newest === undefined || !isCosigningDue(deps, memory)) return;
    await cosign({ deps, witness, memory, newest, hasTime });
  } catch (error) {
    log("CHECKPOINT_NOT_COSIGNED", { number: memory.signed?.number, code: codeOf(error), ...causeOf(error) });
  }
}

async function cosign(asking: Asking): Promise<void> {
  const { memory } = asking;
  const first = await ask(asking, memory.cosigned?.checkpoint.size ?? 0);
  // The witness knows another size than this environment does: an answer was lost, or another run has asked.
  if (first.answer.status !== "other-size") return await settle(asking, first);
  const { size } = first.answer;
  if (size > (memory.tail?.state.frontier.size ?? 0)) contradicts(asking, { witnessSize: size });
  else if (size <= asking.newest.checkpoint.size) await settle(asking, await ask(asking, size));
}

async function ask({ deps, witness, memory, newest, hasTime }: Asking, size: number) {
  const known = { size, probableNext: (memory.cosigned?.number ?? 0) + 1 };
  const growth = await growthSince(deps, known, newest, hasTime);
  if (growth === undefined) return { size, answer: { status: "inconsistent" as const } };
  const checkpoint = await deps.store.read(checkpointName(growth.number));
  if (checkpoint === undefined) throw new GuardError("ARCHIVE_UNAVAILABLE", "retry", "the checkpoint is gone");
  const note = Buffer.from(checkpoint.bytes).toString("utf8");
  return { size, growth, note, answer: await witness.ask(cosignRequestText(size, growth.proof, note)) };
}

type Asked = Awaited<ReturnType<typeof ask>>;

async function settle(asking: Asking, { size, growth, note, answer }: Asked): Promise<void> {
  const { log } = asking.deps;
  if (growth === undefined || isContradiction(answer, size, growth)) contradicts(asking, { witnessSize: size });
  else if (answer.status === "cosigned") await keep(asking, growth, note, answer.lines);
  else log("CHECKPOINT_NOT_COSIGNED", { number: growth.number, ...answer });
}

/** A conflict (409) over the very size that both have is one over the root (C2SP tlog-witness). Not every witness names a size with it. */
function isContradiction(answer: WitnessAnswer, size: number, { checkpoint }: Growth): boolean {
  if (answer.status === "inconsistent") return true;
  if (size === 0 || size !== checkpoint.size) return false;
  return answer.status === "refused"
    ? answer.httpStatus === 409
    : answer.status === "other-size" && answer.size === size;
}

/** Keeps the cosigned checkpoint beside the log. INVARIANT: only a signature that verifies with the configured key is written. */
async function keep({ deps, witness, memory }: Asking, growth: Growth, note: string, lines: string): Promise<void> {
  const { number, checkpoint } = growth;
  const cosigned = cosignedCheckpoint(note, lines, witness.key);
  if (cosigned === undefined) {
    deps.log("CHECKPOINT_NOT_COSIGNED", { number, status: "forged" });
    return;
  }
  if ((await deps.store.write(cosignedName(number), cosigned)) === "there-is-one")
    await judge(deps, witness, { number, checkpoint });
  memory.cosigned = { number, checkpoint };
  deps.log("CHECKPOINT_COSIGNED", { number, size: checkpoint.size });
}

/** The log is not the one that the witness has cosigned: entries were removed or changed, or another log has the key. */
function contradicts({ deps, newest }: Asking, fields: { readonly witnessSize: number }): void {
  deps.log("WITNESS_CONTRADICTS", { number: newest.number, size: newest.checkpoint.size, ...fields });
}

/** Takes what an earlier environment left: the witness has cosigned what its signature covers. */
async function judgeFound(deps: SequencerDeps, witness: Witness, memory: LogMemory): Promise<void> {
  const found = memory.foundCosigned;
  if (found === undefined) return;
  if (found.number > (memory.cosigned?.number ?? 0) && (await judge(deps, witness, found)) === "right")
    memory.cosigned = found;
  delete memory.foundCosigned;
}

async function judge({ store, log }: SequencerDeps, witness: Witness, { number, checkpoint }: NumberedCheckpoint) {
  const found = await store.read(cosignedName(number));
  const text = Buffer.from(found?.bytes ?? []).toString("utf8");
  const judged = judgeCosigned(text, checkpoint, witness.key);
  if (judged === "wrong") log("COSIGNATURE_WRONG", { number });
  return judged;
}
