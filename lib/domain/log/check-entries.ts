import { sha256Hex } from "../ledger/canonical-json.ts";
import { type DamagedEntry, genesis, type Link, type Members, membersIn, readMembers } from "../ledger/chain.ts";
import type { Entry } from "../ledger/entry.ts";
import { belongs } from "./belongs.ts";
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
    const members = membersIn(text);
    const name = typeof members?.["chain"] === "string" ? members["chain"] : "";
    const before = this.heads.get(name) ?? (fromMiddle ? beforeIn(members) : undefined) ?? none;
    const link: Link = { name, seq: before.entries + 1, prev: before.head };
    const reading = readMembers(members, text, link);
    this.heads.set(name, { entries: reading.ok ? link.seq : seqIn(members, link.seq), head: sha256Hex(text) });
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

const none: Head = { entries: 0, head: genesis };

/** An entry that is wrong may still say its number, so that only one entry of its chain is found wrong. */
function seqIn(members: Members | undefined, expected: number): number {
  const seq = members?.["seq"];
  return Number.isSafeInteger(seq) ? Number(seq) : expected;
}

function beforeIn(members: Members | undefined): Head | undefined {
  const [seq, prev] = [members?.["seq"], members?.["prev"]];
  return Number.isSafeInteger(seq) && typeof prev === "string" ? { entries: Number(seq) - 1, head: prev } : undefined;
}
