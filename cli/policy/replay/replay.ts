import { principalOf } from "../../../lib/domain/people/requester.ts";
import { decide } from "../../../lib/domain/policy/decide.ts";
import type { Facts } from "../../../lib/domain/policy/decision.ts";
import type { Policy } from "../../../lib/domain/policy/policy.ts";
import { deletionIn } from "../deletion-facts.ts";
import { type FoundFile, filesUnder } from "./log-files.ts";
import { readBytes, readLog } from "./read-log.ts";

/** One deletion of the past, and what the policy says of it. */
export interface ReplayedDeletion {
  /** ms since the epoch. */
  readonly at: number;
  readonly eventId: string;
  readonly keyArn: string;
  readonly usage: string;
  readonly requester: string;
  /** `restore by default`; or what it depends on that no record holds. */
  readonly decision: string;
  readonly rule: string;
  /** What the other policy says, where there is one. */
  readonly before?: string;
}

export interface SkippedFile {
  readonly path: string;
  readonly why: string;
}

export interface ReplayCounts {
  files: number;
  records: number;
  deletions: number;
  /** DeleteKey calls that failed, and records of them that hold no key. */
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
  readonly found: (deletion: ReplayedDeletion) => void;
  readonly skipped: (file: SkippedFile) => void;
  /** Hears after every file how far it has come. */
  readonly progress: (counts: ReplayCounts) => void;
}

/** How many files are read and unpacked ahead of the one that is looked through. */
const ahead = 1;

/** Every deletion in the logs under `paths`, decided again. An invalid file harms nothing, and is reported. */
export async function replay({
  policy,
  against,
  assumeMinAge,
  paths,
  found,
  skipped,
  progress,
}: Replay): Promise<ReplayCounts> {
  const counts: ReplayCounts = { files: 0, records: 0, deletions: 0, passedOver: 0, changedByAge: 0 };
  for await (const { path, bytes } of unpacked(filesUnder(paths))) {
    const log = "why" in bytes ? bytes : readLog(bytes);
    if ("why" in log) {
      skipped({ path, why: log.why });
      continue;
    }
    counts.files += 1;
    counts.records += log.records;
    for (const record of log.candidates) {
      if (!isDeletion(record)) continue;
      const deletion = deletionIn(record);
      if (typeof deletion === "string") counts.passedOver += 1;
      else {
        counts.deletions += 1;
        const { request } = deletion;
        const facts: Facts = { ...deletion.facts, labelAge: assumeMinAge ? "assumed-old" : "not-seen" };
        const outcome = outcomeFor(policy, facts);
        const aged = outcomeFor(policy, { ...facts, labelAge: "assumed-old" });
        counts.changedByAge += Number(aged.decision !== outcome.decision);
        found({
          ...{ at: request.at, eventId: request.eventId, keyArn: facts.key.arn, usage: facts.key.usage ?? "" },
          requester: principalOf(request.requester),
          ...outcome,
          ...(against && { before: outcomeFor(against, facts).decision }),
        });
      }
    }
    progress(counts);
  }
  return counts;
}

/** Nearly every record is something else, which two fields tell. */
function isDeletion(record: unknown): boolean {
  const { eventName, eventSource } = (record ?? {}) as { eventName?: unknown; eventSource?: unknown };
  return eventName === "DeleteKey" && eventSource === "payment-cryptography.amazonaws.com";
}

function outcomeFor(policy: Policy, facts: Facts): { readonly decision: string; readonly rule: string } {
  const verdict = decide(policy, facts);
  const decision = verdict.kind === "decided" ? verdict.decision : verdict.regardless;
  if (decision !== undefined)
    return { decision: `${decision.effect.outcome} by ${decision.rule}`, rule: decision.rule };
  const needs = verdict.kind === "needs" ? verdict.facts : [];
  return { decision: `depends on ${needs.join(" and ")}`, rule: "" };
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
