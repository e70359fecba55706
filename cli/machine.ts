import type { StoredCheckpoints } from "./audit/checkpoint-source.ts";
import type { StoredTrail } from "./audit/export-trail.ts";
import type { TrailSource } from "./audit/trail-source.ts";
import type { AwsPlace } from "./aws-place.ts";
import type { Probes } from "./doctor/probes.ts";
import type { InvokeSweep } from "./invoke-sweep.ts";
import type { KeysToScan } from "./scan/scan.ts";
import type { Credentials } from "./sign-vote.ts";

/** Tells what a command came to: 0 fine, 1 found something. */
export type End = (status: 0 | 1) => void;

/** All that the command touches of the machine it runs on. */
export interface Machine {
  readonly version: string;
  readonly endpoint: string | undefined;
  /** The region to work in, where no other is named. */
  readonly region: string;
  readonly credentials: () => Promise<Credentials>;
  /** ms since the epoch. */
  readonly clock: () => number;
  readonly fetch: typeof fetch;
  /** The cases in a table of AWS, or of an endpoint on this machine. */
  readonly trails: (from: TrailSource) => AsyncIterable<StoredTrail>;
  /** The keys of a region, to be read. */
  readonly keys: (place: AwsPlace) => Promise<KeysToScan>;
  /** What the doctor asks. */
  readonly probes: (stack: AwsPlace & { readonly stage: string }) => Promise<Probes>;
  /** Calls the sweep of a stack. */
  readonly invokeSweep: InvokeSweep;
  /** Waits for so many ms; `stop` ends what would go on for ever. */
  readonly pause: (ms: number) => Promise<unknown>;
  /** The checkpoints of a stack, for the hours of a time (ms). */
  readonly checkpoints: (
    stack: AwsPlace & { readonly stage: string },
    from: number,
    to: number,
  ) => Promise<StoredCheckpoints>;
  /** Shows how far something has come, where somebody watches. */
  readonly progress: (text: string) => void;
  readonly colours: boolean;
  readonly print: (line: string) => void;
  readonly complain: (line: string) => void;
}
