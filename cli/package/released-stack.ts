import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { printableText } from "../../lib/domain/printable-text.ts";
import { checksumsFile, readChecksums, sha256Of } from "../../lib/release/checksums.ts";
import { InputError } from "../shell/input-error.ts";

/** A released stack, as its checksums state it. */
export interface ReleasedStack {
  readonly template: string;
  /** Each function's zip, by its file name. */
  readonly zips: ReadonlyMap<string, Uint8Array>;
}

const templateFile = "template.json";
const zipFiles = ["approval", "guard", "notify", "remediation", "sweep", "votes"].map((name) => `${name}.zip`);

/** Reads a released stack. Throws an InputError for a folder that holds none, or a file that is not as SHA256SUMS states it. */
export async function readReleasedStack(folder: string): Promise<ReleasedStack> {
  const [template, ...zips] = await readReleased(folder, [templateFile, ...zipFiles]);
  const named = zipFiles.map((name, n) => [name, zips[n] ?? new Uint8Array()] as const);
  return { template: Buffer.from(template).toString("utf8"), zips: new Map(named) };
}

/** Reads files of a release and compares each with SHA256SUMS. Throws an InputError as `readReleasedStack`. */
export async function readReleased<const Names extends readonly string[]>(
  folder: string,
  names: Names,
): Promise<{ [Index in keyof Names]: Uint8Array }> {
  const sums = readChecksums(await textIn(folder, checksumsFile));
  const read: Uint8Array[] = [];
  for (const name of names) {
    const bytes = await bytesIn(folder, name);
    if (sums.get(name) !== sha256Of(bytes))
      throw new InputError(
        `\`${printableText(join(folder, name), 200)}\` is not as ${checksumsFile} states it: get the release again`,
      );
    read.push(bytes);
  }
  return read as { [Index in keyof Names]: Uint8Array };
}

async function textIn(folder: string, name: string): Promise<string> {
  return Buffer.from(await bytesIn(folder, name)).toString("utf8");
}

async function bytesIn(folder: string, name: string): Promise<Uint8Array> {
  return await readFile(join(folder, name)).catch(() => {
    throw new InputError(
      `\`${printableText(folder, 200)}\` holds no release: ${name} cannot be read. Name one with --release DIR; in a checkout, \`npm run release\` makes dist/release`,
    );
  });
}
