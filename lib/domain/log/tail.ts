import { sha256Hex } from "../ledger/canonical-json.ts";
import { genesis } from "../ledger/chain.ts";
import { logChainName } from "../ledger/chain-name.ts";
import { type BodyOf, type EntryOf, wrongMember } from "../ledger/entry.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { Head } from "./compare-chain.ts";
import { appendLeaf, emptyFrontier, type Frontier, rootOf } from "./frontier.ts";
import { leafHash } from "./hash.ts";
import { type LogObject, objectHash, readObject } from "./object.ts";

/** Kinds of entries that are recorded once for each thing that they report. */
export type OnceKind = "trail-differs" | "object-unreadable" | "object-out-of-order";

/** What is needed to go on with the log after its last object. */
export interface TailState {
  /** Number of the last object; 0 before the first. */
  number: number;
  /** SHA-256 of the last object, hex. */
  prev: string;
  frontier: Frontier;
  /** When the last closing was made (ms), and the last one of the whole table. */
  lastAt?: number;
  lastAllAt?: number;
  /** How far each chain was logged, the chain `log` included. */
  readonly heads: Map<string, Head>;
  /** What was reported once, by `onceName`. */
  readonly reported: Set<string>;
}

/** The end of the log: follows it object by object. */
export class LogTail {
  readonly #state: TailState;
  /** What holds numbers of the log and is no object, until an entry reports it. */
  readonly #unreadable: BodyOf<"object-unreadable">[] = [];

  constructor(state: TailState = { ...start, heads: new Map(), reported: new Set() }) {
    this.#state = state;
  }

  get state(): Readonly<TailState> {
    return this.#state;
  }

  get unreadable(): readonly BodyOf<"object-unreadable">[] {
    return this.#unreadable;
  }

  /** Returns the checkpoint after the last object. */
  checkpoint(origin: string): Checkpoint {
    const { frontier } = this.#state;
    return { origin, size: frontier.size, root: rootOf(frontier) };
  }

  /** Takes what lies under the next number. What does not follow the object before it adds nothing to the log. */
  take(bytes: Uint8Array, objectVersion?: string): "taken" | "unreadable" {
    const object = readObject(bytes);
    const follows = object !== undefined && followsAfter(object, this.#state);
    const sha256 = objectHash(bytes);
    this.#state.number += 1;
    this.#state.prev = sha256;
    if (follows) for (const line of object.lines) this.#takeLine(line);
    else {
      const { number } = this.#state;
      this.#unreadable.push({ kind: "object-unreadable", number, sha256, ...(objectVersion && { objectVersion }) });
    }
    return follows ? "taken" : "unreadable";
  }

  #takeLine(line: string): void {
    const state = this.#state;
    state.frontier = appendLeaf(state.frontier, leafHash(line));
    const entry = membersOf(line);
    if (typeof entry?.chain !== "string" || !Number.isSafeInteger(entry.seq)) return;
    state.heads.set(entry.chain, { entries: Number(entry.seq), head: sha256Hex(line) });
    if (entry.chain === logChainName && wrongMember(entry) === undefined) this.#takeOwn(entry as OwnEntry);
  }

  #takeOwn(entry: OwnEntry): void {
    if (entry.kind === "closing") {
      this.#state.lastAt = entry.at;
      if (entry.scope === "all") this.#state.lastAllAt = entry.at;
    } else if (isOnceKind(entry.kind)) this.#takeReport(entry as EntryOf<OnceKind>);
  }

  #takeReport(entry: EntryOf<OnceKind>): void {
    this.#state.reported.add(onceName(entry));
    const known = this.#unreadable.findIndex(({ number }) => "number" in entry && number === entry.number);
    if (entry.kind === "object-unreadable" && known !== -1) this.#unreadable.splice(known, 1);
  }
}

/** Returns whether `object` is the one after the end that `state` describes. */
export function followsAfter(
  object: LogObject,
  { number, prev, frontier }: Pick<TailState, "number" | "prev" | "frontier">,
): boolean {
  if (object.number !== number + 1 || object.prev !== prev || object.before.size !== frontier.size) return false;
  return object.before.roots.every((root, n) => root.equals(frontier.roots[n] ?? Buffer.alloc(0)));
}

/** Returns the name under which an entry is recorded once. */
export function onceName(entry: BodyOf<OnceKind>): string {
  if (entry.kind !== "trail-differs") return `${entry.kind} ${entry.number}`;
  return `${entry.kind} ${entry.subject} ${entry.foundEntries} ${entry.foundHead}`;
}

const start = { number: 0, prev: genesis, frontier: emptyFrontier };

type OwnEntry = EntryOf<OnceKind | "clock-went-back" | "closing">;

interface Members {
  readonly chain?: unknown;
  readonly seq?: unknown;
  readonly kind?: unknown;
}

function membersOf(line: string): Members | undefined {
  try {
    return (JSON.parse(line) as Members | null) ?? undefined;
  } catch {
    return undefined;
  }
}

function isOnceKind(kind: string): kind is OnceKind {
  return kind === "trail-differs" || kind === "object-unreadable" || kind === "object-out-of-order";
}
