import { describe, expect, it } from "vitest";
import type { ExportVote } from "../../lib/aws/sts/proven-vote.ts";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { dayText } from "../../lib/domain/ledger/day-name.ts";
import type { StackBook } from "../../lib/workflows/ports/stack.ts";
import { createTestApproval, now, post, send, verdictOn } from "../doubles/approval.ts";
import { proof, saidBy } from "../doubles/callers.ts";
import { directoryOf } from "../doubles/directory.ts";
import { t0 } from "../doubles/key-world.ts";
import { createMemoryStackBook } from "../doubles/stack-records.ts";

const exported: ExportVote["export"] = { from: t0, digest: "e".repeat(64), objects: 3, entries: 12 };
const report = async (caller: string, change?: (vote: object) => object) =>
  await saidBy(caller, { export: exported, reason: "audit export" }, change);

async function setUp(faults: Partial<StackBook> = {}) {
  const book = createMemoryStackBook();
  const exportDeps = { book: { ...book, ...faults }, directory: directoryOf(), clock: () => now };
  const world = await createTestApproval({ proof, exportDeps });
  const entries = () => [...book.chains.values()].flatMap((chain) => chain.entries);
  return { world, book, entries };
}

describe("an export that is reported", () => {
  it("is on the chain of its day, with the person, whom STS named, and the digest; once, however often it is sent", async () => {
    const { world, book, entries } = await setUp();
    const sent = await report("bob");
    expect([await verdictOn(world, sent), await verdictOn(world, sent)]).toMatchObject([
      { statusCode: 200, accepted: true, verdict: "export.recorded" },
      { statusCode: 200, accepted: true, verdict: "export.recorded" },
    ]);
    expect([...book.chains.keys()]).toEqual([`access#${dayText(now)}#1`]);
    expect(entries()).toMatchObject([
      { kind: "trail-exported", person: "bob", voter: { via: "aws" }, ...exported, reason: "audit export", at: now },
    ]);
    expect(world.kinds()).not.toContain("trail-exported");
  });

  it("of someone whom the policy does not know leaves nothing, neither in the queue nor on record", async () => {
    const { world, entries } = await setUp();
    const { statusCode, body } = await send(world, await report("mallory"));
    expect([statusCode, JSON.parse(body).code, entries()]).toEqual([403, "CALLER_UNKNOWN", []]);
    expect(world.voteQueue.queue.messages).toEqual([]);
  });

  it("that was changed on its way is refused", async () => {
    const { world, entries } = await setUp();
    const forged = await report("bob", (vote) => ({ ...vote, export: { ...exported, entries: 0 } }));
    const { statusCode, body } = await send(world, forged);
    expect([statusCode, JSON.parse(body).code, entries()]).toEqual([403, "CALLER_UNPROVEN", []]);
  });

  it.each([{ digest: "e".repeat(63) }, { objects: -1 }, { entries: 1.5 }, { more: 1 }])(
    "with %j is refused as malformed",
    async (wrong) => {
      const { world } = await setUp();
      const sent = await report("bob", (vote) => ({ ...vote, export: { ...exported, ...wrong } }));
      expect((await post(world, sent)).statusCode).toBe(400);
    },
  );

  it("is judged again later where the table cannot be written, and is recorded once", async () => {
    let down = true;
    const book = createMemoryStackBook();
    const save: StackBook["save"] = async (change) => {
      if (down) throw new GuardError("STORE_UNAVAILABLE", "retry", "down");
      return await book.save(change);
    };
    const { world } = await setUp({ save, read: book.read });
    await send(world, await report("bob"));
    expect([book.chains.size, world.receipts.all()]).toEqual([0, []]);
    down = false;
    world.time.now += 60_000;
    await world.judge();
    expect([book.chains.size, world.receipts.all().map(({ verdict }) => verdict)]).toEqual([1, ["export.recorded"]]);
  });
});
