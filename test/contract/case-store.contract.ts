import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { KeyArn } from "../../lib/domain/key/key-arn.ts";
import { append, type Chain } from "../../lib/domain/ledger/chain.ts";
import type { EntryBody } from "../../lib/domain/ledger/entry.ts";
import type { CaseChange, CaseStore } from "../../lib/workflows/ports/guard.ts";
import { chainBefore, emptyCase } from "../doubles/chain-names.ts";
import { deletionRequest, keyArn, paymentKey, t0 } from "../doubles/key-world.ts";

/** A store under test; `stop` ends whatever it runs on. */
export interface StoreUnderTest {
  readonly store: CaseStore;
  stop(): Promise<void>;
}

let keys = 0;
/** A key no other test has, so that tests share a table. */
function freshKey(): KeyArn {
  keys += 1;
  return keyArn(`contract${String(keys).padStart(8, "0")}`);
}

function opened(arn: KeyArn, generation: number, eventId = "b87c3d30-f3ab-4131-87e8-bc54cfef9d29"): Chain {
  const body: EntryBody = {
    kind: "deletion-detected",
    case: { keyArn: arn, generation },
    source: "event",
    guardVersion: "0.0.0",
    key: paymentKey({ arn }),
    deletePendingAt: t0 + 1,
    request: deletionRequest({ eventId, userAgent: 'ä "quoted" \u2028 text' }),
  };
  return append(chainBefore(body), body, t0);
}

function issuedPermit(arn: KeyArn, generation: number, at = t0): Chain {
  const body: EntryBody = {
    kind: "permit-issued",
    permit: {
      keyArn: arn,
      id: { by: "case", generation },
      principal: "arn:aws:iam::111122223333:role/ci/key-reaper",
      minWaitingMs: 1,
      group: "custodians",
      approvedBy: ["bob", "carol"],
      proof: ["aws"],
      issuedAt: t0,
      until: t0 + 1,
    },
  };
  return append(chainBefore(body), body, at);
}

function change(chain: Chain, expectedLength: number, overrides: Partial<CaseChange> = {}): CaseChange {
  const [first] = chain.entries;
  if (first?.kind !== "deletion-detected") throw new Error("a case begins with its detection");
  return {
    ...first.case,
    chain,
    expectedLength,
    owner: "run-a",
    status: "open",
    dueAt: t0,
    failures: 0,
    now: t0,
    ...overrides,
  };
}

