import type { AwsPlace } from "../aws-place.ts";

/** A stack whose trail is read, with or without its checkpoints. */
export interface StackToRead {
  readonly table: string;
  readonly stack: AwsPlace & { readonly stage: string };
  readonly withCheckpoints: boolean;
}

export type AuditCommand =
  | {
      readonly do: "export";
      readonly out: string;
      /** ms since the epoch. */
      readonly from: number;
      readonly to: number;
      readonly of: StackToRead;
    }
  | {
      readonly do: "verify";
      /** The folder, or the stack whose live trail is meant. */
      readonly of: { readonly folder: string } | StackToRead;
      readonly digest?: string;
      readonly publicKey?: string;
      readonly json: boolean;
    }
  | { readonly do: "report"; readonly folder: string; readonly out: string };
