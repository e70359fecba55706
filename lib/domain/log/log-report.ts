import type { Entry } from "../ledger/entry.ts";
import type { ExpectedKeys } from "./check-checkpoints.ts";
import type { Surroundings } from "./check-times.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { LogFinding, Verdict } from "./finding.ts";

/** What lies under one number of the log. */
export interface NumberedObject {
  readonly number: number;
  /** Absent where only a checkpoint lies there. */
  readonly bytes?: Uint8Array;
  readonly checkpoint?: string;
  /** The checkpoint with the signatures of witnesses. */
  readonly cosigned?: string;
  /** When S3 took the object (ms), if that is known. */
  readonly modifiedAt?: number;
}

export interface ReadOptions extends ExpectedKeys {
  /** The time that has to be covered (ms since the epoch): from the beginning of the log, where `from` is absent. */
  readonly from?: number;
  readonly to: number;
  /** A checkpoint that someone kept: the log has to begin with its tree. */
  readonly since?: Checkpoint;
  /** Hears each entry that holds, with its text and its place in the log, from 0; without a place where it is not logged yet. */
  readonly onEntry?: (entry: Entry, text: string, index?: number) => void;
  /** Hears the hash of every leaf. */
  readonly onLeaf?: (hash: Buffer) => void;
  /** Hears each line of the log in its order, also one that does not hold. */
  readonly onLine?: (line: LoggedLine) => void;
  /** Hears each finding, also those that the report only counts. */
  readonly onFinding?: (finding: LogFinding) => void;
}

/** A line of the log, and where it is. */
export interface LoggedLine extends Surroundings {
  readonly text: string;
  readonly leaf: Buffer;
  /** Absent where the line does not hold. */
  readonly entry?: Entry;
}

/** What a log holds, and everything that is wrong with it. */
export interface LogReport {
  readonly verdict: Verdict;
  readonly objects: number;
  readonly entries: number;
  readonly chains: number;
  /** Root over all entries, base64. */
  readonly root: string;
  /** First and last closing of the whole table (ms). */
  readonly covered?: readonly [number, number];
  /** The last checkpoint that holds: its text, and how many entries it covers. */
  readonly anchor?: { readonly text: string; readonly size: number };
  readonly findings: readonly LogFinding[];
  /** How many there are in all. */
  readonly found: number;
}

/** Returns what an entry of the chain `log` reports, if that is a finding. */
export function reportIn(entry: Entry, { object, index }: Surroundings): LogFinding | undefined {
  switch (entry.kind) {
    case "trail-differs":
      return { finding: "trail-differs", object, index, chain: entry.subject };
    case "clock-went-back":
      return { finding: "clock-went-back", object, index };
    case "object-out-of-order":
      return { finding: "object-out-of-order", object: entry.number, index };
    case "object-unreadable":
      return { finding: "unreadable-object", object: entry.number, index };
    default:
      return undefined;
  }
}
