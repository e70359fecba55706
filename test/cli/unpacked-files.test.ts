import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { readBytes } from "../../cli/cloudtrail/read-bytes.ts";
import { unpackedFiles } from "../../cli/cloudtrail/unpacked-files.ts";

const folder = mkdtempSync(join(tmpdir(), "reprieve-unpacked-"));
afterAll(() => rmSync(folder, { recursive: true }));
const put = (name: string, bytes: Buffer) => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};
const read = async (name: string, bytes: Buffer) => {
  const found = await readBytes(put(name, bytes));
  if ("why" in found) throw new Error(found.why);
  return found;
};
const text = (length: number) => Buffer.alloc(length, "0123456789");

describe("the bytes of a packed file", () => {
  it.each([0, 1, 65_535, 65_536, 3_000_000])("are all of %d bytes, in one piece", async (length) => {
    const { bytes, hasMore } = await read("one.gz", gzipSync(text(length)));
    expect([bytes.equals(text(length)), hasMore]).toEqual([true, false]);
    expect(bytes.buffer.byteLength).toBeLessThanOrEqual(Math.max(length + 1, 65_536));
  });

  it("are those of all members, however long the last one says it is", async () => {
    const { bytes, hasMore } = await read("two.gz", Buffer.concat([gzipSync(text(3_000_000)), gzipSync(text(7))]));
    expect([bytes.length, hasMore]).toEqual([3_000_007, true]);
  });

  it.each([0, 70_000_000, 0xffff_ffff])("are refused where they say that they are %d", async (claimed) => {
    const packed = gzipSync(text(100));
    packed.writeUInt32LE(claimed, packed.length - 4);
    expect(await readBytes(put("wrong.gz", packed))).toEqual({ why: "is cut off, or no gzip" });
  });
});

describe("files that are unpacked one after the other", () => {
  it("give their memory back when the next one is asked for", async () => {
    const paths = [put("a.gz", gzipSync(text(2_000_000))), put("b.gz", gzipSync(text(10))), put("c", text(2_000_000))];
    const seen: Buffer[] = [];
    for await (const { found } of unpackedFiles(paths)) {
      if ("why" in found) throw new Error(found.why);
      seen.push(found.bytes);
      // The one that is looked through is whole, whatever else was given back.
      expect(found.bytes.equals(text(found.bytes.length))).toBe(true);
    }
    // A small one may share its memory with buffers of others, and keeps it.
    expect(seen.map(({ length }) => length)).toEqual([0, 10, 0]);
  });
});
