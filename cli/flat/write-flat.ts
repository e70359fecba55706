import { closeSync, existsSync, openSync, writeSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { keyArnParts } from "../../lib/domain/key/key-arn.ts";
import { membersIn } from "../../lib/domain/ledger/chain.ts";
import { chainSubject } from "../../lib/domain/ledger/chain-name.ts";
import { readManifest } from "../../lib/domain/trail/manifest.ts";
import { removedAfter } from "../shell/half-done.ts";
import { InputError } from "../shell/input-error.ts";
import { readLines, readPlainFile } from "../trail/bounded-file.ts";
import { type ExportStack, stackOfOrigin, stackOfSource } from "../trail/export-stack.ts";
import { headsFile, manifestFile } from "../trail/trail-files.ts";
import { mostManifestBytes, type Verification, type VerifyOptions, verifyTrail } from "../trail/verify-trail.ts";
import { FlatRows, flatLine } from "./flat-row.ts";

/** So much text is written at once (characters). */
const chunkLength = 1 << 20;

/** What was written, and the verdict on its source. */
export interface WrittenFlat {
  readonly lines: number;
  readonly verified: Verification;
}

/**
 * Writes every line of the log of an export as one JSON object into the new file `out`, and verifies the export meanwhile. What is not logged yet
 * is not in it. Throws an InputError.
 */
export async function writeFlat(folder: string, out: string, options: VerifyOptions): Promise<WrittenFlat> {
  if (existsSync(out)) throw new InputError(`\`${out}\` exists already: name a new file`);
  const rows = new FlatRows(await stackOf(folder, options));
  await mkdir(dirname(out), { recursive: true });
  const partial = `${out}.partial`;
  return await removedAfter(partial, async () => {
    const written = await writeLines(folder, partial, options, rows);
    await rename(partial, out);
    return written;
  });
}

async function writeLines(folder: string, file: string, options: VerifyOptions, rows: FlatRows): Promise<WrittenFlat> {
  const handle = openSync(file, "w");
  let chunk = "";
  let lines = 0;
  const flush = () => {
    writeSync(handle, chunk);
    chunk = "";
  };
  try {
    const verified = await verifyTrail(folder, {
      ...options,
      onLine: (line) => {
        chunk += `${flatLine(rows.rowOf(line))}\n`;
        lines += 1;
        if (chunk.length >= chunkLength) flush();
      },
    });
    if (verified.manifest === undefined) throw new InputError("the manifest was changed: there is nothing to write");
    flush();
    return { lines, verified };
  } finally {
    closeSync(handle);
  }
}

/** The stack of an export: as the expected key names it, else its source; its account is that of a key of the log where the source does not say. */
async function stackOf(folder: string, { key }: VerifyOptions): Promise<ExportStack> {
  const expected = key && stackOfOrigin(key.name);
  if (expected !== undefined) return expected;
  const text = (await readPlainFile(folder, manifestFile, mostManifestBytes))?.toString("utf8") ?? "";
  const manifest = readManifest(text);
  const named = typeof manifest === "string" ? { account: "", region: "", stack: "" } : stackOfSource(manifest.source);
  return named.account === "" ? { ...named, ...(await keyPlaceIn(folder)) } : named;
}

/** Account and Region of the first key that the log has a case of. */
async function keyPlaceIn(folder: string): Promise<Partial<ExportStack>> {
  let found: Partial<ExportStack> = {};
  await readLines(folder, headsFile, (line) => {
    const name = membersIn(line)?.["chain"];
    const subject = found.account === undefined && typeof name === "string" ? chainSubject(name) : undefined;
    if (subject?.kind !== "case") return;
    const { account, region } = keyArnParts(subject.name.keyArn);
    found = { account, region };
  });
  return found;
}
