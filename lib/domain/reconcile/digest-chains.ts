import { hourMs } from "../time.ts";
import { timeOf } from "./call.ts";
import { type DigestedLog, digestNameIn } from "./digest.ts";
import {
  changedDigests,
  type DigestFault,
  type DigestFile,
  type DigestOptions,
  type ValidDigest,
  validDigest,
} from "./read-digests.ts";
import type { Voucher } from "./result.ts";
import { mergedSpans, type Span } from "./spans.ts";

/** Time for which nothing can be vouched, and why. */
export interface Hole extends Span {
  readonly why: string;
}

/** What of CloudTrail's files someone changed. */
export interface ChangedFile {
  readonly at: number;
  readonly says: string;
}

/** A log file that a valid digest names, and the time that is not covered without it. */
export interface NamedLog {
  readonly log: DigestedLog;
  readonly spans: readonly Span[];
}

interface Kept extends Omit<ValidDigest, "digest" | "signer"> {
  readonly span: Span;
  readonly previous?: { readonly key: string; readonly sha256: string; readonly signature: string };
}

/** Reads CloudTrail's digests: each by its signature, then the links between them. Their order does not matter. */
export class DigestChains {
  readonly #options: DigestOptions & { readonly trail?: string };
  readonly #kept = new Map<string, Kept>();
  readonly #faults = new Map<DigestFault, number>();
  readonly #trails = new Set<string>();
  readonly #buckets = new Set<string>();
  readonly #signers = new Set<string>();
  readonly #logs: NamedLog[] = [];
  readonly #refused: { readonly key: string; readonly fault: DigestFault }[] = [];
  readonly #holes: Hole[] = [];
  readonly #changed: ChangedFile[] = [];
  #copies = 0;

  constructor(options: DigestOptions & { readonly trail?: string }) {
    this.#options = options;
  }

  /** The trails whose digests were found. */
  get trails(): readonly string[] {
    return [...this.#trails].sort();
  }

  /** Whose digests are believed; undefined where none is. */
  get voucher(): Voucher | undefined {
    const [trail] = this.trails;
    return trail === undefined
      ? undefined
      : { trail, buckets: [...this.#buckets].sort(), publicKeys: [...this.#signers].sort() };
  }

  /** Digests that were given more than once. */
  get copies(): number {
    return this.#copies;
  }

  get faults(): ReadonlyMap<DigestFault, number> {
    return this.#faults;
  }

  /** The log files that valid digests name. */
  get logs(): readonly NamedLog[] {
    return this.#logs;
  }

  /** How many digests are valid. */
  get valid(): number {
    return this.#kept.size;
  }

  take(file: DigestFile): void {
    const found = validDigest(file, this.#options);
    if (typeof found === "string") this.#refuse(file.key, found);
    else if (this.#options.trail !== undefined && !isTrail(found.name.trail, this.#options.trail))
      this.#refuse(file.key, "a digest of another trail");
    else this.#keep(found);
  }

  /** Returns the time that hourly digests vouch for, as far as their log files are there, and what cannot be vouched for. */
  end(): {
    readonly spans: readonly Span[];
    readonly holes: readonly Hole[];
    readonly changed: readonly ChangedFile[];
  } {
    this.#judgeRefused();
    for (const backfill of [false, true])
      this.#follow([...this.#kept.values()].filter(({ name }) => name.isBackfill === backfill));
    const hourly = [...this.#kept.values()].filter(({ name }) => !name.isBackfill);
    this.#judgeOverlaps(hourly);
    return { spans: mergedSpans(hourly.map(({ span }) => span)), holes: this.#holes, changed: this.#changed };
  }

  #refuse(key: string, fault: DigestFault): void {
    this.#faults.set(fault, (this.#faults.get(fault) ?? 0) + 1);
    if (fault !== "a digest of another account or Region" && fault !== "a digest of another trail")
      this.#refused.push({ key, fault });
  }

  /** A wrong copy beside a valid digest of the same name takes nothing from it. */
  #judgeRefused(): void {
    for (const { key, fault } of this.#refused) {
      const end = digestNameIn(key)?.end;
      if (end === undefined || this.#kept.has(key)) continue;
      this.#holes.push({ from: end - hourMs, to: end, why: fault });
      if (changedDigests.has(fault)) this.#changed.push({ at: end - 1, says: `${key}: ${fault}` });
    }
  }

  #keep({ key, name, digest, sha256, signature, signer }: ValidDigest): void {
    const { previousDigestS3Object, previousDigestHashValue, previousDigestSignature } = digest;
    this.#trails.add(name.trail);
    this.#buckets.add(digest.digestS3Bucket);
    this.#signers.add(signer);
    const before = this.#kept.get(key);
    if (before !== undefined) {
      this.#copies += 1;
      if (before.sha256 !== sha256)
        this.#changed.push({ at: name.end - 1, says: `${key}: two different digests are signed for this name` });
      return;
    }
    const span = { from: timeOf(digest.digestStartTime) ?? 0, to: timeOf(digest.digestEndTime) ?? 0 };
    this.#kept.set(key, {
      ...{ key, name, sha256, signature, span },
      ...(typeof previousDigestS3Object === "string" && {
        previous: {
          ...{ key: previousDigestS3Object, sha256: previousDigestHashValue ?? "" },
          signature: previousDigestSignature ?? "",
        },
      }),
    });
    for (const log of digest.logFiles)
      this.#logs.push({ log, spans: [...(name.isBackfill ? [] : [span]), timeIn(log, span)] });
  }

  /** A trail has one hourly digest for each moment: where two cover it, they may be of two trails of one name, and one of them may log nothing. */
  #judgeOverlaps(hourly: readonly Kept[]): void {
    let end = Number.NEGATIVE_INFINITY;
    for (const { key, span } of hourly.toSorted((a, b) => a.span.from - b.span.from)) {
      if (span.from < end)
        this.#holes.push({ from: span.from, to: Math.min(end, span.to), why: `${key} overlaps another digest` });
      end = Math.max(end, span.to);
    }
  }

  /** Follows the links of one chain: a digest that is named and not there is missing, however many are missing in a row. */
  #follow(chain: readonly Kept[]): void {
    const byEnd = chain.toSorted((a, b) => a.span.to - b.span.to);
    for (const [n, { key, span, name, previous }] of byEnd.entries()) {
      if (previous === undefined) continue;
      const found = this.#kept.get(previous.key);
      if (found === undefined) {
        const before = byEnd[n - 1]?.span.to ?? Number.NEGATIVE_INFINITY;
        const end = digestNameIn(previous.key)?.end ?? span.from;
        // INVARIANT: the time of the missing digest itself is never vouched for, whatever other digest ends or lies there.
        const from = Math.min(before, end - hourMs);
        const to = name.isBackfill ? end : Math.max(end, span.from);
        this.#holes.push({ from, to, why: `the digest before ${key} is missing` });
      } else if (found.sha256 !== previous.sha256 || found.signature !== previous.signature)
        this.#changed.push({ at: found.span.to - 1, says: `${found.key}: not the digest that the next one names` });
    }
  }
}

/** When the events of a log file were, as its digest says; else at any time until the end of that digest's. */
function timeIn({ oldestEventTime, newestEventTime }: DigestedLog, { to: end }: Span): Span {
  const [from = 0, last = end] = [timeOf(oldestEventTime), timeOf(newestEventTime)];
  return { from, to: last + 1 };
}

function isTrail(trail: string, named: string): boolean {
  return trail.split("/").at(-1)?.split(" ")[0] === named;
}
