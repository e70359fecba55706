/** A file of the log as stored in the audit bucket: nothing of it is judged here. */
export interface LogFile {
  /** `log/0000000042.jsonl` */
  readonly name: string;
  /** The first version of it. */
  readonly bytes: Uint8Array;
  /** When S3 took it (ms). */
  readonly modifiedAt?: number;
  /** What must not be there: an object that is written once has one version, and is never deleted. */
  readonly irregular: readonly Irregularity[];
}

export type Irregularity = "second-version" | "delete-marker";
