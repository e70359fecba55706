import { chainPart, readRow } from "../../cli/console/rows.ts";
import type { StoredTrail } from "../../cli/trail/stored-trail.ts";
import type { RecordPart } from "./parts.ts";

/** Returns a chain as the console shows it: the texts as stored, whether or not they hold. */
export function recordPart(trail: StoredTrail): RecordPart | undefined {
  const { row } = readRow(trail);
  return row && { name: trail.case, row, chain: chainPart(trail) };
}
