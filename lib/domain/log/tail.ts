import { sha256Hex } from "../ledger/canonical-json.ts";
import { genesis, membersIn, readMembers } from "../ledger/chain.ts";
import { logChainName } from "../ledger/chain-name.ts";
import { type BodyOf, type EntryOf, wrongMember } from "../ledger/entry.ts";
import { belongs } from "./belongs.ts";
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

  /**
   * Takes what lies under the next number. What does not follow the object before it adds nothing to the log. What follows is part of it, and is
   * reported too if a line of it is no entry of its chain: no writer of ours makes such a line.
   */
  take(bytes: Uint8Array, objectVersion?: string): "taken" | "unreadable" {
    const object = readObject(bytes);
    const follows = object !== undefined && followsAfter(object, this.#state);
    const sha256 = objectHash(bytes);
    this.#state.number += 1;
    this.#state.prev = sha256;
    const { number } = this.#state;
    const strange = follows ? object.lines.filter((line) => !this.#takeLine(line)) : [object];
    if (strange.length > 0)
      this.#unreadable.push({ kind: "object-unreadable", number, sha256, ...(objectVersion && { objectVersion }) });
    return follows ? "taken" : "unreadable";
  }

  /** Answers whether the line is an entry, and the next one of its chain. */
  #takeLine(line: string): boolean {
    const state = this.#state;
    state.frontier = appendLeaf(state.frontier, leafHash(line));
    const members = membersIn(line);
    const [name, seq] = [members?.["chain"], members?.["seq"]];
    if (typeof name !== "string" || !Number.isSafeInteger(seq)) return false;
    const before = state.heads.get(name) ?? { entries: 0, head: genesis };
    state.heads.set(name, { entries: Number(seq), head: sha256Hex(line) });
    if (name === logChainName && wrongMember(members ?? {}) === undefined)
      this.#takeOwn(members as unknown as OwnEntry);
    const reading = readMembers(members, line, { name, seq: before.entries + 1, prev: before.head });
    return reading.ok && belongs(reading.entry, name);
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

function isOnceKind(kind: string): kind is OnceKind {
  return kind === "trail-differs" || kind === "object-unreadable" || kind === "object-out-of-order";
}
