/** What can be wrong with a log, or missing for a verdict. */
export type LogFindingName =
  /** A number without an object, between two that there are. */
  | "object-missing"
  /** Something else lies where an object belongs. */
  | "unreadable-object"
  /** Something lay beyond the end of the log. */
  | "object-out-of-order"
  /** An object that does not name the one before it, or another tree than the objects before it make. */
  | "batch-forked"
  /** An entry that does not follow the one before it in its chain, or does not begin it. */
  | "link-broken"
  /** An entry that is not canonical JSON, of an unknown kind, or of another form than its kind has. */
  | "entry-malformed"
  /** An object without a checkpoint: before a signed one, or after the last. */
  | "checkpoint-missing"
  | "checkpoint-unsigned"
  /** A note that is no checkpoint of this tree, or not signed by the key. */
  | "checkpoint-wrong"
  /** An entry older than the closing of the whole table before it: it was not there then. */
  | "back-dated"
  /** An entry newer than its closing. */
  | "post-dated"
  /** The whole table was not logged for more than 75 min. */
  | "closing-missing"
  /** S3 took the object at another time than its closing says. */
  | "clock-differs"
  | "clock-went-back"
  /** The table contradicts the log. */
  | "trail-differs"
  /** An entry of the table is older than 75 min, and not in the log. */
  | "not-logged"
  /** The list of heads and the log differ. */
  | "missing-from-export"
  | "export-differs"
  | "not-covered-at-the-beginning"
  | "not-covered-at-the-end"
  /** The log does not begin with the tree of an older checkpoint. */
  | "inconsistent-with-older-checkpoint"
  /** The named witness has cosigned no checkpoint that covers the time asked for. */
  | "not-witnessed"
  /** Where a cosigned checkpoint belongs lies another note, or a signature that is not the witness's. */
  | "cosignature-wrong"
  /** No key was given that the log has to be signed by. */
  | "no-expected-key"
  /** Of the bucket: an object was written over, or deleted. */
  | "second-version"
  | "delete-marker"
  /** Of an export: files, or its manifest, are not as they were written. */
  | "lost-file"
  | "extra-file"
  | "changed-file"
  | "not-a-file"
  | "changed-manifest"
  | "other-digest";

export interface LogFinding {
  readonly finding: LogFindingName;
  /** Number of the object, and the last one where several in a row have the same fault. */
  readonly object?: number;
  readonly lastObject?: number;
  /** Place in the log, from 0. */
  readonly index?: number;
  readonly chain?: string;
  readonly seq?: number;
  /** In words, for a person. */
  readonly detail?: string;
}

/** Findings that take nothing from what the log holds: they say how far that is anchored. */
const aboutAnchoring: ReadonlySet<LogFindingName> = new Set([
  "not-covered-at-the-beginning",
  "not-covered-at-the-end",
  "closing-missing",
  "not-witnessed",
  "no-expected-key",
  "checkpoint-unsigned",
]);

/** `whole`: nothing was changed, and the expected key signed all of the time asked for. `linked`: nothing was found changed, but that is not proven. */
export type Verdict = "whole" | "damaged" | "linked";

/** Returns the verdict on a log with these findings. */
export function verdictOn(findings: readonly Pick<LogFinding, "finding">[]): Verdict {
  if (findings.some(({ finding }) => !aboutAnchoring.has(finding))) return "damaged";
  return findings.length === 0 ? "whole" : "linked";
}
