import { sha256Hex } from "../../../lib/domain/ledger/canonical-json.ts";
import { type Chain, genesis } from "../../../lib/domain/ledger/chain.ts";
import { type ChainName, logChainName } from "../../../lib/domain/ledger/chain-name.ts";
import type { Entry, EntryKind } from "../../../lib/domain/ledger/entry.ts";
import type { LogFinding, LogFindingName } from "../../../lib/domain/log/finding.ts";
import type { LoggedLine } from "../../../lib/domain/log/log-report.ts";

/** One chain of a log, kept as text: ten thousand cases are small that way. */
export interface KeptChain {
  readonly name: string;
  /** Its entries from the first one on, as far as they hold. */
  readonly texts: readonly string[];
  /** The place of each in the log, from 0. */
  readonly indexes: readonly number[];
  /** Why a report cannot show all of it, if anything is wrong. */
  readonly damage?: ChainDamage;
}

export interface ChainDamage {
  /** `cut`: the log begins after its first entry, so that nothing of it can be shown. */
  readonly why: "broken" | "table-differs" | "cut";
  /** Kinds of the entries after the damage that hold by themselves: a report says so, and counts none of them. */
  readonly after: readonly EntryKind[];
}

const chainFaults: Readonly<Partial<Record<LogFindingName, "broken" | "table-differs">>> = {
  "link-broken": "broken",
  "entry-malformed": "broken",
  "trail-differs": "table-differs",
};

const mostAfter = 50;

interface Growing {
  readonly texts: string[];
  readonly indexes: number[];
  readonly after: EntryKind[];
  damage?: ChainDamage["why"];
}

/** Collects the chains of a log while it is verified. INVARIANT: no chain that the log names is left out, whatever is wrong with it. */
export class KeptLog {
  readonly #chains = new Map<string, Growing>();

  take({ entry, text, index }: LoggedLine): void {
    if (entry === undefined || entry.chain === logChainName) return;
    const chain = this.#chain(entry.chain);
    if (chain.damage !== "cut" && entry.seq === chain.texts.length + 1) {
      chain.texts.push(text);
      chain.indexes.push(index);
      return;
    }
    if (chain.texts.length === 0) chain.damage ??= "cut";
    if (chain.after.length < mostAfter) chain.after.push(entry.kind);
  }

  note({ finding, chain }: LogFinding): void {
    const damage = chainFaults[finding];
    if (damage !== undefined && chain !== undefined && chain !== logChainName) this.#chain(chain).damage ??= damage;
  }

  /** Returns every chain, in the order in which the log names them. */
  *chains(): Generator<KeptChain> {
    for (const [name, { texts, indexes, after, damage }] of this.#chains)
      yield { name, texts, indexes, ...(damage && { damage: { why: damage, after } }) };
  }

  #chain(name: string): Growing {
    const known = this.#chains.get(name) ?? { texts: [], indexes: [], after: [] };
    this.#chains.set(name, known);
    return known;
  }
}

/** Returns a kept chain with its entries. INVARIANT: each text was taken by the reader of the log, which checks every member. */
export function readKept({ name, texts }: KeptChain): Chain {
  const entries = texts.map((text) => JSON.parse(text) as Entry);
  const last = texts.at(-1);
  return { name: name as ChainName, entries, texts, head: last === undefined ? genesis : sha256Hex(last) };
}
