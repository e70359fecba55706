import type { Terminal } from "../shell/terminal.ts";
import type { AwsPlace } from "../stack/aws-place.ts";
import type { LogFile } from "./log-file.ts";
import type { StoredTrail } from "./stored-trail.ts";
import type { TrailSource } from "./trail-source.ts";

/** What commands use that read the audit trail. */
export interface TrailContext extends Terminal {
  /** The chains in a table of AWS, or of an endpoint on this computer. */
  readonly trails: (from: TrailSource) => AsyncIterable<StoredTrail>;
  /** The ARN of the key that an alias stands for now, or undefined. */
  readonly aliasTarget: (place: AwsPlace, alias: string) => Promise<string | undefined>;
  /** The files of a stack's log. */
  readonly logFiles: (stack: AwsPlace & { readonly stage: string }) => AsyncIterable<LogFile>;
}
