import type { AwsPlace } from "../stack/aws-place.ts";

/** A stack whose trail is read, with or without its checkpoints. */
export interface StackToRead {
  readonly table: string;
  readonly stack: AwsPlace & { readonly stage: string };
  readonly withCheckpoints: boolean;
}

export interface ExportCommand {
  readonly out: string;
  /** ms since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly source: StackToRead;
  readonly json: boolean;
}

export interface VerifyCommand {
  /** The folder, or the stack whose live trail is meant. */
  readonly source: { readonly folder: string } | StackToRead;
  readonly digest?: string;
  readonly publicKey?: string;
  readonly json: boolean;
}

export interface ReportCommand {
  readonly folder: string;
  readonly out: string;
  readonly json: boolean;
}
