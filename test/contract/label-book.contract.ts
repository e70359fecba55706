import { beforeEach, describe, expect, it } from "vitest";
import type { KeyArn } from "../../lib/domain/key/key-arn.ts";
import type { LabelBook, LabelledKey } from "../../lib/workflows/ports/sweep.ts";
import { keyArn } from "../doubles/key-world.ts";

const at = 1_772_323_200_000;
const arn = (n: number) => keyArn(`labelled${String(n).padStart(8, "0")}`);
const sighting = { state: "=test", since: at, at };
const whole: LabelledKey = {
  labels: { tags: { Environment: { ...sighting, first: true } }, aliases: sighting },
  toRead: ["Environment", "Team"],
  triedAt: at,
  isNew: true,
};
const bare: LabelledKey = { labels: { tags: {} }, toRead: [] };

/** What the label book promises, whatever it is kept in. */
export function labelBookContract(name: string, create: () => Promise<LabelBook>): void {
  describe(`the label book ${name}`, () => {
    let book: LabelBook;
    beforeEach(async () => {
      book = await create();
    });

    it("holds nothing at first", async () => {
      expect(await book.readAt()).toEqual(new Map());
      for (let part = 0; part < book.parts; part++) expect(await book.read(part)).toEqual(new Map());
    });

    it("puts every key into one of its parts, and always the same", () => {
      const parts = Array.from({ length: 500 }, (_, n) => book.partOf(arn(n)));
      expect(new Set(parts)).toEqual(new Set(Array.from({ length: book.parts }, (_, part) => part)));
      expect(parts).toEqual(Array.from({ length: 500 }, (_, n) => book.partOf(arn(n))));
    });

    it("reads what was written last, member by member, and keeps parts apart", async () => {
      const keys = new Map<KeyArn, LabelledKey>([
        [arn(1), whole],
        [arn(2), bare],
      ]);
      expect(await book.write(0, keys)).toBe(0);
      expect(await book.read(0)).toEqual(keys);
      expect(await book.read(1)).toEqual(new Map());
      await book.write(0, new Map([[arn(2), whole]]));
      expect(await book.read(0)).toEqual(new Map([[arn(2), whole]]));
    });

    it("answers copies: what is changed afterwards is not written", async () => {
      const keys = new Map([[arn(1), whole]]);
      await book.write(0, keys);
      keys.delete(arn(1));
      const read = await book.read(0);
      if (read !== "unreadable") (read as Map<KeyArn, LabelledKey>).clear();
      expect(await book.read(0)).toEqual(new Map([[arn(1), whole]]));
    });

    it("keeps the times of its parts", async () => {
      await book.noteReadAt(
        new Map([
          [0, at],
          [3, at + 1],
        ]),
      );
      expect(await book.readAt()).toEqual(
        new Map([
          [0, at],
          [3, at + 1],
        ]),
      );
      await book.noteReadAt(new Map([[3, at + 2]]));
      expect(await book.readAt()).toEqual(new Map([[3, at + 2]]));
    });
  });
}
