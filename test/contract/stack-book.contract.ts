import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hourText } from "../../lib/domain/ledger/calls-name.ts";
import { append, emptyChain } from "../../lib/domain/ledger/chain.ts";
import { dayChainName, policyChainName } from "../../lib/domain/ledger/chain-name.ts";
import { policyRecord } from "../../lib/domain/stack/policy-record.ts";
import { chainOfCall, refusedCall, withCall } from "../../lib/domain/stack/refused-calls.ts";
import type { CallBook, PolicyBook } from "../../lib/workflows/ports/stack.ts";
import { recordRefusedCall } from "../../lib/workflows/stack/record-refused-call.ts";
import { t0 } from "../doubles/key-world.ts";
import { attempt, userNamed } from "../doubles/refused-calls.ts";

const hour = 3_600_000;
const clock = () => t0 + 60_000;

/** The books of what concerns the stack, over one table. */
export interface StackBooks {
  readonly calls: CallBook;
  readonly policies: PolicyBook;
  stop(): Promise<void>;
}

/** What is expected of them: held by the double and by the real adapters. */
export function describeStackBooks(name: string, start: () => Promise<StackBooks>): void {
  describe(`stack books: ${name}`, () => {
    let under: StackBooks;
    beforeAll(async () => {
      under = await start();
    });
    afterAll(async () => await under.stop());

    const alarms = dayChainName({ series: "control", day: "2026-11-29", number: 1 });
    const began = (alarm: string) => ({ kind: "alarm-began", alarm, changedAt: t0, reason: "r" }) as const;

    it("know no chain at first, then each by its name, and take a write only to what was read", async () => {
      const { calls } = under;
      expect(await calls.read(alarms)).toBeUndefined();
      const first = append(emptyChain(alarms), began("a"), t0);
      expect(await calls.save({ chain: first, expectedLength: 0 })).toBe("saved");
      expect(await calls.save({ chain: append(emptyChain(alarms), began("b"), t0), expectedLength: 0 })).toBe(
        "conflict",
      );
      const second = append(first, began("b"), t0);
      expect(await calls.save({ chain: second, expectedLength: 1 })).toBe("saved");
      // As when the answer was lost.
      expect(await calls.save({ chain: second, expectedLength: 1 })).toBe("saved");
      expect(await calls.save({ chain: first, expectedLength: 0 })).toBe("saved");
      expect((await calls.read(alarms))?.texts).toEqual(second.texts);
      expect(await calls.read(dayChainName({ series: "access", day: "2026-11-29", number: 1 }))).toBeUndefined();
    });

    it("keep 20 failed calls per principal and hour, each once, and count the rest beside them", async () => {
      const { calls } = under;
      for (let n = 0; n < 25; n++) await recordRefusedCall({ calls, clock }, attempt(n));
      for (let n = 0; n < 20; n++) await recordRefusedCall({ calls, clock }, attempt(n));
      await recordRefusedCall({ calls, clock }, attempt(30, { at: t0 + hour }));
      await recordRefusedCall({ calls, clock }, attempt(31, { requester: userNamed("u") }));
      const chain = await calls.read(chainOfCall(refusedCall(attempt(0))));
      const ids = chain?.entries.map((entry) => entry.kind === "call-refused" && entry.eventId);
      expect(ids).toEqual(Array.from({ length: 20 }, (_, n) => attempt(n).eventId));
      const counted = await calls.counted(hourText(t0));
      expect(counted.map(({ more, chain: { name: at } }) => [more, at])).toEqual([[5, chain?.name]]);
      expect(await calls.counted(hourText(t0 + hour))).toEqual([]);
    });

    it("still write to a chain beside which calls are counted", async () => {
      const { calls } = under;
      const [{ chain, more } = { chain: emptyChain(alarms), more: 0 }] = await calls.counted(hourText(t0));
      const longer = append(chain, { kind: "calls-not-recorded", count: more }, t0);
      expect(await calls.save({ chain: longer, expectedLength: 20 })).toBe("saved");
      expect((await calls.counted(hourText(t0)))[0]).toMatchObject({ more: 5, chain: { head: longer.head } });
    });

    it("answer the newest policy, also behind the tenth", async () => {
      const { policies } = under;
      expect(await policies.latest()).toBeUndefined();
      for (let n = 1; n <= 11; n++) {
        const text = JSON.stringify({ n });
        const policy = { policyHash: `${n}`.padStart(64, "0"), mode: "observe", guardVersion: "0.1.0", text } as const;
        const chain = policyRecord(await policies.latest(), policy, t0);
        expect(chain && (await policies.save({ chain, expectedLength: 0 }))).toBe("saved");
      }
      expect(await policies.latest()).toMatchObject({ number: 11, chain: { name: policyChainName(11) } });
    });

    it("have room for the largest chain of calls", async () => {
      const { calls } = under;
      const wide = "一".repeat(341);
      const texts = { identifier: wide, invokedBy: wide, sourceIp: wide, userAgent: wide, errorCode: wide };
      const hostile = (n: number) => refusedCall(attempt(n, { at: t0 + 2 * hour, ...texts }));
      const name = chainOfCall(hostile(0));
      let chain = emptyChain(name);
      for (let n = 0; n < 20; n++) {
        const longer = withCall(chain, hostile(n), t0);
        if (typeof longer === "string") throw new Error(longer);
        expect(await calls.save({ chain: longer, expectedLength: chain.entries.length })).toBe("saved");
        chain = longer;
      }
      expect(withCall(chain, hostile(20), t0)).toBe("full");
      expect((await calls.read(name))?.head).toBe(chain.head);
    });
  });
}
