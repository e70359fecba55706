import { logChainName } from "../../domain/ledger/chain-name.ts";
import { compareChain, type FoundChain, type TrailDiffers } from "../../domain/log/compare-chain.ts";
import type { LogTail } from "../../domain/log/tail.ts";
import type { TrailTable } from "../ports/log-store.ts";

/** What the table adds to the log, and where it contradicts it. */
export interface TableReading {
  readonly chains: number;
  readonly entries: number;
  readonly lines: readonly string[];
  readonly differs: readonly TrailDiffers[];
  /** Whether all that is new is in `lines`, as far as memory goes. */
  readonly whole: boolean;
}

/** How much memory (bytes) new entries take at a time: the sweep has 512 MB, and keys to restore. What is left over is for the next sweep. */
export const mostNewBytes = 64 * 1024 * 1024;

/** Compares every chain of the table with the log, also those that are in the log alone. Throws STORE_UNAVAILABLE. */
export async function readTable(table: TrailTable, tail: LogTail, mostBytes: number): Promise<TableReading> {
  const reading = new Reading(table, tail, mostBytes);
  const seen = new Set<string>([logChainName]);
  for await (const chain of table.all()) {
    seen.add(chain.name);
    await reading.take(chain);
  }
  for (const name of [...tail.state.heads.keys()].filter((name) => !seen.has(name)).sort())
    await reading.take({ name, texts: [] });
  return reading.result;
}

/** Compares some chains with the log. Throws STORE_UNAVAILABLE. */
export async function readChains(
  table: TrailTable,
  tail: LogTail,
  chains: readonly FoundChain[],
  mostBytes: number,
): Promise<TableReading> {
  const reading = new Reading(table, tail, mostBytes);
  for (const chain of chains) await reading.take(chain);
  return reading.result;
}

class Reading {
  readonly #table: TrailTable;
  readonly #tail: LogTail;
  readonly #mostBytes: number;
  readonly #added: { readonly name: string; readonly lines: readonly string[] }[] = [];
  readonly #differs: TrailDiffers[] = [];
  readonly #seen = new Set<string>();
  #chains = 0;
  #entries = 0;
  #bytes = 0;
  #whole = true;

  constructor(table: TrailTable, tail: LogTail, mostBytes: number) {
    this.#table = table;
    this.#tail = tail;
    this.#mostBytes = mostBytes;
  }

  async take(found: FoundChain): Promise<void> {
    // An entry that was logged twice would break its chain for good.
    if (this.#seen.has(found.name)) return;
    this.#seen.add(found.name);
    const logged = this.#tail.state.heads.get(found.name);
    const first = compareChain(logged, found);
    // A scan is eventually consistent: what contradicts the log is read once more, consistently.
    const chain = first.differs === undefined ? found : await this.#table.read(found.name);
    const { lines, differs } = first.differs === undefined ? first : compareChain(logged, chain);
    if (chain.texts.length > 0) this.#chains += 1;
    this.#entries += chain.texts.length;
    if (lines.length > 0) this.#add(chain.name, lines);
    if (differs !== undefined) this.#differs.push(differs);
  }

  #add(name: string, lines: readonly string[]): void {
    this.#bytes += lines.reduce((bytes, line) => bytes + line.length, 0);
    if (this.#bytes > this.#mostBytes && this.#added.length > 0) this.#whole = false;
    else this.#added.push({ name, lines });
  }

  get result(): TableReading {
    const sorted = this.#added.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const differs = this.#differs.toSorted((a, b) => (a.subject < b.subject ? -1 : 1));
    const lines = sorted.flatMap((each) => each.lines);
    return { chains: this.#chains, entries: this.#entries, lines, differs, whole: this.#whole };
  }
}
