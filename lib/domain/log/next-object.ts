import { boundedValues } from "../ledger/bounded-values.ts";
import { canonicalJson, sha256Hex } from "../ledger/canonical-json.ts";
import { genesis, linkedEntry } from "../ledger/chain.ts";
import { logChainName } from "../ledger/chain-name.ts";
import type { BodyOf } from "../ledger/entry.ts";
import { hourMs } from "../time.ts";
import type { TrailDiffers } from "./compare-chain.ts";
import type { LogObject } from "./object.ts";
import { type LogTail, type OnceKind, onceName } from "./tail.ts";

/** What the next object records. */
export interface News {
  /** When the table was read (ms). */
  readonly now: number;
  readonly scope: BodyOf<"closing">["scope"];
  /** How many chains were read, and how many entries they have. */
  readonly chains: number;
  readonly entries: number;
  /** New entries of chains of the table, those of each chain in their order. */
  readonly lines: readonly string[];
  readonly differs: readonly TrailDiffers[];
  /** Numbers of objects beyond the end of the log. */
  readonly outOfOrder: readonly number[];
  readonly headsSha256?: string;
}

/** Reports of each kind that one object holds at most; what is left over comes with the next. */
const mostReports = 200;

/** Returns the next object of the log: reports, the new lines, and a closing. */
export function nextObject(tail: LogTail, news: News): LogObject {
  const { number, prev, frontier } = tail.state;
  const own = ownEntries(tail, [...reportsOf(tail, news), closingOf(news)], news.now);
  return { number: number + 1, prev, before: frontier, lines: [...own.slice(0, -1), ...news.lines, ...own.slice(-1)] };
}

/** Returns what the next object reports of the log itself. */
export function reportsOf(tail: LogTail, { now, differs, outOfOrder }: News): readonly BodyOf<OwnKind>[] {
  const { lastAt, reported } = tail.state;
  const once = <Body extends BodyOf<OnceKind>>(bodies: readonly Body[]): readonly Body[] =>
    bodies
      .map(boundedValues)
      .filter((body) => !reported.has(onceName(body)))
      .slice(0, mostReports);
  return [
    ...(lastAt !== undefined && now < lastAt ? [{ kind: "clock-went-back" as const, from: lastAt }] : []),
    ...tail.unreadable.slice(0, mostReports),
    ...once(outOfOrder.map((number) => ({ kind: "object-out-of-order" as const, number }))),
    ...once(differs),
  ];
}

type OwnKind = OnceKind | "clock-went-back" | "closing";

function closingOf({ now, scope, chains, entries, lines, headsSha256 }: News): BodyOf<"closing"> {
  const times = lines.map(timeIn);
  const newest = times.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY);
  const oldest = times.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY);
  return {
    kind: "closing",
    ...{ scope, hour: Math.floor(now / hourMs) * hourMs, chains, entries },
    ...(times.length > 0 && { newestAt: newest, oldestAt: oldest }),
    ...(headsSha256 !== undefined && { headsSha256 }),
  };
}

function timeIn(line: string): number {
  return (JSON.parse(line) as { readonly at: number }).at;
}

/** Returns the texts of entries that continue the chain `log`. */
function ownEntries({ state }: LogTail, bodies: readonly BodyOf<OwnKind>[], at: number): readonly string[] {
  let { entries, head } = state.heads.get(logChainName) ?? { entries: 0, head: genesis };
  return bodies.map((body) => {
    entries += 1;
    const text = canonicalJson(linkedEntry({ name: logChainName, seq: entries, prev: head }, body, at));
    head = sha256Hex(text);
    return text;
  });
}
