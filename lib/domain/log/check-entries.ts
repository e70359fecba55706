import { sha256Hex } from "../ledger/canonical-json.ts";
import { chainNamedIn, type DamagedEntry, genesis, type Link, readEntry } from "../ledger/chain.ts";
import { caseChainName, logChainName, pauseChainName, permitChainName } from "../ledger/chain-name.ts";
import type { Entry } from "../ledger/entry.ts";
import { logKinds } from "../ledger/entry-kinds/log.ts";
import type { Head } from "./compare-chain.ts";
import type { LogFinding } from "./finding.ts";

/** Checks entry after entry of a log: each against its form, and against the one before it in its chain. */
export class EntryChecker {
  /** How far each chain has come. */
  readonly heads = new Map<string, Head>();
  readonly #add: (finding: LogFinding) => void;

  constructor(add: (finding: LogFinding) => void) {
    this.#add = add;
  }

  /** Takes the next entry. `fromMiddle`: the log begins after its first object, so that a chain may begin anywhere. Returns the entry if it holds. */
  take(text: string, index: number, fromMiddle: boolean): Entry | undefined {
    const name = chainNamedIn(text);
    const before = this.heads.get(name) ?? (fromMiddle ? beforeIn(text) : undefined) ?? { entries: 0, head: genesis };
    const link: Link = { name, seq: before.entries + 1, prev: before.head };
    const reading = readEntry(text, link);
    this.heads.set(name, { entries: reading.ok ? link.seq : seqIn(text, link.seq), head: sha256Hex(text) });
    if (!reading.ok) this.#add({ ...place(index, link), ...faultOf(reading) });
    else if (!belongs(reading.entry, name))
      this.#add({ ...place(index, link), finding: "link-broken", detail: "no-beginning" });
    else return reading.entry;
    return undefined;
  }
}

function place(index: number, { name, seq }: Link): Pick<LogFinding, "index" | "chain" | "seq"> {
  return { index, chain: name, seq };
}

const broken: ReadonlySet<DamagedEntry["damage"]> = new Set(["wrong-chain", "wrong-seq", "wrong-prev"]);

function faultOf({ damage, path }: DamagedEntry): Pick<LogFinding, "finding" | "detail"> {
  const detail = path === undefined ? damage : `${damage}: ${path}`;
  return { finding: broken.has(damage) ? "link-broken" : "entry-malformed", detail };
}

/** Whether the entry may stand in its chain: the first one names it, and the log's own kinds are in the chain `log` alone. */
function belongs(entry: Entry, name: string): boolean {
  if (entry.kind in logKinds || name === logChainName) return entry.kind in logKinds && name === logChainName;
  return entry.seq > 1 || beginningOf(entry) === name;
}

function beginningOf(entry: Entry): string | undefined {
  switch (entry.kind) {
    case "deletion-detected":
      return caseChainName(entry.case);
    case "permit-requested":
      return permitChainName(entry.keyArn, { by: "request", number: entry.number });
    case "pause-requested":
      return pauseChainName(entry.number);
    default:
      return undefined;
  }
}

interface Members {
  readonly seq?: unknown;
  readonly prev?: unknown;
}

function membersOf(text: string): Members {
  try {
    return (JSON.parse(text) as Members | null) ?? {};
  } catch {
    return {};
  }
}

/** An entry that is wrong may still say its number, so that only one entry of its chain is found wrong. */
function seqIn(text: string, expected: number): number {
  const { seq } = membersOf(text);
  return Number.isSafeInteger(seq) ? Number(seq) : expected;
}

function beforeIn(text: string): Head | undefined {
  const { seq, prev } = membersOf(text);
  return Number.isSafeInteger(seq) && typeof prev === "string" ? { entries: Number(seq) - 1, head: prev } : undefined;
}
