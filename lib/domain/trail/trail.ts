import { isCanonicalJson } from "../ledger/canonical-json.ts";
import { genesis } from "../ledger/chain.ts";
import { isEntryKind, wrongMember } from "../ledger/entry.ts";
import type { AnchoredHead } from "./checkpoint.ts";

/**
 * What can be wrong with a trail: an entry that is no canonical JSON, of an unknown kind or of another form than its kind has, a link that does not hold, a case that does not
 * begin as one, comes twice, has another head than was noted for it, or is missing; an entry of another chain. Against the checkpoints: an entry that is not the one that
 * was anchored, a case that is shorter than when it was.
 */
export type TrailDamage =
  | "not-json"
  | "not-canonical"
  | "unknown-kind"
  | "wrong-chain"
  | "wrong-seq"
  | "wrong-prev"
  | "wrong-shape"
  | "no-beginning"
  | "doubled-case"
  | "head-differs"
  | "unknown-case"
  | "missing-case"
  | "anchor-differs"
  | "shorter-than-anchored";

export interface TrailFinding {
  readonly damage: TrailDamage;
  /** Line of the entry, from 1; absent for what only the end shows. */
  readonly line?: number;
  /** `<key ARN>#<generation>`, as far as it is known. */
  readonly case?: string;
  readonly seq?: number;
  /** Of an entry of another form: the member that is missing, unknown or wrong. */
  readonly path?: string;
}

/** What was noted of one case when it was exported. */
export interface CaseHead {
  readonly case: string;
  readonly entries: number;
  /** SHA-256 of its last entry. */
  readonly head: string;
}

export interface TrailReader {
  /** There must be such a case. Said of every case before the first line is taken. */
  readonly expect: (head: CaseHead) => void;
  /** What checkpoints say of a case. Said of every case before the first line is taken. */
  readonly anchor: (name: string, anchors: readonly AnchoredHead[]) => void;
  /** The next line: the text of one entry, and the SHA-256 of its very bytes. */
  readonly take: (text: string, sha256: string) => void;
  /** What was found, once every line was taken. */
  readonly end: () => TrailReport;
}

export interface TrailReport {
  readonly cases: number;
  readonly entries: number;
  /** The first thousand. */
  readonly findings: readonly TrailFinding[];
  readonly found: number;
  /** Entries that no checkpoint has anchored: newer than the last one, or without any. */
  readonly unanchored: number;
}

interface Current {
  readonly name: string;
  /** How it must end; undefined when nobody said that there is such a case. */
  readonly noted: string | undefined;
  /** What was anchored of it and has not come yet, in order. */
  readonly anchors: readonly AnchoredHead[];
  met: number;
  seq: number;
  head: string;
}

const mostFindings = 1_000;
const noAnchors: readonly AnchoredHead[] = [];

/** Stands for the end of a case that has come. */
const came = "";

function endOf(entries: number, head: string): string {
  return `${entries} ${head}`;
}

/**
 * Checks a trail line by line: every case from its first entry to its head, each entry linked to the one before it by SHA-256 over its very
 * bytes. Only one case is held at a time, and the heads of all.
 */
