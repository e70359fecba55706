import { deletionName } from "../../../lib/domain/operations/delete/name.ts";
import { operations } from "../../../lib/domain/operations/registry.ts";
import type { Policy } from "../../../lib/domain/policy/policy.ts";
import { type LogFile, logReader } from "../../cloudtrail/read-log.ts";
import { type LogOfFile, readLogs } from "../../cloudtrail/read-logs.ts";
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
  /** What in the files could not be read, counted by reason. */
  unread: Record<string, number>;
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

const readLog = logReader(new Set(operations.flatMap(({ calls, serviceEvents = [] }) => [...calls, ...serviceEvents])));

/** Every deletion and every other guarded call in the logs under `paths`, decided again. An invalid file harms nothing, and is reported. */
export async function replay({ paths, skipped, progress, ...deciding }: Replay): Promise<ReplayCounts> {
  const counts: ReplayCounts = {
    ...{ files: 0, records: 0, deletions: 0, otherCalls: 0, passedOver: 0, changedByAge: 0 },
    unread: {},
  };
  for await (const file of readLogs(paths, readLog)) {
    if ("why" in file.log) {
      skipped({ path: file.path, why: file.log.why });
      continue;
    }
    countRead(counts, file, file.log);
    for (const record of file.log.candidates) decideAgain(record, deciding, counts);
    progress(counts);
  }
  return counts;
}

function countRead(
  counts: ReplayCounts,
  { isFirst }: LogOfFile,
  { records, unread }: Exclude<LogFile, { why: string }>,
) {
  counts.files += Number(isFirst);
  counts.records += records;
  for (const [why, times] of unread) counts.unread[why] = (counts.unread[why] ?? 0) + times;
}

type Deciding = Pick<Replay, "policy" | "against" | "assumeMinAge" | "found">;

function decideAgain(record: unknown, { policy, against, assumeMinAge, found }: Deciding, counts: ReplayCounts): void {
  const call = replayedCall(record, { policy, assumeMinAge, ...(against && { against }) });
  if (call === undefined) return;
  if (call === "passed-over") {
    counts.passedOver += 1;
    return;
  }
  counts[call.operation === deletionName ? "deletions" : "otherCalls"] += 1;
  counts.changedByAge += Number(call.changedByAge);
  found(call);
}
