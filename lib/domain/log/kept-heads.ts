import * as v from "valibot";
import { canonicalJson } from "../ledger/canonical-json.ts";
import type { Head } from "./compare-chain.ts";
import { frontierFrom } from "./frontier.ts";
import { numberMember } from "./object.ts";
import { parsedLine } from "./parsed-line.ts";
import { LogTail, type TailState } from "./tail.ts";

const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const whole = v.pipe(v.number(), v.safeInteger());

const headerSchema = v.strictObject({
  format: v.literal("reprieve-heads"),
  frontier: v.array(hash),
  lastAllAt: v.exactOptional(whole),
  lastAt: v.exactOptional(whole),
  [numberMember]: whole,
  prev: hash,
  size: whole,
  version: v.literal(1),
});
const lineSchema = v.union([
  v.strictObject({ chain: v.string(), entries: whole, head: hash }),
  v.strictObject({ reported: v.string() }),
]);

/**
 * Returns the text that keeps the end of the log: how far each chain was logged, so that a reader need not begin with the first object. It is a
 * function of the log. The closing of the next object names its hash.
 */
export function keptHeadsText({ state }: LogTail): string {
  const { number, prev, frontier, lastAt, lastAllAt, heads, reported } = state;
  const header = {
    ...{ format: "reprieve-heads", [numberMember]: number, prev, size: frontier.size, version: 1 },
    ...(lastAt !== undefined && { lastAt }),
    ...(lastAllAt !== undefined && { lastAllAt }),
    frontier: frontier.roots.map((root) => root.toString("hex")),
  };
  const chains = [...heads].sort(([a], [b]) => (a < b ? -1 : 1)).map(([chain, head]) => ({ chain, ...head }));
  const reports = [...reported].sort().map((name) => ({ reported: name }));
  return [header, ...chains, ...reports].map((value) => `${canonicalJson(value)}\n`).join("");
}

/** Returns the end of the log that `text` keeps; undefined for anything else. Whether it is true is for the caller to know, by its hash. */
export function readKeptHeads(text: string): LogTail | undefined {
  const [first = "", ...lines] = text.split("\n").slice(0, -1);
  const header = parsedLine(headerSchema, first);
  const frontier =
    header &&
    frontierFrom(
      header.size,
      header.frontier.map((hex) => Buffer.from(hex, "hex")),
    );
  if (header === undefined || frontier === undefined) return undefined;
  const { [numberMember]: number, prev, lastAt, lastAllAt } = header;
  const heads = new Map<string, Head>();
  const reported = new Set<string>();
  for (const line of lines) {
    const value = parsedLine(lineSchema, line);
    if (value === undefined) return undefined;
    if ("reported" in value) reported.add(value.reported);
    else heads.set(value.chain, { entries: value.entries, head: value.head });
  }
  const times = { ...(lastAt !== undefined && { lastAt }), ...(lastAllAt !== undefined && { lastAllAt }) };
  const state: TailState = { number, prev, frontier, ...times, heads, reported };
  return new LogTail(state);
}
