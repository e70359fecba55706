import type { Terminal } from "../shell/terminal.ts";
import type { AwsPlace } from "../stack/aws-place.ts";
import type { StoredTrail } from "./export-trail.ts";
import type { StoredCheckpoints } from "./stored-checkpoints.ts";
import type { TrailSource } from "./trail-source.ts";

/** What commands use that read the audit trail. */
export interface TrailContext extends Terminal {
  /** The cases in a table of AWS, or of an endpoint on this computer. */
  readonly trails: (from: TrailSource) => AsyncIterable<StoredTrail>;
  /** The ARN of the key that an alias stands for now, or undefined. */
  readonly aliasTarget: (place: AwsPlace, alias: string) => Promise<string | undefined>;
  /** The checkpoints of a stack, for the hours of a time (ms). */
  readonly checkpoints: (
    stack: AwsPlace & { readonly stage: string },
    from: number,
    to: number,
  ) => Promise<StoredCheckpoints>;
}
