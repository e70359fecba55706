import type { KeyArn } from "../../domain/key/key-arn.ts";
import type { CaseName } from "../../domain/ledger/case-name.ts";

/** One thing for the sweep to do. `listed`: ListKeys shows the key in `DELETE_PENDING`. */
export type SweepTask =
  /** Look at a key, and at its newest case. One that `mayWait` can be left to the next sweep without harm. */
  | { readonly do: "look"; readonly keyArn: KeyArn; readonly listed: boolean; readonly mayWait: boolean }
  /** An earlier case of a key, or one that is over: only its record is to be finished and published. */
  | { readonly do: "finish"; readonly name: CaseName }
  /** The records of a key cannot be read. */
  | { readonly do: "protect"; readonly keyArn: KeyArn; readonly listed: boolean; readonly error: unknown };
