import { realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, sep } from "node:path";
import * as v from "valibot";
import { jsonOr } from "../../lib/aws/json.ts";
import type { DigestFile } from "../../lib/domain/reconcile/read-digests.ts";
import { isGzip, unpacked } from "../cloudtrail/read-bytes.ts";
import { InputError } from "../shell/input-error.ts";
import { isPlainFile, linesIn, readPlainFile } from "../trail/bounded-file.ts";

const common = {
  key: v.pipe(v.string(), v.maxLength(1_100)),
  signature: v.pipe(v.string(), v.maxLength(2_048), v.regex(/^([0-9a-f]{2})+$/)),
  algorithm: v.pipe(v.string(), v.maxLength(64)),
  generatedAt: v.nullish(
    v.pipe(
      v.string(),
      v.maxLength(64),
      v.transform((text) => Date.parse(text)),
      v.number(),
    ),
  ),
};

const lineSchema = v.union([
  v.object({ ...common, bytes: v.pipe(v.string(), v.base64()) }),
  v.object({ ...common, path: v.pipe(v.string(), v.maxLength(1_100)) }),
]);

type Line = v.InferOutput<typeof lineSchema>;

/** An object as stored in S3 is never larger (bytes). */
const mostPackedBytes = 64_000_000;

/**
 * Gives each digest that the lines of a file describe to `take`, and counts the lines that describe none by reason. Throws an InputError for what
 * is not a file.
 */
export async function readDigestLines(
  path: string,
  take: (digest: DigestFile) => void,
  unread: (why: string) => void,
): Promise<void> {
  const folder = dirname(path);
  if (!(await isPlainFile(folder, basename(path)))) throw new InputError(`\`${path}\` is not a file of JSON Lines`);
  const lines = linesIn(path);
  let next = await lines.next();
  for (; next.done !== true; next = await lines.next())
    for (const line of next.value) {
      if (line.trim() === "") continue;
      const digest = await digestIn(line, folder);
      if (typeof digest === "string") unread(digest);
      else take(digest);
    }
  if (!next.value) unread("a line of --digests that is too long, and all after it");
}

async function digestIn(text: string, folder: string): Promise<DigestFile | string> {
  const parsed = v.safeParse(lineSchema, jsonOr(text));
  if (!parsed.success) return "a line of --digests that is malformed";
  const line = parsed.output;
  const packed = "bytes" in line ? Buffer.from(line.bytes, "base64") : await fileOf(line, folder);
  if (packed === undefined) return "a line of --digests whose file is not there, or lies outside of its folder";
  const found = isGzip(packed) ? await unpacked(packed) : { bytes: packed, hasMore: false };
  if ("why" in found) return `a digest that ${found.why}`;
  if (found.hasMore) return "a digest with more than one gzip member";
  const { key, signature, algorithm, generatedAt } = line;
  return { key, signature, algorithm, bytes: found.bytes, ...(typeof generatedAt === "number" && { generatedAt }) };
}

/** The file that a line names, below the folder of the lines; undefined for any other. */
async function fileOf({ path }: Extract<Line, { path: string }>, folder: string): Promise<Buffer | undefined> {
  if (isAbsolute(path) || path.split(/[/\\]/).includes("..")) return undefined;
  try {
    const [inside, found] = [await realpath(folder), await realpath(join(folder, path))];
    return found.startsWith(inside + sep) ? await readPlainFile("", found, mostPackedBytes) : undefined;
  } catch {
    return undefined;
  }
}
