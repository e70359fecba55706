import { sha256Hex } from "../../lib/domain/ledger/canonical-json.ts";
import { latestCovered } from "../../lib/domain/log/coverage.ts";
import type { LogFinding } from "../../lib/domain/log/finding.ts";
import type { LogReport, ReadOptions } from "../../lib/domain/log/log-report.ts";
import { maxObjectBytes } from "../../lib/domain/log/object.ts";
import { logPrefix } from "../../lib/domain/log/object-name.ts";
import { LogReader } from "../../lib/domain/log/read-log.ts";
import { quoted } from "../../lib/domain/printable-text.ts";
import { readManifest, type TrailManifest } from "../../lib/domain/trail/manifest.ts";
import { InputError } from "../shell/input-error.ts";
import { type FileFingerprint, fingerprintOf, isPlainFile, namesIn, readLines, readPlainFile } from "./bounded-file.ts";
import { type BucketNotes, bucketNoteIn, readHeads, readTable } from "./export-lists.ts";
import { numberedObjects } from "./numbered-objects.ts";
import { bucketFile, headsFile, manifestFile, tableFile } from "./trail-files.ts";

export interface VerifyOptions extends Omit<ReadOptions, "from" | "to"> {
  /** The time that has to be covered (ms); without it, the one that the export was made for. */
  readonly from?: number;
  readonly to?: number;
  /** The SHA-256 that the export printed. */
  readonly digest?: string;
  readonly progress?: (files: number, total: number) => void;
  /** What the export has to be of, as `audit export --accounts` notes it. */
  readonly exportOf?: string;
}

export interface Verification extends LogReport {
  /** SHA-256 of the manifest: the one that the export printed. */
  readonly digest: string;
  /** The time that was asked for; absent where the manifest cannot be read. */
  readonly manifest?: TrailManifest;
  /** Entries of the table that are not in the log yet. */
  readonly unlogged: number;
}

export const mostManifestBytes = 256 * 1024 * 1024;

/**
 * Checks an export, offline: the log by itself and by its checkpoints, and every file by the manifest. Throws an InputError for a folder that is
 * not an export, or one of a newer version.
 */
export async function verifyTrail(folder: string, options: VerifyOptions): Promise<Verification> {
  const names = await namesIn(folder);
  if (!names.includes(manifestFile)) throw new InputError(`\`${folder}\` is not an export: it has no ${manifestFile}`);
  const bytes = await readPlainFile(folder, manifestFile, mostManifestBytes);
  if (bytes === undefined) return withoutManifest({ finding: "not-a-file", detail: manifestFile }, "");
  const text = bytes.toString("utf8");
  const manifest = readManifest(text);
  if (manifest === "foreign") throw new InputError(`${manifestFile} was not written by this tool`);
  if (manifest === "newer") throw new InputError("a newer version of reprieve wrote the export: verify it with that");
  if (manifest === "changed")
    return withoutManifest({ finding: "changed-manifest", detail: manifestFile }, sha256Hex(text));
  if (options.exportOf !== undefined && options.exportOf !== manifest.source)
    throw new InputError(
      `\`${folder}\` is an export of ${quoted(manifest.source)}, expected ${quoted(options.exportOf)}: export with --accounts`,
    );
  return await verifyFiles({ folder, names, manifest, digest: sha256Hex(text) }, options);
}

interface Export {
  readonly folder: string;
  readonly names: readonly string[];
  readonly manifest: TrailManifest;
  readonly digest: string;
}

function withoutManifest(finding: LogFinding, digest: string): Verification {
  const none = { objects: 0, entries: 0, chains: 0, root: "", unlogged: 0 };
  return { verdict: "damaged", ...none, digest, findings: [finding], found: 1 };
}

async function verifyFiles({ folder, names, manifest, digest }: Export, options: VerifyOptions): Promise<Verification> {
  const reader = new LogReader({ ...options, ...timeOf(manifest, options) });
  const listed = new Map(manifest.files.map(({ name, ...fingerprint }) => [name, fingerprint]));
  if (options.digest !== undefined && options.digest !== digest)
    reader.report({ finding: "other-digest", detail: digest });
  const logNames = (await namesIn(`${folder}/${logPrefix}`)).map((name) => `${logPrefix}${name}`);
  reportNames(reader, listed, [...names.filter((name) => name !== "log" && name !== manifestFile), ...logNames]);
  const check = (name: string, found: FileFingerprint | undefined) => {
    const noted = listed.get(name);
    if (noted === undefined) return;
    if (found === undefined) reader.report({ finding: "not-a-file", detail: name });
    else if (found.bytes !== noted.bytes || found.sha256 !== noted.sha256)
      reader.report({ finding: "changed-file", detail: name });
  };
  const isThere = (name: string) => listed.has(name) && names.includes(name);
  const lines = async (name: string, take: (line: string) => void) => {
    if (isThere(name)) check(name, await readLines(folder, name, take));
  };
  const bucket: BucketNotes = new Map();
  await lines(bucketFile, (line) => bucketNoteIn(line, bucket, reader));
  for await (const object of numberedObjects(logFiles(folder, logNames, { bucket, check, options })))
    reader.take(object);
  const heads = readHeads(reader);
  await lines(headsFile, heads.take);
  if (isThere(headsFile)) heads.end();
  const table = readTable(reader, Date.parse(manifest.exportedAt));
  await lines(tableFile, table.take);
  return { ...reader.end(), digest, manifest, unlogged: table.unlogged() };
}

/** The time that has to be covered: as asked, else as the export was asked; without an end, all but the last hour before it. */
function timeOf(manifest: TrailManifest, asked: VerifyOptions): Pick<ReadOptions, "from" | "to"> {
  const begin = asked.from ?? (manifest.from === undefined ? undefined : Date.parse(manifest.from));
  const end = asked.to ?? (manifest.to === undefined ? undefined : Date.parse(manifest.to));
  // A time that begins after the export's own is not covered by it.
  const to = Math.max(end ?? latestCovered(Date.parse(manifest.exportedAt)), begin ?? Number.NEGATIVE_INFINITY);
  return { ...(begin !== undefined && { from: begin }), to };
}

/** The files that every export has, beside the log and the manifest. */
const everyExport = [bucketFile, headsFile, tableFile];

function reportNames(reader: LogReader, listed: ReadonlyMap<string, unknown>, names: readonly string[]): void {
  const there = new Set(names);
  for (const name of names) if (!listed.has(name)) reader.report({ finding: "extra-file", detail: name });
  for (const name of new Set([...listed.keys(), ...everyExport]))
    if (!there.has(name)) reader.report({ finding: "lost-file", detail: name });
}

interface Around {
  readonly bucket: BucketNotes;
  readonly check: (name: string, found: FileFingerprint | undefined) => void;
  readonly options: VerifyOptions;
}

async function* logFiles(folder: string, names: readonly string[], { bucket, check, options }: Around) {
  for (const [n, name] of names.entries()) {
    const bytes = (await isPlainFile(folder, name)) ? await readPlainFile(folder, name, maxObjectBytes) : undefined;
    check(name, bytes && fingerprintOf(bytes));
    const modifiedAt = bucket.get(name);
    yield { name, bytes: bytes ?? new Uint8Array(), ...(modifiedAt !== undefined && { modifiedAt }) };
    options.progress?.(n + 1, names.length);
  }
}
