import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { append, emptyChain } from "../../lib/domain/ledger/chain.ts";
import { pauseChainName } from "../../lib/domain/ledger/chain-name.ts";
import type { PauseBook } from "../../lib/workflows/ports/guard.ts";
import { t0 } from "../doubles/key-world.ts";

const by = {
  voter: { via: "aws", arn: "arn:aws:iam::111122223333:user/alice", userId: "AIDAALICE" },
  person: "alice",
  reason: "INC-7",
} as const;
const requestNo = (number: number, at = t0) =>
  append(emptyChain(pauseChainName(number)), { kind: "pause-requested", number, forMs: 3_600_000, ...by }, at);

/** What is expected of any book of pauses: held by the double and by the real adapter. */
export function describePauseBook(
  name: string,
  start: () => Promise<{ readonly book: PauseBook; stop(): Promise<void> }>,
): void {
  describe(`pause book: ${name}`, () => {
    let under: Awaited<ReturnType<typeof start>>;
    beforeAll(async () => {
      under = await start();
    });
    afterAll(async () => await under.stop());

    it("knows none at first, then the newest, and each by its number", async () => {
      const { book } = under;
      expect([await book.latest(), await book.read(1)]).toEqual([undefined, undefined]);
      const [first, second] = [requestNo(1), requestNo(2)];
      expect(await book.save({ chain: first, expectedLength: 0 })).toBe("saved");
      expect(await book.save({ chain: second, expectedLength: 0 })).toBe("saved");
      expect((await book.latest())?.head).toBe(second.head);
      expect((await book.read(1))?.head).toBe(first.head);
    });

    it("takes a change only to what was read", async () => {
      const { book } = under;
      expect(await book.save({ chain: requestNo(2, t0 + 7), expectedLength: 0 })).toBe("conflict");
      const ended = append(requestNo(2), { kind: "pause-ended", ...by }, t0 + 1);
      expect(await book.save({ chain: ended, expectedLength: 1 })).toBe("saved");
      const endedToo = append(requestNo(2), { kind: "pause-ended", ...by }, t0 + 2);
      expect(await book.save({ chain: endedToo, expectedLength: 1 })).toBe("conflict");
      expect((await book.latest())?.texts).toEqual(ended.texts);
    });

    it("takes the same write twice as one, as when an answer was lost on the way, also after others have added to it", async () => {
      const { book } = under;
      const begun = requestNo(3);
      const beginning = { chain: begun, expectedLength: 0 };
      expect([await book.save(beginning), await book.save(beginning)]).toEqual(["saved", "saved"]);
      const ended = append(begun, { kind: "pause-ended", ...by }, t0 + 1);
      const ending = { chain: ended, expectedLength: 1 };
      expect([await book.save(ending), await book.save(ending), await book.save(beginning)]).toEqual([
        ...["saved", "saved", "saved"],
      ]);
      expect((await book.read(3))?.texts).toEqual(ended.texts);
    });
  });
}
