import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ChangeName } from "../../lib/domain/ledger/change-name.ts";
import type { ChangeBook } from "../../lib/workflows/ports/change.ts";
import { byRule, changeChain, changed, judgedAs, left, stopName, undone } from "../doubles/change-chains.ts";

const at = (hour: number): ChangeName => ({ ...stopName, hour });
const ofAccount: ChangeName = { operation: "default-regions", subject: { kind: "account" }, hour: 1 };
const begun = (name: ChangeName) => changeChain(name, changed(name), byRule);

/** What is expected of any book of changes: held by the double and by the real adapter. */
export function describeChangeBook(
  name: string,
  start: () => Promise<{ readonly book: ChangeBook; stop(): Promise<void> }>,
): void {
  describe(`change book: ${name}`, () => {
    let under: Awaited<ReturnType<typeof start>>;
    beforeAll(async () => {
      under = await start();
    });
    afterAll(async () => await under.stop());

    it("knows none at first, then each by operation, subject and hour", async () => {
      const { book } = under;
      const names = [at(1), at(2), ofAccount, { ...at(1), operation: "start" }];
      expect(await Promise.all(names.map((each) => book.read(each)))).toEqual(names.map(() => undefined));
      for (const each of names) expect(await book.save({ chain: begun(each), expectedLength: 0 })).toBe("saved");
      for (const each of names) expect((await book.read(each))?.head).toBe(begun(each).head);
    });

    it("takes a change only to what was read", async () => {
      const { book } = under;
      const other = changeChain(at(2), changed(at(2)), judgedAs());
      expect(await book.save({ chain: other, expectedLength: 0 })).toBe("conflict");
      const ended = changeChain(at(2), changed(at(2)), byRule, undone);
      expect(await book.save({ chain: ended, expectedLength: 2 })).toBe("saved");
      const endedToo = changeChain(at(2), changed(at(2)), byRule, left("denied"));
      expect(await book.save({ chain: endedToo, expectedLength: 2 })).toBe("conflict");
      expect((await book.read(at(2)))?.texts).toEqual(ended.texts);
    });

    it("takes the same write twice as one, as when an answer was lost on the way, also after others have added to it", async () => {
      const { book } = under;
      const beginning = { chain: begun(at(3)), expectedLength: 0 };
      expect([await book.save(beginning), await book.save(beginning)]).toEqual(["saved", "saved"]);
      const ending = { chain: changeChain(at(3), changed(at(3)), byRule, undone), expectedLength: 2 };
      expect([await book.save(ending), await book.save(ending), await book.save(beginning)]).toEqual([
        ...["saved", "saved", "saved"],
      ]);
      expect((await book.read(at(3)))?.texts).toEqual(ending.chain.texts);
    });
  });
}
