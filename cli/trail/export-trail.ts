import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { canonicalJson, sha256Hex } from "../../lib/domain/ledger/canonical-json.ts";
import { logChainName } from "../../lib/domain/ledger/chain-name.ts";
import { compareChain } from "../../lib/domain/log/compare-chain.ts";
import { logPrefix } from "../../lib/domain/log/object-name.ts";
import { LogReader } from "../../lib/domain/log/read-log.ts";
import { manifestText } from "../../lib/domain/trail/manifest.ts";
import { removedAfter } from "../shell/half-done.ts";
import { InputError } from "../shell/input-error.ts";
import { makeFolder } from "../shell/make-folder.ts";
import type { LogFile } from "./log-file.ts";
import { numberedObjects } from "./numbered-objects.ts";
import type { StoredTrail } from "./stored-trail.ts";
import { bucketFile, headsFile, manifestFile, tableFile } from "./trail-files.ts";
import { type DescribedFile, LinesFile, writeBytes } from "./write-files.ts";

export interface ExportOptions {
  readonly out: string;
  /** The time that is asked for (ms since the epoch). */
  readonly from?: number;
  readonly to?: number;
  readonly source: string;
  readonly now: number;
  /** Is called with the number of files that were written. */
  readonly progress: (files: number) => void;
}

/** What an export holds, and the SHA-256 of its manifest. */
export interface Exported {
  readonly objects: number;
  readonly chains: number;
  readonly entries: number;
  /** Entries of the table that are too new to be in the log. */
  readonly unlogged: number;
  readonly digest: string;
}

/**
 * Writes the log into a new folder, file by file as stored in the bucket, and what the table adds to it. Returns the SHA-256 of the manifest,
 * which stands for all of it. Written beside its place and moved there at the end: an interrupted export leaves no half of one.
 * Throws an InputError where there is something at its place already.
 */
export async function exportTrail(
  log: AsyncIterable<LogFile>,
  table: AsyncIterable<StoredTrail>,
  options: ExportOptions,
): Promise<Exported> {
  const { out } = options;
  if (existsSync(out)) throw new InputError(`\`${out}\` exists already: export to a new folder`);
  const partial = `${out}.partial`;
  await rm(partial, { recursive: true, force: true });
  return await removedAfter(partial, async () => {
    await makeFolder(partial);
    const exported = await writeTrail(log, table, partial, options);
    await rename(partial, out);
    return exported;
  });
}

async function writeTrail(
  log: AsyncIterable<LogFile>,
  table: AsyncIterable<StoredTrail>,
  folder: string,
  options: ExportOptions,
): Promise<Exported> {
  const { from, to, source, now } = options;
  const reader = new LogReader({ witnesses: [], to: 0 });
  const files: DescribedFile[] = [];
  for await (const object of numberedObjects(copied(log, folder, files, options.progress))) reader.take(object);
  const { objects, chains, entries } = reader.end();
  files.push(await writeHeads(folder, reader));
  const { file, unlogged } = await writeTable(folder, table, reader);
  const manifest = manifestText({
    ...(from !== undefined && { from: new Date(from).toISOString() }),
    ...(to !== undefined && { to: new Date(to).toISOString() }),
    ...{ exportedAt: new Date(now).toISOString(), source, objects, chains, entries, files: [...files, file] },
  });
  await writeFile(join(folder, manifestFile), manifest);
  return { objects, chains, entries, unlogged, digest: sha256Hex(manifest) };
}

/** Gives every file of the log on once it is written. */
async function* copied(
  log: AsyncIterable<LogFile>,
  folder: string,
  files: DescribedFile[],
  progress: (files: number) => void,
): AsyncIterable<LogFile> {
  await mkdir(join(folder, logPrefix));
  const bucket = new LinesFile(folder, bucketFile);
  for await (const file of log) {
    const { name, bytes, modifiedAt, irregular } = file;
    files.push(await writeBytes(folder, name, bytes));
    await bucket.write(canonicalJson({ name, irregular, ...(modifiedAt !== undefined && { modifiedAt }) }));
    progress(files.length);
    yield file;
  }
  files.push(await bucket.end());
}

async function writeHeads(folder: string, { heads }: LogReader): Promise<DescribedFile> {
  const file = new LinesFile(folder, headsFile);
  for (const [chain, head] of [...heads].sort(([a], [b]) => (a < b ? -1 : 1)))
    await file.write(canonicalJson({ chain, ...head }));
  return await file.end();
}

/** The table after the log: what it has more is not logged yet; whatever else differs contradicts the log. */
async function writeTable(folder: string, table: AsyncIterable<StoredTrail>, { heads }: LogReader) {
  const file = new LinesFile(folder, tableFile);
  const seen = new Set<string>([logChainName]);
  let unlogged = 0;
  const write = async (name: string, texts: readonly string[]) => {
    const { lines, differs } = compareChain(heads.get(name), { name, texts });
    unlogged += lines.length;
    if (lines.length > 0) await file.write(canonicalJson({ chain: name, texts: lines }));
    if (differs !== undefined) await file.write(canonicalJson({ chain: name, differs }));
  };
  for await (const { case: name, texts } of table) {
    seen.add(name);
    await write(name, texts);
  }
  for (const name of [...heads.keys()].filter((name) => !seen.has(name)).sort()) await write(name, []);
  return { file: await file.end(), unlogged };
}
