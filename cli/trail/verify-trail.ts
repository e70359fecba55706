import { createHash, type Hash, hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256Hex } from "../../lib/domain/ledger/canonical-json.ts";
import {
  type CheckpointFinding,
  type CheckpointReading,
  readCheckpoints,
  type VerifySignature,
} from "../../lib/domain/trail/checkpoint-chain.ts";
import { readManifest, type TrailManifest } from "../../lib/domain/trail/manifest.ts";
import { type CaseHead, createTrailReader, type TrailFinding } from "../../lib/domain/trail/trail.ts";
import { InputError } from "../shell/input-error.ts";
import { checkpointsFile, headsFile, irregularFile, isEntriesFile, manifestFile } from "./trail-files.ts";

/** Something of the folder itself that is not as the manifest says. */
export interface FileFinding {
  readonly damage: "lost-file" | "extra-file" | "changed-file" | "changed-manifest" | "changed-count";
  readonly file: string;
}

/** An object of the audit bucket with a second version, or one that someone tried to delete. */
export interface ArchiveFinding {
  readonly damage: "second-version" | "delete-marker";
  readonly key: string;
}

export type Finding = FileFinding | ArchiveFinding | CheckpointFinding | TrailFinding;

export interface CheckpointSummary {
  readonly count: number;
  readonly late: number;
  readonly signed: number;
  readonly span?: readonly [string, string];
}

export interface Verification {
  readonly cases: number;
  readonly entries: number;
  readonly checkpoints: CheckpointSummary;
  /** Entries that no checkpoint has anchored: newer than the last one, or without any. */
  readonly unanchored: number;
  readonly findings: readonly Finding[];
  /** How many there are in all. */
  readonly found: number;
  /** SHA-256 of the manifest: the one that the export printed. */
  readonly digest: string;
}

/**
 * Checks an export, offline: every file against the manifest, every entry against the one before it, every case against its head. Memory
 * stays flat. `verifySignature` holds every checkpoint to a key. Throws an InputError for a folder that is no export, or one of a newer version.
 */
export async function verifyTrail(
  folder: string,
  progress: (entries: number, total: number) => void,
  verifySignature?: VerifySignature,
): Promise<Verification> {
  const names = await readdir(folder).catch(() => {
    throw new InputError(`\`${folder}\` is no folder that can be read`);
  });
  if (!names.includes(manifestFile)) throw new InputError(`\`${folder}\` is no export: it has no ${manifestFile}`);
  const text = await readFile(join(folder, manifestFile), "utf8");
  const manifest = readManifest(text);
  if (manifest === "foreign") throw new InputError(`${manifestFile} is not of this tool`);
  if (manifest === "newer") throw new InputError("the export is of a newer version of reprieve: verify it with that");
  const digest = sha256Hex(text);
  if (manifest === "changed")
    return {
      ...{ cases: 0, entries: 0, checkpoints: { count: 0, late: 0, signed: 0 }, unanchored: 0, digest },
      ...{ findings: [{ damage: "changed-manifest", file: manifestFile }], found: 1 },
    };
  return { ...(await verifyFiles(folder, names, manifest, progress, verifySignature)), digest };
}

async function verifyFiles(
  folder: string,
  names: readonly string[],
  manifest: TrailManifest,
  progress: (entries: number, total: number) => void,
  verifySignature: VerifySignature | undefined,
): Promise<Omit<Verification, "digest">> {
  const files: FileFinding[] = [];
  const known = new Set([manifestFile, ...manifest.files.map(({ name }) => name)]);
  for (const name of names) if (!known.has(name)) files.push({ damage: "extra-file", file: name });
  const there = manifest.files.filter(({ name }) => names.includes(name));
  for (const { name } of manifest.files) if (!names.includes(name)) files.push({ damage: "lost-file", file: name });
  const reader = createTrailReader();
  let lines = 0;
  const takers: Readonly<Record<string, (line: string) => void>> = {
    [headsFile]: expectHead,
    [checkpointsFile]: (line) => void checkpoints.push(line),
    [irregularFile]: (line) => archive.push(...archiveFindingIn(line)),
  };
  const checkpoints: string[] = [];
  const archive: ArchiveFinding[] = [];
  let reading: CheckpointReading | undefined;
  // Heads and checkpoints first: they say which cases there must be.
  for (const { name, bytes, sha256 } of there.toSorted((a, b) => Number(b.name in takers) - Number(a.name in takers))) {
    if (isEntriesFile(name)) reading ??= anchorAll();
    const takes = isEntriesFile(name) ? take : (takers[name] ?? (() => {}));
    const read = await readLines(join(folder, name), takes);
    if (read.bytes !== bytes || read.sha256 !== sha256) files.push({ damage: "changed-file", file: name });
  }
  function anchorAll(): CheckpointReading {
    const read = readCheckpoints(checkpoints, verifySignature);
    for (const [name, anchors] of read.anchors) reader.anchor(name, anchors);
    return read;
  }
  function expectHead(line: string): void {
    const head = headIn(line);
    if (head !== undefined) reader.expect(head);
  }
  function take(line: string, bytes: Buffer): void {
    reader.take(line, hash("sha256", bytes));
    lines += 1;
    if (lines % 10_000 === 0) progress(lines, manifest.entries);
  }
  const { anchors: _, findings: ofCheckpoints, ...summary } = reading ?? anchorAll();
  const { cases, entries, findings, found, unanchored } = reader.end();
  if (cases !== manifest.cases || entries !== manifest.entries)
    files.push({ damage: "changed-count", file: manifestFile });
  const others = [...files, ...archive, ...ofCheckpoints];
  return {
    ...{ cases, entries, checkpoints: summary, unanchored },
    ...{ findings: [...others, ...findings], found: others.length + found },
  };
}

function archiveFindingIn(line: string): ArchiveFinding[] {
  try {
    const { key, irregularity } = JSON.parse(line) as { key?: unknown; irregularity?: unknown };
    const damage = irregularity === "delete-marker" ? irregularity : "second-version";
    return [{ damage, key: String(key) }];
  } catch {
    return [{ damage: "second-version", key: line }];
  }
}

function headIn(line: string): CaseHead | undefined {
  try {
    const { case: name, entries, head } = JSON.parse(line) as Partial<CaseHead>;
    return name !== undefined && entries !== undefined && head !== undefined
      ? { case: name, entries, head }
      : undefined;
  } catch {
    return undefined;
  }
}

const newline = 10;

/** Gives every line to `take`, as text and as bytes, and answers what the file is, by its bytes. */
export async function readLines(
  file: string,
  take: (line: string, bytes: Buffer) => void,
): Promise<{ bytes: number; sha256: string }> {
  const whole: Hash = createHash("sha256");
  let bytes = 0;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
    whole.update(chunk);
    bytes += chunk.length;
    const read = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    for (let to = read.indexOf(newline); to >= 0; to = read.indexOf(newline, from)) {
      const line = read.subarray(from, to);
      take(line.toString("utf8"), line);
      from = to + 1;
    }
    rest = read.subarray(from);
  }
  if (rest.length > 0) take(rest.toString("utf8"), rest);
  return { bytes, sha256: whole.digest("hex") };
}
