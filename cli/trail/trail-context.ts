import type { Terminal } from "../shell/terminal.ts";
import type { AwsPlace } from "../stack/aws-place.ts";
import type { LogFile } from "./log-source.ts";
import type { StoredTrail } from "./stored-trail.ts";
import type { TrailSource } from "./trail-source.ts";

/** What commands use that read the audit trail. */
export interface TrailContext extends Terminal {
  /** The chains in a table of AWS, or of an endpoint on this computer. */
  readonly trails: (from: TrailSource) => AsyncIterable<StoredTrail>;
  /** The files of a stack's log. */
  readonly logFiles: (stack: AwsPlace & { readonly stage: string }) => AsyncIterable<LogFile>;
}
