import { jsonOr, objectOr } from "../../lib/aws/json.ts";

/** Records of CloudTrail that are found somewhere, and why others were not. */
export interface FoundRecords {
  readonly records: readonly unknown[];
  /** How many there are of each reason. */
  readonly unread: ReadonlyMap<string, number>;
}

type Found = { readonly record: unknown } | { readonly why: string };

/**
 * Returns the records in a JSON value: a log file (`{"Records": [...]}`), the output of lookup-events (`{"Events": [...]}`), a list, one record,
 * or an event of EventBridge. Returns the reason where `value` has another form.
 */
export function recordsIn(value: unknown): FoundRecords | { readonly why: string } {
  const { Records, Events, digestS3Object } = objectOr(value) ?? {};
  if (digestS3Object !== undefined) return { why: "is a digest of CloudTrail, no log" };
  const list = [Records, Events, value].find((each) => Array.isArray(each)) as readonly unknown[] | undefined;
  if (list !== undefined) return collected(list.map(recordIn));
  const found = recordIn(value);
  return "why" in found ? { why: "is not a CloudTrail log" } : { records: [found.record], unread: new Map() };
}

/** Returns the records in JSON Lines: each line may be anything that `recordsIn` reads. Or why the first line is nothing of the kind. */
export function recordsInLines(lines: Iterable<string>): FoundRecords | { readonly why: string } {
  const all: unknown[] = [];
  const unread = new Map<string, number>();
  let isFirst = true;
  for (const line of lines) {
    if (line.trim() === "") continue;
    const value = jsonOr(line);
    const found = value === undefined ? { why: "is not valid JSON" } : recordsIn(value);
    if ("why" in found) {
      if (isFirst) return found;
      count(unread, `a line that ${found.why}`);
    } else {
      for (const record of found.records) all.push(record);
      for (const [why, times] of found.unread) count(unread, why, times);
    }
    isFirst = false;
  }
  return isFirst ? { why: "is not valid JSON" } : { records: all, unread };
}

function collected(found: readonly Found[]): FoundRecords {
  const unread = new Map<string, number>();
  for (const each of found) if ("why" in each) count(unread, each.why);
  return { records: found.flatMap((each) => ("why" in each ? [] : [each.record])), unread };
}

/** Returns the record in one element of a list. */
function recordIn(value: unknown): Found {
  const members = objectOr(value);
  if (members === undefined) return { why: "an element that is not an object" };
  const { CloudTrailEvent, detail } = members;
  if (CloudTrailEvent !== undefined) return recordInText(CloudTrailEvent);
  const record = objectOr(detail) ?? members;
  const isRecord = typeof record["eventName"] === "string" && typeof record["eventSource"] === "string";
  return isRecord ? { record } : { why: "an element that is not a record of CloudTrail" };
}

/** lookup-events gives each record as text. */
function recordInText(text: unknown): Found {
  const record = typeof text === "string" ? objectOr(jsonOr(text)) : undefined;
  return record === undefined ? { why: "a CloudTrailEvent that is not valid JSON" } : { record };
}

function count(unread: Map<string, number>, why: string, times = 1): void {
  unread.set(why, (unread.get(why) ?? 0) + times);
}
