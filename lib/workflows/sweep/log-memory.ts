import type { Checkpoint } from "../../domain/log/checkpoint.ts";
import type { LogTail } from "../../domain/log/tail.ts";
import type { Log } from "../ports/guard.ts";
import type { LogSigner, LogStore, TrailTable } from "../ports/log-store.ts";
import type { Witness } from "../ports/witness.ts";

/** What sequencing works with. */
export interface SequencerDeps {
  readonly store: LogStore;
  readonly table: TrailTable;
  /** Absent where no key is configured: then the log has no checkpoints. */
  readonly signer?: LogSigner;
  /** Absent where none is configured. */
  readonly witness?: Witness;
  /** Name of the log: `reprieve/<account>/<region>/<stage>`. */
  readonly origin: string;
  /** ms since the epoch. */
  readonly clock: () => number;
  readonly log: Log;
  /** How much memory (bytes) new entries take at a time, where it is not `mostNewBytes`. */
  readonly mostBytes?: number;
}

/** The checkpoint after the object `number`. */
export interface NumberedCheckpoint {
  readonly number: number;
  readonly checkpoint: Checkpoint;
}

/** What one execution environment knows of the log. It is never evidence: all of it follows from the bucket. */
export interface LogMemory {
  tail?: LogTail;
  /** Checkpoints that are not in the bucket yet, by the number of their object. */
  readonly unsigned: Map<number, Checkpoint>;
  /** The last checkpoint that was found in the bucket, until it is judged: nothing is signed before. */
  unjudged?: NumberedCheckpoint;
  /** The newest checkpoint that holds and lies in the bucket. */
  signed?: NumberedCheckpoint;
  /** The newest one that was found there with signatures of witnesses, until it is judged. */
  foundCosigned?: NumberedCheckpoint;
  /** The newest one that the witness has cosigned. */
  cosigned?: NumberedCheckpoint;
  /** Numbers beyond the end of the log that something holds. */
  outOfOrder: readonly number[];
  /** The key has signed another log of this name: it signs nothing more. */
  forked: boolean;
  /** SHA-256 of the heads that were kept after the last object. */
  headsSha256?: string;
}

/** Returns the memory of an environment that knows nothing yet. */
export function emptyMemory(): LogMemory {
  return { unsigned: new Map(), outOfOrder: [], forked: false };
}
