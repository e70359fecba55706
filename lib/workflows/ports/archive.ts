import type { CheckpointSignature } from "../../domain/trail/checkpoint.ts";

/** One chain of entries in the table, by its name: `<key ARN>#<generation>`, or `pause#<number>`. */
export interface KeptChain {
  readonly name: string;
  readonly entries: number;
  readonly head: string;
  /** How many of its entries a checkpoint has anchored. Not evidence: it saves doing it twice. */
  readonly anchored: number;
}

/** All that is on record, seen from outside. Throws STORE_UNAVAILABLE. */
export interface TrailHeads {
  /** Every chain of the table, whatever its state. Eventually consistent: what was written just now may be missing. */
  all(): Promise<readonly KeptChain[]>;
  /** Notes that a checkpoint has anchored so many entries of a chain. */
  markAnchored(name: string, entries: number): Promise<void>;
}

/** Signs a text. Throws ARCHIVE_UNAVAILABLE. */
export type SignText = (text: string) => Promise<CheckpointSignature>;

/** Where checkpoints are kept: written once, never changed. Throws ARCHIVE_UNAVAILABLE. */
export interface CheckpointArchive {
  /** The text of the checkpoint of the last hour that has one, at `now` (ms). */
  latest(now: number): Promise<string | undefined>;
  /** Writes the checkpoint of an hour (its beginning, ms), unless there is one. */
  write(hour: number, text: string): Promise<"written" | "there-is-one">;
}
