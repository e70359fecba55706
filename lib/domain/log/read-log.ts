import { genesis } from "../ledger/chain.ts";
import { CheckpointChecker } from "./check-checkpoints.ts";
import { EntryChecker } from "./check-entries.ts";
import { closingTimeIn, type Surroundings, TimeChecker } from "./check-times.ts";
import type { Head } from "./compare-chain.ts";
import { coverageFindings } from "./coverage.ts";
import type { LogFinding } from "./finding.ts";
import { Findings } from "./findings.ts";
import { appendLeaf, emptyFrontier, type Frontier, rootOf } from "./frontier.ts";
import { leafHash } from "./hash.ts";
import { type LogReport, type NumberedObject, type ReadOptions, reportIn } from "./log-report.ts";
import { type LogObject, objectHash, readObject } from "./object.ts";
import { followsAfter } from "./tail.ts";

/** Reads a log object by object, in the order of their numbers. Everything that reads an audit trail reads it by this. */
export class LogReader {
  readonly #options: ReadOptions;
  readonly #findings: Findings;
  readonly #entries = new EntryChecker((finding) => this.#findings.add(finding));
  readonly #times = new TimeChecker((finding) => this.#findings.add(finding));
  readonly #checkpoints: CheckpointChecker;
  #number = 0;
  #prev = genesis;
  #tree: Frontier = emptyFrontier;
  #objects = 0;
  #first: number | undefined;
  /** Time of the last closing of the whole table that a checkpoint covers (ms). */
  #anchoredAt: number | undefined;
  #rootAtSince: Buffer | undefined;

  constructor(options: ReadOptions) {
    this.#options = options;
    this.#findings = new Findings(options.onFinding);
    this.#checkpoints = new CheckpointChecker(options, (finding) => this.#findings.add(finding));
    this.#noteSince();
  }

  /** How far each chain was logged. */
  get heads(): ReadonlyMap<string, Head> {
    return this.#entries.heads;
  }

  /** Adds a finding of whatever lies around the log. */
  report(finding: LogFinding): void {
    this.#findings.add(finding);
  }

  take(found: NumberedObject): void {
    const { number, bytes, checkpoint, modifiedAt } = found;
    const object = bytes && readObject(bytes);
    if (bytes === undefined) this.#findings.add({ finding: "object-missing", object: number });
    else if (this.#isBeyondTheEnd(number, object))
      this.#findings.add({ finding: "object-out-of-order", object: number });
    else {
      this.#takeBytes(number, bytes, object, modifiedAt);
      if (object === undefined && checkpoint === undefined) return;
      const tree = { size: this.#tree.size, root: rootOf(this.#tree) };
      this.#checkpoints.take(number, tree, found, this.#times.lastAllAt);
      if (this.#checkpoints.last?.object === number) this.#anchoredAt = this.#times.lastAllAt;
    }
  }

  /** Takes an entry of the table that is too new to be in the log, which was read at `now` (ms). */
  takeUnlogged(text: string, now: number): void {
    const entry = this.#entries.take(text, this.#tree.size, false);
    if (entry === undefined) return;
    this.#times.takeUnlogged(entry, now);
    this.#options.onEntry?.(entry, text);
  }

  /** Returns what was found, once every object was taken. */
  end(): LogReport {
    const { firstAllAt, lastAllAt } = this.#times;
    const { last } = this.#checkpoints;
    this.#endChecks();
    return {
      verdict: this.#findings.verdict,
      ...{ objects: this.#objects, entries: this.#tree.size, chains: this.#entries.heads.size },
      root: rootOf(this.#tree).toString("base64"),
      ...(firstAllAt !== undefined && lastAllAt !== undefined && { covered: [firstAllAt, lastAllAt] as const }),
      ...(last && { anchor: { text: last.text, size: last.checkpoint.size } }),
      ...{ findings: this.#findings.list, found: this.#findings.count },
    };
  }

  #endChecks(): void {
    const { key, since } = this.#options;
    const { firstAllAt, lastAllAt } = this.#times;
    this.#checkpoints.end(this.#options.to);
    const anchoredAt = key === undefined ? lastAllAt : this.#anchoredAt;
    for (const finding of coverageFindings(this.#options, { first: this.#first, firstAllAt, anchoredAt }))
      this.#findings.add(finding);
    if (since !== undefined && this.#rootAtSince?.equals(since.root) !== true)
      this.#findings.add({ finding: "inconsistent-with-older-checkpoint", detail: `${since.size} entries` });
  }

  /** A log whose first objects have expired begins with a later one, whose header tells the tree before it. */
  #begin(number: number, object: LogObject | undefined): void {
    this.#first = number;
    this.#number = number - 1;
    if (number === 1 || object === undefined) return;
    this.#tree = object.before;
    this.#prev = object.prev;
    this.#noteSince();
  }

  /** An object of the log says its own number; whatever else lies after a gap lies beyond the end. */
  #isBeyondTheEnd(number: number, object: LogObject | undefined): boolean {
    return this.#first !== undefined && number > this.#number + 1 && object?.number !== number;
  }

  #takeBytes(number: number, bytes: Uint8Array, object: LogObject | undefined, modifiedAt: number | undefined): void {
    this.#objects += 1;
    if (this.#first === undefined) this.#begin(number, object);
    const [gap, last] = [this.#number + 1, number - 1];
    if (gap <= last)
      this.#findings.add({ finding: "object-missing", object: gap, ...(last > gap && { lastObject: last }) });
    if (object === undefined) this.#findings.add({ finding: "unreadable-object", object: number });
    else this.#takeObject(number, object, modifiedAt);
    this.#number = number;
    this.#prev = objectHash(bytes);
  }

  #takeObject(number: number, object: LogObject, modifiedAt: number | undefined): void {
    if (!followsAfter(object, { number: number - 1, prev: this.#prev, frontier: this.#tree })) {
      this.#findings.add({ finding: "batch-forked", object: number });
      // What follows is judged by what the object itself says, so that one fault is not found in every object after it.
      this.#tree = object.before;
    }
    const closedAt = closingTimeIn(object.lines.at(-1));
    for (const line of object.lines)
      this.#takeLine(line, { object: number, index: this.#tree.size, closedAt, modifiedAt });
  }

  #takeLine(line: string, around: Surroundings): void {
    const entry = this.#entries.take(line, around.index, this.#first !== 1);
    const hash = leafHash(line);
    this.#tree = appendLeaf(this.#tree, hash);
    this.#options.onLeaf?.(hash);
    this.#noteSince();
    this.#options.onLine?.({ ...around, text: line, leaf: hash, ...(entry && { entry }) });
    if (entry === undefined) return;
    this.#times.take(entry, around);
    const reported = reportIn(entry, around);
    if (reported !== undefined) this.#findings.add(reported);
    this.#options.onEntry?.(entry, line, around.index);
  }

  #noteSince(): void {
    if (this.#options.since?.size === this.#tree.size) this.#rootAtSince = rootOf(this.#tree);
  }
}
