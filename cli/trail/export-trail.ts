import { createHash, type Hash } from "node:crypto";
import { once } from "node:events";
import { createWriteStream, existsSync, type WriteStream } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256Hex } from "../../lib/domain/ledger/canonical-json.ts";
import { readCheckpoints } from "../../lib/domain/trail/checkpoint-chain.ts";
import { manifestText } from "../../lib/domain/trail/manifest.ts";
import type { CaseHead } from "../../lib/domain/trail/trail.ts";
import { removedAfter } from "../shell/half-done.ts";
import { InputError } from "../shell/input-error.ts";
import { makeFolder } from "../shell/make-folder.ts";
import type { StoredCheckpoints } from "./stored-checkpoints.ts";
import { checkpointsFile, entriesFile, headsFile, irregularFile, manifestFile } from "./trail-files.ts";

/** One case as stored in the table: nothing of it is judged here, a damaged one is evidence too. */
export interface StoredTrail {
  readonly case: string;
  readonly texts: readonly string[];
  readonly head: string;
}

export interface ExportOptions {
  readonly out: string;
  /** ms since the epoch: cases with an entry from `from` up to `to`. */
  readonly from: number;
  readonly to: number;
  readonly source: string;
  readonly checkpoints: StoredCheckpoints;
  readonly now: number;
  /** Hears after every case how many were exported. */
  readonly progress: (cases: number) => void;
}

/** What an export holds, and the SHA-256 of its manifest. */
export interface Exported {
  readonly cases: number;
  readonly entries: number;
  readonly checkpoints: number;
  readonly digest: string;
}

/** A file is closed and the next one begun after so many bytes. */
const partBytes = 64_000_000;

/**
 * Writes every case of `trails` that has to do with the time asked for into a new folder, and answers the SHA-256 of the manifest, which
 * stands for all of it. Written beside its place and moved there at the end: what is cut off leaves no half export.
 * Throws an InputError when there is something at its place already.
 */
export async function exportTrail(trails: AsyncIterable<StoredTrail>, options: ExportOptions): Promise<Exported> {
  const { out } = options;
  if (existsSync(out)) throw new InputError(`\`${out}\` is there already: export to a new folder`);
  const partial = `${out}.partial`;
  await rm(partial, { recursive: true, force: true });
  await makeFolder(partial);
  return await removedAfter(partial, async () => {
    const exported = await writeTrail(trails, partial, options);
    await rename(partial, out);
    return exported;
  });
}

async function writeTrail(
  trails: AsyncIterable<StoredTrail>,
  folder: string,
  { from, to, source, checkpoints, now, progress }: ExportOptions,
): Promise<Exported> {
  const parts = new Parts(folder);
  const heads: CaseHead[] = [];
  // What a checkpoint names has to be there, although its entries may be older than the time asked for.
  const anchored = new Set(readCheckpoints(checkpoints.texts).anchors.keys());
  let entries = 0;
  for await (const trail of trails) {
    if (!anchored.has(trail.case) && !concerns(trail, from, to)) continue;
    await parts.write(trail.texts);
    heads.push({ case: trail.case, entries: trail.texts.length, head: trail.head });
    entries += trail.texts.length;
    progress(heads.length);
  }
  const lines = (values: readonly object[]) => values.map((value) => JSON.stringify(value));
  const lists = [
    await writeLines(folder, headsFile, lines(heads)),
    await writeLines(folder, checkpointsFile, checkpoints.texts),
    await writeLines(folder, irregularFile, lines(checkpoints.irregular)),
  ];
  const manifest = manifestText({
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    exportedAt: new Date(now).toISOString(),
    source,
    cases: heads.length,
    entries,
    files: [...(await parts.end()), ...lists],
  });
  await writeFile(join(folder, manifestFile), manifest);
  return { cases: heads.length, entries, checkpoints: checkpoints.texts.length, digest: sha256Hex(manifest) };
}

interface DescribedFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

async function writeLines(folder: string, name: string, lines: readonly string[]): Promise<DescribedFile> {
  const text = lines.map((line) => `${line}\n`).join("");
  await writeFile(join(folder, name), text);
  return { name, bytes: Buffer.byteLength(text), sha256: sha256Hex(text) };
}

/** Whether anything of the case was written in that time; one whose times cannot be read is never left out. */
function concerns({ texts }: StoredTrail, from: number, to: number): boolean {
  return texts.some((text) => {
    try {
      const { at } = JSON.parse(text) as { at?: unknown };
      return typeof at !== "number" || (at >= from && at < to);
    } catch {
      return true;
    }
  });
}

/** The entries, one a line, in files of a bounded size. */
class Parts {
  readonly #folder: string;
  readonly #done: DescribedFile[] = [];
  #open: { readonly name: string; readonly stream: WriteStream; readonly hash: Hash; bytes: number } | undefined;
  /** What the disk said, should nobody be waiting for it just then. */
  #failed: Error | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async write(texts: readonly string[]): Promise<void> {
    const name = entriesFile(this.#done.length + 1);
    this.#open ??= { name, stream: this.#streamOf(name), hash: createHash("sha256"), bytes: 0 };
    const { stream, hash } = this.#open;
    const chunk = Buffer.from(texts.map((text) => `${text}\n`).join(""));
    hash.update(chunk);
    this.#open.bytes += chunk.length;
    // A stream that has failed says so once, and never drains nor finishes.
    if (this.#failed !== undefined) throw this.#failed;
    if (!stream.write(chunk)) await once(stream, "drain");
    if (this.#open.bytes >= partBytes) await this.#close();
  }

  async end(): Promise<readonly DescribedFile[]> {
    await this.#close();
    return this.#done;
  }

  #streamOf(name: string): WriteStream {
    const stream = createWriteStream(join(this.#folder, name));
    return stream.on("error", (error) => {
      this.#failed = error;
    });
  }

  async #close(): Promise<void> {
    if (this.#open === undefined) return;
    const { name, stream, hash, bytes } = this.#open;
    if (this.#failed !== undefined) throw this.#failed;
    stream.end();
    await once(stream, "finish");
    this.#done.push({ name, bytes, sha256: hash.digest("hex") });
    this.#open = undefined;
  }
}
