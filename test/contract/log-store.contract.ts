import { describe, expect, it } from "vitest";
import type { LogStore } from "../../lib/workflows/ports/log-store.ts";

/** What a test does to a bucket behind the store's back. */
export interface Bucket {
  readonly store: LogStore;
  readonly put: (name: string, text: string) => void;
}

/** What every log store does, the double in memory as well as S3. */
export function logStoreContract(name: string, makeBucket: () => Promise<Bucket>): void {
  describe(`the log in ${name}`, () => {
    it("keeps an object under its name, once, and gives it back byte by byte", async () => {
      const { store } = await makeBucket();
      expect(await store.read("log/0000000001.jsonl")).toBeUndefined();
      expect(await store.write("log/0000000001.jsonl", "first ✓\n")).toBe("written");
      expect(await store.write("log/0000000001.jsonl", "another")).toBe("there-is-one");
      const found = await store.read("log/0000000001.jsonl");
      expect(Buffer.from(found?.bytes ?? []).toString("utf8")).toBe("first ✓\n");
      expect(found?.version).toEqual(expect.any(String));
    });

    it("reads an empty object", async () => {
      const { store, put } = await makeBucket();
      put("log/0000000001.jsonl", "");
      expect(await store.read("log/0000000001.jsonl")).toMatchObject({ bytes: { length: 0 } });
    });

    it("lists names of a prefix after a name, in their order", async () => {
      const { store, put } = await makeBucket();
      for (const each of ["log/2.jsonl", "heads/1.jsonl", "log/1.jsonl", "log/1.checkpoint", "other"]) put(each, "x");
      expect(await store.list("log/", "")).toEqual({
        names: ["log/1.checkpoint", "log/1.jsonl", "log/2.jsonl"],
        more: false,
      });
      expect(await store.list("log/", "log/1.checkpoint")).toEqual({
        names: ["log/1.jsonl", "log/2.jsonl"],
        more: false,
      });
      expect(await store.list("log/", "log/2.jsonl")).toEqual({ names: [], more: false });
    });

    it("lists a thousand names at a time, and says that there are more", async () => {
      const { store, put } = await makeBucket();
      for (let n = 0; n < 1_001; n++) put(`log/${String(n).padStart(10, "0")}.jsonl`, "x");
      const first = await store.list("log/", "");
      expect([first.names.length, first.more]).toEqual([1_000, true]);
      expect(await store.list("log/", first.names.at(-1) ?? "")).toEqual({
        names: ["log/0000001000.jsonl"],
        more: false,
      });
    });
  });
}
