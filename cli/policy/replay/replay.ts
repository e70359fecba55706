import { deletionName } from "../../../lib/domain/operations/delete/name.ts";
import type { Policy } from "../../../lib/domain/policy/policy.ts";
import { type FoundFile, filesUnder } from "./log-files.ts";
import { readBytes, readLog } from "./read-log.ts";
import { type ReplayedCall, replayedCall } from "./replayed-call.ts";

export interface SkippedFile {
  readonly path: string;
  readonly why: string;
}

export interface ReplayCounts {
  files: number;
  records: number;
  deletions: number;
  /** Calls of other operations. */
  otherCalls: number;
  /** Calls that failed, and records of deletions that hold no key. */
  passedOver: number;
  /** Deletions that are, or may be, decided otherwise once labels are old enough. */
  changedByAge: number;
}

export interface Replay {
  readonly policy: Policy;
  readonly against?: Policy;
  /** Whether every label is taken to be old enough to count; otherwise none counts toward a weaker outcome. */
  readonly assumeMinAge: boolean;
  readonly paths: readonly string[];
  readonly found: (call: ReplayedCall) => void;
  readonly skipped: (file: SkippedFile) => void;
  /** Hears after every file how far it has come. */
  readonly progress: (counts: ReplayCounts) => void;
}

/** How many files are read and unpacked ahead of the one that is looked through. */
const ahead = 1;

/** Every deletion and every other guarded call in the logs under `paths`, decided again. An invalid file harms nothing, and is reported. */
export async function replay({
  policy,
  against,
  assumeMinAge,
  paths,
  found,
  skipped,
  progress,
}: Replay): Promise<ReplayCounts> {
  const counts: ReplayCounts = { files: 0, records: 0, deletions: 0, otherCalls: 0, passedOver: 0, changedByAge: 0 };
  for await (const { path, bytes } of unpacked(filesUnder(paths))) {
    const log = "why" in bytes ? bytes : readLog(bytes);
    if ("why" in log) {
      skipped({ path, why: log.why });
      continue;
    }
    counts.files += 1;
    counts.records += log.records;
    for (const record of log.candidates) {
      const call = replayedCall(record, { policy, assumeMinAge, ...(against && { against }) });
      if (call === undefined) continue;
      if (call === "passed-over") counts.passedOver += 1;
      else {
        counts[call.operation === deletionName ? "deletions" : "otherCalls"] += 1;
        counts.changedByAge += Number(call.changedByAge);
        found(call);
      }
    }
    progress(counts);
  }
  return counts;
}

interface Unpacked {
  readonly path: string;
  readonly bytes: Buffer | { readonly why: string };
}

/** Files in their order, the next ones being read while one is looked through. */
async function* unpacked(files: AsyncIterable<FoundFile>): AsyncIterable<Unpacked> {
  const waiting: Promise<Unpacked>[] = [];
  for await (const file of files) {
    waiting.push(unpackOne(file));
    const next = waiting.length > ahead ? waiting.shift() : undefined;
    if (next !== undefined) yield await next;
  }
  for (const next of waiting) yield await next;
}

async function unpackOne(file: FoundFile): Promise<Unpacked> {
  return { path: file.path, bytes: "why" in file ? { why: file.why } : await readBytes(file.path) };
}
