import type { VerifierKey } from "../../lib/domain/log/verifier-key.ts";
import type { Draw } from "../report/rows/sample.ts";
import type { AwsPlace } from "../stack/aws-place.ts";

/** A stack whose trail is read. */
export interface StackToRead {
  readonly table: string;
  readonly stack: AwsPlace & { readonly stage: string };
}

/** A stretch of time (ms since the epoch), open where a bound is absent. */
export interface AskedTime {
  readonly from?: number;
  readonly to?: number;
}

/** How an export is reported to the stack. */
export interface ReportOptions {
  readonly endpoint?: string;
  readonly reason?: string;
  readonly stsUrl?: string;
  readonly local?: true;
  readonly region?: string;
}

export interface ExportCommand extends AskedTime {
  readonly out: string;
  readonly source: StackToRead;
  readonly json: boolean;
  /** How the export is reported to the stack. */
  readonly report: ReportOptions;
}

/** What a log is checked against. */
export interface Expected {
  readonly key?: VerifierKey;
  readonly witnesses: readonly VerifierKey[];
  /** File of a checkpoint that was kept. */
  readonly since?: string;
}

export interface VerifyCommand extends AskedTime, Expected {
  /** The folder, or the stack whose live trail is meant. */
  readonly source: { readonly folder: string } | StackToRead;
  readonly digest?: string;
  /** What an export has to be of. */
  readonly exportOf?: string;
  readonly json: boolean;
}

export interface ProveCommand extends Expected {
  readonly folder: string;
  readonly name: string;
  readonly out: string;
}

/** What a report shows beyond its export. */
export interface ReportWish extends AskedTime {
  /** How long (ms) a restored key may take to be usable again. */
  readonly targetMs: number;
  /** Cases to draw for work papers. */
  readonly draw?: Draw;
}

export interface ReportCommand extends Expected, ReportWish {
  readonly folder: string;
  readonly out: string;
  /** File with the result of `audit reconcile`. */
  readonly reconciliation?: string;
  readonly json: boolean;
}

export interface FlatCommand extends Expected {
  readonly folder: string;
  readonly out: string;
  /** What the export has to be of. */
  readonly exportOf?: string;
  readonly json: boolean;
}
