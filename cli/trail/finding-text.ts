import type { LogFinding } from "../../lib/domain/log/finding.ts";
import { printableText } from "../../lib/domain/printable-text.ts";

/** Returns one finding as a line: its name, and where it is. Text of the trail is escaped. */
export function findingText({ finding, object, lastObject, index, chain, seq, detail }: LogFinding): string {
  const place = [
    object !== undefined && `object ${object}${lastObject === undefined ? "" : ` to ${lastObject}`}`,
    index !== undefined && `entry ${index}`,
    chain !== undefined && `chain ${chain}`,
    seq !== undefined && `seq ${seq}`,
    detail,
  ].filter((part) => typeof part === "string");
  return place.length === 0 ? finding : `${finding}: ${printableText(place.join(", "), 400)}`;
}