/** What the workflows expect of any case store: held by the double, by the embedded DynamoDB and by the official one. */
export function describeCaseStore(name: string, start: () => Promise<StoreUnderTest>): void {
  describe(`case store: ${name}`, () => {
    let under: StoreUnderTest;
    let store: CaseStore;
    beforeAll(async () => {
      under = await start();
      store = under.store;
    }, 60_000);
    afterAll(async () => await under.stop());

    it("knows nothing of a key it never saw", async () => {
      expect(await store.history(freshKey())).toEqual({});
    });

    it("gives back the very entries that were saved, and the claim with them", async () => {
      const arn = freshKey();
      const chain = opened(arn, 1);
      const lease = { owner: "run-a", until: t0 + 40_000 };
      const kept = { failures: 3, labelsMissingSince: t0 + 1, dueAt: t0 + 5 };
      expect(await store.save(change(chain, 0, { lease, ...kept }))).toBe("saved");
      expect((await store.history(arn)).newest).toEqual({ chain, lease, ...kept, published: 0 });
    });

    it("lets one of many writers create a case", async () => {
      const arn = freshKey();
      const writers = Array.from({ length: 20 }, (_, n) =>
        opened(arn, 1, `b87c3d30-f3ab-4131-87e8-0000000000${n + 10}`),
      );
      const answers = await Promise.all(
        writers.map(async (chain, n) => await store.save(change(chain, 0, { owner: `run-${n}` }))),
      );
      expect(answers.filter((answer) => answer === "saved")).toHaveLength(1);
      expect((await store.history(arn)).newest?.chain).toEqual(writers[answers.indexOf("saved")]);
    });

    it("lets one of many writers append, and loses no entry", async () => {
      const arn = freshKey();
      const chain = opened(arn, 1);
      await store.save(change(chain, 0));
      const writers = Array.from({ length: 20 }, (_, n) => append(chain, { kind: "restored-by-others" }, t0 + n));
      const answers = await Promise.all(
        writers.map(async (next, n) => await store.save(change(next, 1, { owner: `run-${n}` }))),
      );
      expect(answers.filter((answer) => answer === "saved")).toHaveLength(1);
      expect((await store.history(arn)).newest?.chain).toEqual(writers[answers.indexOf("saved")]);
    });

    it("refuses a writer that has read too little or too much", async () => {
      const arn = freshKey();
      const chain = opened(arn, 1);
      await store.save(change(chain, 0));
      const second = append(chain, { kind: "restore-intended", late: false }, t0);
      await store.save(change(second, 1));
      expect(await store.save(change(append(chain, { kind: "restored-by-others" }, t0), 1))).toBe("conflict");
      const third = append(second, { kind: "restored-by-others" }, t0);
      expect(await store.save(change(append(third, { kind: "restored-by-others" }, t0), 3))).toBe("conflict");
      expect((await store.history(arn)).newest?.chain).toEqual(second);
    });

    it("keeps others out while a claim lasts, and lets them take over when it has run out", async () => {
      const arn = freshKey();
      const chain = opened(arn, 1);
      await store.save(change(chain, 0, { lease: { owner: "run-a", until: t0 + 40_000 } }));
      const next = append(chain, { kind: "restore-intended", late: false }, t0);
      const byOther = { owner: "run-b", lease: { owner: "run-b", until: t0 + 90_000 } };
      expect(await store.save(change(next, 1, { ...byOther, now: t0 + 39_999 }))).toBe("conflict");
      expect(await store.save(change(next, 1, { ...byOther, now: t0 + 40_000 }))).toBe("saved");
      expect((await store.history(arn)).newest?.lease).toEqual(byOther.lease);
    });

    it("lets the owner go on within its own claim, and release it", async () => {
      const arn = freshKey();
      const chain = opened(arn, 1);
      await store.save(change(chain, 0, { lease: { owner: "run-a", until: t0 + 40_000 } }));
      const next = append(chain, { kind: "restored-by-others" }, t0);
      expect(await store.save(change(next, 1, { status: "closed" }))).toBe("saved");
      expect((await store.history(arn)).newest).toEqual({ chain: next, failures: 0, published: 0, dueAt: t0 });
    });

    it("takes the same write twice as one, as when an answer was lost on the way", async () => {
      const arn = freshKey();
      const chain = opened(arn, 1);
      const claimed = change(chain, 0, { lease: { owner: "run-a", until: t0 + 40_000 } });
      await store.save(claimed);
      expect(await store.save(claimed)).toBe("saved");
      expect((await store.history(arn)).newest?.chain).toEqual(chain);
    });

    it("moves the time when a case is due, although nothing was added", async () => {
      const arn = freshKey();
      const chain = opened(arn, 1);
      await store.save(change(chain, 0));
      expect(await store.save(change(chain, 1, { dueAt: t0 + 9, owner: "run-b" }))).toBe("saved");
      expect((await store.history(arn)).newest).toMatchObject({ chain, dueAt: t0 + 9 });
    });

    it("finds the two newest of many generations", async () => {
      const arn = freshKey();
      for (const generation of [1, 2, 10, 11])
        await store.save(
          change(opened(arn, generation, `b87c3d30-f3ab-4131-87e8-${generation}`), 0, { status: "closed" }),
        );
      const { newest, previous } = await store.history(arn);
      expect(newest?.chain.entries[0]).toMatchObject({ case: { keyArn: arn, generation: 11 } });
      expect(previous?.chain.entries[0]).toMatchObject({ case: { keyArn: arn, generation: 10 } });
    });

    it("keeps which calls earlier generations know, as the write that opened the case said", async () => {
      const arn = freshKey();
      const earlier = { latest: [{ eventId: "b87c3d30-f3ab-4131-87e8-1", at: t0 - 1 }], upTo: t0 - 2 };
      const chain = opened(arn, 2);
      await store.save(change(chain, 0, { earlier }));
      const next = append(chain, { kind: "restored-by-others" }, t0 + 1);
      await store.save(change(next, 1));
      await store.save(change(next, 2, { dueAt: t0 + 9, earlier: { latest: [] } }));
      expect((await store.history(arn)).newest).toEqual({
        chain: next,
        failures: 0,
        published: 0,
        dueAt: t0 + 9,
        earlier,
      });
      expect((await store.read({ keyArn: arn, generation: 2 }))?.earlier).toEqual(earlier);
    });

    it("reads one case by its name", async () => {
      const arn = freshKey();
      for (const generation of [1, 2])
        await store.save(change(opened(arn, generation, `b87c3d30-f3ab-4131-87e8-${generation}`), 0));
      expect((await store.read({ keyArn: arn, generation: 1 }))?.chain.entries[0]).toMatchObject({
        case: { keyArn: arn, generation: 1 },
      });
      expect(await store.read({ keyArn: arn, generation: 3 })).toBeUndefined();
    });

    it("keeps permits, newest first, and lets one of many use each", async () => {
      const arn = freshKey();
      expect(await store.permits(arn)).toEqual([]);
      const issued = [1, 2].map((generation) => issuedPermit(arn, generation));
      for (const chain of issued) expect(await store.savePermit({ chain, expectedLength: 0 })).toBe("saved");
      expect(await store.permits(arn)).toEqual([issued[1], issued[0]]);
      const [first = emptyCase] = issued;
      const another = issuedPermit(arn, 1, t0 + 7);
      expect(await store.savePermit({ chain: another, expectedLength: 0 })).toBe("conflict");
      const id = { by: "case", generation: 1 } as const;
      const users = Array.from({ length: 10 }, (_, n) =>
        append(first, { kind: "permit-used", permit: id, case: { keyArn: arn, generation: 3 }, eventId: `e${n}` }, t0),
      );
      const answers = await Promise.all(
        users.map(async (chain) => await store.savePermit({ chain, expectedLength: 1 })),
      );
      expect(answers.filter((answer) => answer === "saved")).toHaveLength(1);
      expect((await store.permits(arn))[1]).toEqual(users[answers.indexOf("saved")]);
    });

    it("takes the same write to a permit twice as one, also after others have added to it", async () => {
      const arn = freshKey();
      const issued = issuedPermit(arn, 1);
      const issuing = { chain: issued, expectedLength: 0 };
      expect([await store.savePermit(issuing), await store.savePermit(issuing)]).toEqual(["saved", "saved"]);
      const revoked = append(
        issued,
        { kind: "permit-revoked", permit: { by: "case", generation: 1 }, by: "dave" },
        t0 + 1,
      );
      await store.savePermit({ ...issuing, chain: revoked, expectedLength: 1 });
      expect(await store.savePermit(issuing)).toBe("saved");
      expect(await store.permits(arn)).toEqual([revoked]);
    });

    it("takes a vote that was added twice as one, although someone else claims the case by then", async () => {
      const arn = freshKey();
      const chain = opened(arn, 1);
      await store.save(change(chain, 0));
      const voted = append(chain, { kind: "approval-refused", by: "dave", afterApproval: false }, t0 + 1);
      expect(await store.save(change(voted, 1))).toBe("saved");
      const claimed = { owner: "run-b", lease: { owner: "run-b", until: t0 + 40_000 } };
      expect(await store.save(change(voted, 2, claimed))).toBe("saved");
      expect(await store.save(change(voted, 1))).toBe("saved");
      // Nothing is added by this one, so that nothing shows that it took place.
      expect(await store.save(change(voted, 2, { owner: "run-c" }))).toBe("conflict");
      expect((await store.history(arn)).newest).toMatchObject({ chain: voted, lease: claimed.lease });
    });

    it("knows the latest Keep of any generation", async () => {
      const arn = freshKey();
      const kept = (generation: number, by: string, at: number) =>
        append(
          opened(arn, generation, `b87c3d30-f3ab-4131-87e8-${generation}`),
          { kind: "approval-refused", by, afterApproval: true },
          at,
        );
      await store.save(change(kept(1, "bob", t0 + 5), 0));
      await store.save(change(kept(2, "carol", t0 + 9), 0));
      for (const generation of [3, 4, 5])
        await store.save(change(opened(arn, generation, `b87c3d30-f3ab-4131-87e8-${generation}`), 0));
      expect((await store.history(arn)).keep).toEqual({ at: t0 + 9, by: "carol" });
      const keptLater = append(
        kept(1, "bob", t0 + 5),
        { kind: "approval-refused", by: "dave", afterApproval: true },
        t0 + 11,
      );
      await store.save(change(keptLater, 2));
      expect((await store.history(arn)).keep).toEqual({ at: t0 + 11, by: "dave" });
      const earlierThan = append(
        kept(2, "carol", t0 + 9),
        { kind: "permit-revoked", permit: { by: "case", generation: 2 }, by: "carol" },
        t0 + 12,
      );
      expect(await store.save(change(earlierThan, 2))).toBe("saved");
      expect((await store.history(arn)).keep).toEqual({ at: t0 + 11, by: "dave" });
    });

    it("moves the publish cursor forward only", async () => {
      const arn = freshKey();
      const name = { keyArn: arn, generation: 1 };
      await store.save(change(opened(arn, 1), 0, { dueAt: t0 + 7 }));
      await store.markPublished(name, 3, false);
      await store.markPublished(name, 2, false);
      expect(await store.read(name)).toMatchObject({ published: 3, dueAt: t0 + 7 });
      await store.markPublished({ ...name, generation: 2 }, 3, false);
      expect(await store.read({ ...name, generation: 2 })).toBeUndefined();
    });

    it("forgets when a closed case is due once all of it is published, unless someone added to it or claims it", async () => {
      const arn = freshKey();
      const name = { keyArn: arn, generation: 1 };
      const lease = { owner: "run-a", until: t0 + 40_000 };
      const first = opened(arn, 1);
      await store.save(change(first, 0, { lease }));
      await store.markPublished(name, 1, true);
      expect(await store.read(name)).toMatchObject({ published: 1, dueAt: t0 });
      const second = append(first, { kind: "restored-by-others" }, t0);
      await store.save(change(second, 1));
      await store.markPublished(name, 1, true);
      expect(await store.read(name)).toMatchObject({ published: 1, dueAt: t0 });
      await store.markPublished(name, 2, true);
      expect(await store.read(name)).toEqual({ chain: second, failures: 0, published: 2 });
    });

    it("counts the cases that are open, due or not, and none that is left alone or closed", async () => {
      const before = await store.countOpen();
      const arns = [freshKey(), freshKey(), freshKey()];
      for (const [n, status] of (["open", "following", "closed"] as const).entries())
        await store.save(change(opened(arns[n] ?? freshKey(), 1), 0, { status, dueAt: t0 + 9_000_000 }));
      expect(await store.countOpen()).toBe(before + 1);
    });

    it("names the cases that are due, the longest due first, whatever their status", async () => {
      const names = await Promise.all(
        (
          [
            ["open", 3],
            ["following", 2],
            ["closed", 1],
            ["open", 2],
            ["open", 900],
          ] as const
        ).map(async ([status, due]) => {
          const arn = freshKey();
          await store.save(change(opened(arn, 1), 0, { status, dueAt: t0 - 1_000_000 + due }));
          return { name: { keyArn: arn, generation: 1 }, status };
        }),
      );
      const due = await store.due(t0 - 1_000_000 + 3, 100);
      const [third, second, first, alsoSecond, later] = names;
      expect(due.filter(({ name }) => name.keyArn !== later?.name.keyArn)).toEqual(due);
      expect(due.filter(({ status }) => status === "open")).toEqual([alsoSecond, third]);
      expect(due).toEqual(expect.arrayContaining([first, second]));
      expect((await store.due(t0 - 1_000_000 + 3, 1)).filter(({ status }) => status === "open")).toEqual([alsoSecond]);
    });

    it("sets a case apart without touching what it holds, and due no more", async () => {
      const arn = freshKey();
      const name = { keyArn: arn, generation: 1 };
      const chain = opened(arn, 1);
      await store.quarantine(arn);
      expect(await store.read(name)).toBeUndefined();
      await store.save(change(chain, 0, { dueAt: t0 - 2_000_000 }));
      await store.quarantine(arn);
      expect((await store.read(name))?.chain).toEqual(chain);
      expect(await store.due(t0 - 2_000_000, 100)).toEqual([]);
    });
  });
}
