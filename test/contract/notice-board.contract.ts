import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DeletionLedger, NoticeBoard, NoticeSubject } from "../../lib/workflows/ports/notices.ts";
import { keyArn, t0 } from "../doubles/key-world.ts";

/** Board and ledger under test; `stop` ends whatever they run on. */
export interface BoardUnderTest {
  readonly board: NoticeBoard;
  readonly ledger: DeletionLedger;
  stop(): Promise<void>;
}

let subjects = 0;
/** A subject no other test has, so that tests share a table. */
function freshSubject(): NoticeSubject {
  subjects += 1;
  return { series: keyArn(`notice${String(subjects).padStart(10, "0")}`), number: 1 };
}

const nothing = { told: 0, mailed: 0, escalated: 0 };
const told = { ref: "1716839394.000100", told: 6, mailed: 5, escalated: 4, place: "own" as const };

/** What telling people expects of any notice board and ledger: held by the doubles and by the real adapters. */
export function describeNoticeBoard(name: string, start: () => Promise<BoardUnderTest>): void {
  describe(`notice board: ${name}`, () => {
    let under: BoardUnderTest;
    let board: NoticeBoard;
    beforeAll(async () => {
      under = await start();
      board = under.board;
    }, 60_000);
    afterAll(async () => await under.stop());

    it("has told nothing of a subject it never saw", async () => {
      expect(await board.claim(freshSubject(), "run-a", t0, t0 + 70_000)).toEqual(nothing);
    });

    it("gives back what was noted, once the claim is let go of", async () => {
      const subject = freshSubject();
      await board.claim(subject, "run-a", t0, t0 + 70_000);
      await board.save(subject, "run-a", told, true);
      expect(await board.claim(subject, "run-b", t0 + 1, t0 + 70_001)).toEqual(told);
    });

    it("keeps others out while a claim lasts, and lets them take over what was noted when it has run out", async () => {
      const subject = freshSubject();
      await board.claim(subject, "run-a", t0, t0 + 70_000);
      await board.save(subject, "run-a", told, false);
      expect(await board.claim(subject, "run-b", t0 + 69_999, t0 + 140_000)).toBeUndefined();
      expect(await board.claim(subject, "run-b", t0 + 70_000, t0 + 140_000)).toEqual(told);
    });

    it("refuses to note under a claim that was lost", async () => {
      const subject = freshSubject();
      await board.claim(subject, "run-a", t0, t0 + 70_000);
      await board.claim(subject, "run-b", t0 + 70_000, t0 + 140_000);
      await expect(board.save(subject, "run-a", told, true)).rejects.toMatchObject({ code: "CASE_CLAIMED" });
      await board.save(subject, "run-b", { ...told, told: 7 }, true);
      expect(await board.claim(subject, "run-c", t0 + 70_001, t0 + 140_001)).toEqual({ ...told, told: 7 });
    });

    it("gives a subject to one of many", async () => {
      const subject = freshSubject();
      const claims = Array.from(
        { length: 20 },
        async (_, n) => await board.claim(subject, `run-${n}`, t0, t0 + 70_000),
      );
      expect((await Promise.all(claims)).filter((claim) => claim !== undefined)).toHaveLength(1);
    });

    it("tells the generations of a key, and a principal's hours, apart", async () => {
      const { series } = freshSubject();
      await board.claim({ series: series, number: 1 }, "run-a", t0, t0 + 70_000);
      expect(await board.claim({ series: series, number: 2 }, "run-b", t0, t0 + 70_000)).toEqual(nothing);
      expect(await board.claim({ series: "unknown", number: 1 }, "run-b", t0, t0 + 70_000)).toEqual(nothing);
    });

    it("keeps the one summary of bursts under a claim of its own", async () => {
      const first = await board.claimBurst("run-a", t0, t0 + 70_000);
      expect(first).toEqual({ shown: true, mailed: 0, burst: { number: 0, lastAt: 0, active: false, members: {} } });
      expect(await board.claimBurst("run-b", t0, t0 + 70_000)).toBeUndefined();
      const member = { at: t0, state: 'ä "quoted"', title: "alias/prod/ä", grouped: true };
      const burst = { number: 1, lastAt: t0, active: true, members: { [`${keyArn()}#1`]: member } };
      await board.saveBurst("run-a", { ref: "1.2", shown: false, mailed: 1, burst }, true);
      expect(await board.claimBurst("run-b", t0, t0 + 70_000)).toEqual({ ref: "1.2", shown: false, mailed: 1, burst });
    });
  });

  describe(`deletion ledger: ${name}`, () => {
    let under: BoardUnderTest;
    beforeAll(async () => {
      under = await start();
    });
    afterAll(async () => await under.stop());
    /** 19:00:00Z of that day. */
    const sevenPm = 1_716_836_400_000;
    const deletion = (n: number, at: number) => ({ eventId: `event-${n}`, at, keyArn: keyArn() });

    it("counts a deletion once, by principal, with the hours before and after", async () => {
      const { ledger } = under;
      await ledger.count("alice", deletion(1, sevenPm - 1));
      await ledger.count("alice", deletion(2, sevenPm + 3_600_000));
      await ledger.count("alice", deletion(4, sevenPm + 7_200_000));
      await ledger.count("bob", deletion(5, sevenPm));
      for (const _ of [1, 2]) {
        const { deletions } = await ledger.count("alice", deletion(3, sevenPm));
        expect(deletions.map(({ eventId }) => eventId).sort()).toEqual(["event-1", "event-2", "event-3"]);
      }
    });

    it("remembers the first alarm of an hour", async () => {
      const { ledger } = under;
      expect((await ledger.count("carol", deletion(1, sevenPm))).alarms).toEqual([]);
      await ledger.markAlarm("carol", sevenPm + 1);
      await ledger.markAlarm("carol", sevenPm + 2);
      expect((await ledger.count("carol", deletion(2, sevenPm + 3))).alarms).toEqual([sevenPm + 1]);
    });
  });
}
