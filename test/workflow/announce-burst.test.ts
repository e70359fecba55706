import { describe, expect, it } from "vitest";
import { GuardError } from "../../lib/domain/guard-error.ts";
import type { EntryBody } from "../../lib/domain/ledger/entry.ts";
import { announceCase } from "../../lib/workflows/notify/announce-case.ts";
import { toAllow, toRestore } from "../doubles/case-builder.ts";
import { channelNotFound, rateLimited } from "../doubles/memory-slack.ts";
import { askedCase, caseNo, createNotifyWorld, detectionOf, restoredCase } from "../doubles/notify.ts";

const numbers = Array.from({ length: 25 }, (_, n) => n + 1);
const deleted = (n: number) => [detectionOf(caseNo(n)), toRestore];
const leftDisabled = (n: number) => [
  ...deleted(n),
  { kind: "key-left-disabled", why: "no-evidence-that-it-was-enabled" } as const,
];

type World = ReturnType<typeof createNotifyWorld>;

/** All of `ns` as `bodies` describe them, one a second. */
async function announceAll(
  { announcer, tell, world }: World,
  ns: readonly number[],
  bodies: (n: number) => EntryBody[] = restoredBy,
): Promise<void> {
  for (const n of ns) {
    tell(caseNo(n), bodies(n));
    world.time.now += 1000;
    await announceCase(announcer, caseNo(n));
  }
}
const restoredBy = (n: number) => restoredCase(caseNo(n));
const summaryOf = ({ slack }: World) => slack.top().filter(({ message }) => message.text.includes("more payment key"));

describe("25 cases within five minutes", () => {
  it("are ten messages and one summary that grows", async () => {
    const world = createNotifyWorld();
    await announceAll(world, numbers);
    expect(world.slack.top()).toHaveLength(11);
    expect(summaryOf(world)).toMatchObject([
      { message: { text: "🔴 15 more payment keys scheduled for deletion within minutes" }, edits: 14 },
    ]);
    expect(summaryOf(world)[0]?.message.blocks[1]).toMatchObject({
      text: { text: expect.stringMatching(/^• 15 restored and usable\n`CVK …00000011` .*`CVK …00000025`$/) },
    });
  });

  it("that a rule allowed have no message each, and the summary says how to keep one", async () => {
    const allowed = (n: number) => [detectionOf(caseNo(n)), toAllow, { kind: "deletion-allowed", by: "rule" } as const];
    const hint =
      "Is a key whose deletion is allowed still needed? One person can keep it: reprieve keep KEY --reason TEXT";
    const world = createNotifyWorld();
    await announceAll(world, numbers, allowed);
    expect(world.slack.top()).toHaveLength(11);
    expect(JSON.stringify(world.slack.top()[0]?.message.blocks)).toContain('"action_id":"keep"');
    expect(JSON.stringify(summaryOf(world)[0]?.message.blocks)).toContain(hint);
    expect(world.mails.at(-1)?.text).toContain(hint);
  });

  it("are ten mails, and further ones as the number doubles", async () => {
    const world = createNotifyWorld({ slack: false });
    await announceAll(world, numbers);
    const many = world.mails.filter(({ subject }) => subject === "reprieve: many payment keys scheduled for deletion");
    expect(world.mails).toHaveLength(14);
    expect(many.map(({ text }) => text.split(" ")[0])).toEqual(["1", "2", "4", "8"]);
  });

  it("are followed there as they go on, and nothing is announced twice", async () => {
    const world = createNotifyWorld();
    await announceAll(world, numbers, deleted);
    await announceAll(world, numbers);
    await announceAll(world, numbers);
    expect(world.slack.top()).toHaveLength(11);
    expect(summaryOf(world)[0]).toMatchObject({ edits: 29 });
    expect(JSON.stringify(summaryOf(world)[0]?.message.blocks)).toContain("• 15 restored and usable");
  });

  it("are announced one by one where someone has to decide", async () => {
    const world = createNotifyWorld();
    await announceAll(world, numbers, (n) => askedCase(caseNo(n)).slice(0, 6));
    expect([world.slack.top().length, summaryOf(world).length]).toEqual([25, 0]);
  });

  it("do not end when the clocks of two functions differ", async () => {
    const world = createNotifyWorld();
    for (const n of numbers) {
      world.world.time.now += n % 2 === 0 ? -3_000 : 2_000;
      await announceAll(world, [n]);
    }
    expect([world.slack.top().length, summaryOf(world).length]).toEqual([11, 1]);
  });
});

describe("a case of the summary", () => {
  it("for which someone can do something gets a message of its own, with its whole story, and is followed there", async () => {
    const world = createNotifyWorld();
    await announceAll(world, numbers, deleted);
    await announceAll(world, [20], leftDisabled);
    expect(world.slack.top()).toHaveLength(12);
    const own = world.slack.top().at(-1);
    expect(own?.message.text).toContain("🔴 Restored, but disabled: CVK …00000020");
    expect(summaryOf(world)[0]?.message.text).toContain("🔴 14 more payment keys");
    await announceAll(world, [20], (n) => [
      ...leftDisabled(n),
      { kind: "key-usable", how: "answered", despiteRule: false, timeToUsableMs: 60_000 },
    ]);
    expect(own?.message.text).toContain("🟢 Restored: CVK …00000020");
    expect(world.slack.thread(own?.ts ?? "")).toEqual([
      "The key is restored and still disabled: nothing proves that it was enabled before.",
      "The key is usable again, 1 min after it was deleted.",
    ]);
    expect(world.slack.top()).toHaveLength(12);
  });

  it("is placed again when its summary has become history, and never floods the channel", async () => {
    const world = createNotifyWorld();
    await announceAll(world, numbers, deleted);
    world.world.time.now += 86_400_000;
    await announceAll(world, [99]);
    expect(world.slack.top()).toHaveLength(12);
    await announceAll(world, numbers.slice(10));
    // Nine more by themselves, the other six in a summary of their own.
    expect(world.slack.top()).toHaveLength(22);
    expect(summaryOf(world).map(({ message }) => message.text.slice(0, 10))).toEqual(["🔴 15 more", "🔴 6 more "]);
  });

  it("more than an item can hold begins the next summary", async () => {
    const world = createNotifyWorld();
    await announceAll(
      world,
      Array.from({ length: 620 }, (_, n) => n + 1),
    );
    expect(summaryOf(world).map(({ message }) => message.text.slice(0, 11))).toEqual(["🔴 490 more", "🔴 120 more"]);
    expect(world.slack.top()).toHaveLength(12);
    expect(JSON.stringify(world.board.items.get("burst")).length).toBeLessThan(200_000);
    const mailed = world.mails.flatMap(({ text }) => /^(\d+) more/.exec(text)?.[1] ?? []);
    expect(mailed.join(" ")).toBe("1 2 4 8 16 32 64 128 256 1 2 4 8 16 32 64");
  });
});

