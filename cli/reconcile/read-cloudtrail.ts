import { requesterFrom } from "../../lib/aws/cloudtrail/user-identity.ts";
import { withoutEmpties } from "../../lib/aws/cloudtrail/without-empties.ts";
import { recordableRequester } from "../../lib/domain/ledger/recordable-requester.ts";
import { sha256 } from "../../lib/domain/log/hash.ts";
import { operations } from "../../lib/domain/operations/registry.ts";
import type { ReadRequester, ReconciledPlace } from "../../lib/domain/reconcile/call.ts";
import { CallBook, restoreCall } from "../../lib/domain/reconcile/calls.ts";
import type { NamedLog } from "../../lib/domain/reconcile/digest-chains.ts";
import { NamedLogs } from "../../lib/domain/reconcile/named-logs.ts";
import type { Span } from "../../lib/domain/reconcile/spans.ts";
import type { ReadBytes } from "../cloudtrail/read-bytes.ts";
import { type LogFile, logReader, wholly } from "../cloudtrail/read-log.ts";
import { readLarge } from "../cloudtrail/read-logs.ts";
import { type UnpackedFile, unpackedFiles } from "../cloudtrail/unpacked-files.ts";
import { beyondByName } from "./log-name.ts";
import type { UnreadCounts } from "./unread.ts";

const names = new Set([restoreCall, ...operations.flatMap(({ calls }) => calls)]);
const readCallsOnly = logReader(names);
/** AWS publishes no list of what the service reports by itself: all of it is read. */
const readServiceEventsToo = logReader(names, '"AwsServiceEvent"');

/** As the guard reads a record. */
export const recordedRequester: ReadRequester = (identity) =>
  recordableRequester(requesterFrom(withoutEmpties(identity)));

/** Where log files are looked for, and what of them is wanted. */
export interface ReadCloudTrail {
  readonly paths: readonly string[];
  readonly place: ReconciledPlace;
  readonly time: Span;
  /** The log files that valid digests name; absent where no digests were given, so that nothing vouches for any. */
  readonly named?: readonly NamedLog[];
  /** Whether what the service itself reported is wanted. */
  readonly serviceEvents: boolean;
  readonly unread: UnreadCounts;
  readonly progress: (files: number) => void;
}

/** Calls of log files that a digest vouches for, and calls of others; without digests all are among the first. */
export interface ReadCalls {
  readonly calls: CallBook;
  readonly unnamed: CallBook;
  readonly logs: NamedLogs;
  readonly records: number;
}

/** Reads CloudTrail's records, file by file. A log file is believed by the SHA-256 of the very bytes that are parsed. */
export async function readCloudTrail(options: ReadCloudTrail): Promise<ReadCalls> {
  const reading = new Reading(options);
  let files = 0;
  for await (const file of unpackedFiles(options.paths)) {
    await reading.take(file);
    files += 1;
    options.progress(files);
  }
  return reading.end();
}

class Reading {
  readonly #options: ReadCloudTrail;
  readonly #calls: CallBook;
  readonly #unnamed: CallBook;
  readonly #logs: NamedLogs;
  #records = 0;

  constructor(options: ReadCloudTrail) {
    this.#options = options;
    this.#calls = new CallBook(options.place, recordedRequester);
    this.#unnamed = new CallBook(options.place, recordedRequester);
    this.#logs = new NamedLogs(options.named ?? []);
  }

  async take({ path, found }: UnpackedFile): Promise<void> {
    const { place, time, unread, named } = this.#options;
    const beyond = beyondByName(path, place, time);
    if (this.#logs.isNamed(path)) this.#takeNamed(path, found);
    else if (beyond !== undefined) unread.add(beyond, 1, true);
    else {
      if (named !== undefined) unread.add("a log file that no valid digest names");
      await this.#takeUnnamed(path, found);
    }
  }

  async #takeUnnamed(path: string, found: ReadBytes | { readonly why: string }): Promise<void> {
    const book = this.#options.named === undefined ? this.#calls : this.#unnamed;
    if ("why" in found) for await (const { log } of readLarge(path, found)) this.#takeLog(log, book);
    else if (found.hasMore) this.#options.unread.add("a file with more than one gzip member");
    else this.#takeLog(wholly(found.bytes), book);
  }

  end(): ReadCalls {
    const { unread } = this.#options;
    for (const book of [this.#calls, this.#unnamed]) for (const [why, count] of book.faults) unread.add(why, count);
    unread.add("a log file that is named by a digest and missing", this.#logs.end().missing, true);
    return { calls: this.#calls, unnamed: this.#unnamed, logs: this.#logs, records: this.#records };
  }

  #takeNamed(path: string, found: ReadBytes | { readonly why: string }): void {
    const { unread, serviceEvents } = this.#options;
    // More than one gzip member: other tools read other bytes than those whose hash is right.
    const isOne = !("why" in found) && !found.hasMore;
    const judged = this.#logs.judge(path, isOne ? sha256(found.bytes).toString("hex") : undefined);
    const readVouched = serviceEvents ? readServiceEventsToo : readCallsOnly;
    if (judged === "vouched" && isOne) this.#takeLog(readVouched(found.bytes), this.#calls);
    else if (judged === "copy") unread.add("another copy of a log file", 1, true);
    // What the time lacks without it is judged in the end: there may be a right copy.
    else unread.add("why" in found ? `a log file that ${found.why}` : whyChanged(found), 1, true);
  }

  #takeLog(log: LogFile, book: CallBook): void {
    const { unread } = this.#options;
    if ("why" in log) {
      unread.add(`a file that ${log.why}`);
      return;
    }
    this.#records += log.records;
    for (const [why, count] of log.unread) unread.add(why, count);
    for (const record of log.candidates) book.take(record);
  }
}

function whyChanged({ hasMore }: ReadBytes): string {
  return hasMore ? "a log file with more than one gzip member" : "a log file that is not what its digest says";
}
