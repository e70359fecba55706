import { latestCovered } from "../../lib/domain/log/coverage.ts";
import { inclusionProof, type LeafRange, leafRange } from "../../lib/domain/log/proofs.ts";
import { LogReader } from "../../lib/domain/log/read-log.ts";
import { type VerifierKey, verifierKeyText } from "../../lib/domain/log/verifier-key.ts";
import { InputError } from "../shell/input-error.ts";
import type { LogFile } from "../trail/log-file.ts";
import { numberedObjects } from "../trail/numbered-objects.ts";
import type { InclusionPart } from "./parts.ts";

/** How long (ms) a log that was read stands for the log: an hour's entries are covered by one checkpoint or the next. */
const keepMs = 5 * 60_000;

interface ReadLog {
  readonly at: number;
  readonly leaves: LeafRange;
  /** Of each chain where its entries lie. */
  readonly entries: ReadonlyMap<string, readonly { readonly seq: number; readonly index: number }[]>;
  readonly anchor: { readonly text: string; readonly size: number };
}

export interface InclusionOptions {
  readonly files: () => AsyncIterable<LogFile>;
  readonly key?: VerifierKey;
  readonly now: () => number;
}

/** Proves that entries of a chain are in the log: the whole log is read for it, when someone asks. */
export class Inclusion {
  readonly #options: InclusionOptions;
  #log: ReadLog | undefined;
  #reading: Promise<ReadLog> | undefined;

  constructor(options: InclusionOptions) {
    this.#options = options;
  }

  /** Returns the proofs for the chain `name` against the latest checkpoint. Throws an InputError if the chain has no proofs, and what AWS answers. */
  async proofsOf(name: string): Promise<InclusionPart> {
    const { key, now } = this.#options;
    const isKept = this.#log !== undefined && now() - this.#log.at < keepMs;
    this.#reading ??= isKept ? undefined : this.#read();
    if (this.#reading !== undefined)
      this.#log = await this.#reading.finally(() => {
        this.#reading = undefined;
      });
    if (this.#log === undefined) throw new TypeError("the log was not read");
    const { leaves, entries, anchor } = this.#log;
    const found = entries.get(name) ?? [];
    if (found.length === 0)
      throw new InputError("the log holds no entry of this chain yet: entries are logged within five minutes");
    const covered = found.filter(({ index }) => index < anchor.size);
    return {
      proofs: covered.map(({ seq, index }) => ({
        ...{ seq, index },
        path: inclusionProof(leaves, index, anchor.size).map((hash) => hash.toString("base64")),
      })),
      later: found.filter(({ index }) => index >= anchor.size).map(({ seq }) => seq),
      note: anchor.text,
      ...(key && { key: verifierKeyText(key) }),
    };
  }

  async #read(): Promise<ReadLog> {
    const { files, key, now } = this.#options;
    const at = now();
    const hashes: Buffer[] = [];
    const entries = new Map<string, { seq: number; index: number }[]>();
    const reader = new LogReader({
      ...{ to: latestCovered(at), witnesses: [], ...(key && { key }) },
      onLeaf: (hash) => hashes.push(hash),
      onEntry: ({ chain, seq }, _text, index) => {
        if (index === undefined) return;
        const known = entries.get(chain) ?? [];
        known.push({ seq, index });
        entries.set(chain, known);
      },
    });
    for await (const object of numberedObjects(files())) reader.take(object);
    const { anchor, findings } = reader.end();
    if (anchor === undefined || hashes.length < anchor.size)
      throw new InputError(
        `the log has no checkpoint that holds (${findings[0]?.finding ?? "it is empty"}): nothing can be proven; run reprieve audit verify`,
      );
    return { at, leaves: leafRange(hashes), entries, anchor };
  }
}