export function createTrailReader(): TrailReader {
  /** Of every case that there must be, how it must end; of one that has come, nothing: there may be very many. */
  const expected = new Map<string, string>();
  const anchored = new Map<string, readonly AnchoredHead[]>();
  let unanchored = 0;
  let cases = 0;
  const findings: TrailFinding[] = [];
  let [found, line] = [0, 0];
  let current: Current | undefined;
  const report = (finding: TrailFinding) => {
    found += 1;
    if (findings.length < mostFindings) findings.push(finding);
  };
  const place = () => ({ line, ...(current && { case: current.name }) });
  const close = () => {
    if (current === undefined) return;
    const { name, seq, head, noted, anchors, met } = current;
    if (met < anchors.length) report({ damage: "shorter-than-anchored", case: name, seq });
    unanchored += Math.max(0, seq - (anchors.at(-1)?.entries ?? 0));
    anchored.delete(name);
    if (noted === undefined) report({ damage: "unknown-case", case: name });
    else if (noted !== came && noted !== endOf(seq, head)) report({ damage: "head-differs", case: name, seq });
    current = undefined;
  };
  const add = (current: Current, sha256: string) => {
    current.seq += 1;
    current.head = sha256;
    if (current.met < current.anchors.length) meet(current, sha256);
  };
  /** The entry against what was anchored of the case: the same entry may have been anchored twice. */
  const meet = (current: Current, sha256: string) => {
    for (let next = current.anchors[current.met]; next?.entries === current.seq; next = current.anchors[current.met]) {
      current.met += 1;
      if (next.head !== sha256) report({ damage: "anchor-differs", ...place(), seq: current.seq });
    }
  };
  return {
    anchor: (name, anchors) => void anchored.set(name, anchors),
    expect: ({ case: name, entries, head }) => void expected.set(name, endOf(entries, head)),
    take: (text, sha256) => {
      line += 1;
      const entry = read(text);
      if (typeof entry === "string") {
        report({ damage: entry, ...place() });
        if (current !== undefined) add(current, sha256);
        return;
      }
      if (entry.seq === 1) {
        close();
        const name = nameOf(entry);
        if (name === undefined || entry.prev !== genesis) report({ damage: "no-beginning", line });
        const noted = expected.get(name ?? "");
        if (noted === came) report({ damage: "doubled-case", line, case: name ?? "" });
        if (noted !== undefined) expected.set(name ?? "", came);
        const anchors = anchored.get(name ?? "") ?? noAnchors;
        current = { name: name ?? "", noted, anchors, met: 0, seq: 0, head: genesis };
        cases += 1;
      } else if (current === undefined) {
        report({ damage: "no-beginning", line });
        return;
      } else if (entry.chain !== current.name) report({ damage: "wrong-chain", ...place(), seq: entry.seq });
      else if (entry.seq !== current.seq + 1) report({ damage: "wrong-seq", ...place(), seq: entry.seq });
      else if (entry.prev !== current.head) report({ damage: "wrong-prev", ...place(), seq: entry.seq });
      const path = wrongMember(entry);
      if (path !== undefined) report({ damage: "wrong-shape", ...place(), seq: entry.seq, path });
      add(current, sha256);
    },
    end: () => {
      close();
      for (const [name, noted] of expected) if (noted !== came) report({ damage: "missing-case", case: name });
      for (const name of anchored.keys())
        if (expected.get(name) === undefined) report({ damage: "missing-case", case: name });
      return { cases, entries: line, findings, found, unanchored };
    },
  };
}

interface Link {
  readonly seq: number;
  readonly prev: string;
  readonly kind: string;
  readonly chain?: unknown;
  readonly case?: unknown;
  readonly number?: unknown;
  readonly keyArn?: unknown;
}

function read(text: string): Link | "not-json" | "not-canonical" | "unknown-kind" {
  let value: Partial<Link> | null;
  try {
    value = JSON.parse(text) as Partial<Link> | null;
  } catch {
    return "not-json";
  }
  if (typeof value !== "object" || value === null || !Number.isInteger(value.seq)) return "not-json";
  if (!hidesNothing(value, text)) return "not-canonical";
  return isEntryKind(value.kind) ? (value as Link) : "unknown-kind";
}

/**
 * Whether nothing is hidden in `text`: no name twice, no other spelling. Names in another order hide nothing, and comparing without
 * sorting them is much the faster; JSON.parse moves names that are numbers to the front, so those take the long way.
 */
function hidesNothing(value: object, text: string): boolean {
  return JSON.stringify(value) === text || isCanonicalJson(value, text);
}

/** Returns the name of the chain that an entry begins, if it carries that name: a case, a permit requested beforehand, or a pause of the guard. */
function nameOf(entry: Link): string | undefined {
  const name = beginningOf(entry);
  return entry.chain === name ? name : undefined;
}

function beginningOf({ kind, case: current, number, keyArn: key }: Link): string | undefined {
  if (kind === "permit-requested")
    return typeof key === "string" && Number.isInteger(number) ? `${key}#p${String(number)}` : undefined;
  if (kind === "pause-requested") return Number.isInteger(number) ? `pause#${String(number)}` : undefined;
  if (kind !== "deletion-detected") return undefined;
  const { keyArn, generation } = (current ?? {}) as { keyArn?: unknown; generation?: unknown };
  return typeof keyArn === "string" && Number.isInteger(generation) ? `${keyArn}#${String(generation)}` : undefined;
}