describe("a case that was announced by itself", () => {
  it("stays so in a later burst, also where mail tells alone", async () => {
    const world = createNotifyWorld({ slack: false });
    await announceAll(world, [99], deleted);
    world.world.time.now += 86_400_000;
    await announceAll(world, numbers);
    world.mails.length = 0;
    await announceAll(world, [99]);
    expect(world.mails).toMatchObject([{ subject: "reprieve: Restored: CVK ?00000099" }]);
  });
});

describe("trouble with the summary", () => {
  it("429: what was not shown is shown by the next one that gets through, and by no other again", async () => {
    const world = createNotifyWorld();
    await announceAll(world, numbers.slice(0, 10));
    world.slack.fault = rateLimited;
    for (const n of numbers.slice(10)) {
      world.tell(caseNo(n), restoredBy(n));
      await expect(announceCase(world.announcer, caseNo(n))).rejects.toMatchObject({ retryAfterSeconds: 7 });
    }
    world.slack.fault = () => {};
    for (const n of numbers) await announceCase(world.announcer, caseNo(n));
    expect(summaryOf(world)).toMatchObject([{ message: { text: expect.stringContaining("15 more") }, edits: 0 }]);
  });

  it("429 while a case goes on: the change is not lost", async () => {
    const world = createNotifyWorld();
    await announceAll(world, numbers, deleted);
    world.slack.fault = rateLimited;
    world.tell(caseNo(11), restoredBy(11));
    await expect(announceCase(world.announcer, caseNo(11))).rejects.toMatchObject({ code: "SLACK_UNAVAILABLE" });
    world.slack.fault = () => {};
    await announceCase(world.announcer, caseNo(11));
    expect(JSON.stringify(summaryOf(world)[0]?.message.blocks)).toContain("• 1 restored and usable");
  });

  it("refused forever: it goes out by mail, and each case ends with the code", async () => {
    const world = createNotifyWorld();
    world.slack.fault = channelNotFound;
    for (const n of numbers) {
      world.tell(caseNo(n), restoredBy(n));
      await expect(announceCase(world.announcer, caseNo(n))).rejects.toMatchObject({ code: "SLACK_REFUSED" });
    }
    expect(world.mails).toHaveLength(14);
  });

  it("a record of it that is garbage silences nobody: each case is announced by itself", async () => {
    const world = createNotifyWorld();
    const claimBurst = async () => await Promise.reject(new GuardError("NOTICE_UNREADABLE", "dead-letter", "garbage"));
    const announcer = { ...world.announcer, board: { ...world.board, claimBurst } };
    world.tell(caseNo(1), restoredBy(1));
    await announceCase(announcer, caseNo(1));
    expect(world.slack.top()).toHaveLength(1);
    expect(world.logged.map(({ code }) => code)).toEqual(["SUMMARY_UNREADABLE", "NOTIFIED"]);
  });

  it("a function that died over it holds up others until its claim has run out, and what it left is shown", async () => {
    const world = createNotifyWorld();
    await announceAll(world, numbers.slice(0, 10));
    await world.board.claimBurst("dead", world.world.time.now, world.world.time.now + 70_000);
    world.tell(caseNo(11), restoredBy(11));
    await expect(announceCase(world.announcer, caseNo(11))).rejects.toMatchObject({ code: "CASE_CLAIMED" });
    expect(world.board.items.get(`${caseNo(11).keyArn}#1`)).not.toHaveProperty("claim");
    world.world.time.now += 70_000;
    await announceCase(world.announcer, caseNo(11));
    expect(summaryOf(world)).toHaveLength(1);
  });

  it("does not keep back a message of its own", async () => {
    const world = createNotifyWorld();
    await announceAll(world, numbers, deleted);
    await world.board.claimBurst("slow", world.world.time.now, world.world.time.now + 70_000);
    world.tell(caseNo(20), leftDisabled(20));
    await expect(announceCase(world.announcer, caseNo(20))).rejects.toMatchObject({ code: "CASE_CLAIMED" });
    expect(world.slack.top().at(-1)?.message.text).toContain("CVK …00000020");
    world.world.time.now += 70_000;
    // Meanwhile nobody has to do anything any more: what was made of its own stays so.
    await announceAll(world, [20], (n) => [
      ...leftDisabled(n),
      { kind: "key-usable", how: "answered", despiteRule: false },
    ]);
    expect(summaryOf(world)[0]?.message.text).toContain("14 more");
    expect(world.slack.top()).toHaveLength(12);
    expect(world.slack.top().at(-1)?.message.text).toContain("Restored: CVK …00000020");
  });
});
