import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { handleBatch, type NotifyBatch } from "../../functions/notify/batch.ts";
import { caseOf } from "../../lib/domain/case/fold.ts";
import type { CaseName } from "../../lib/domain/ledger/case-name.ts";
import type { EntryBody } from "../../lib/domain/ledger/entry.ts";
import { caseNotice } from "../../lib/notices/case-notice.ts";
import { noticeSentence } from "../../lib/notices/entry-sentence.ts";
import { caseMessage } from "../../lib/slack/case-message.ts";
import { announceCase } from "../../lib/workflows/notify/announce-case.ts";
import type { Announcer } from "../../lib/workflows/notify/notification.ts";
import { emptyCase } from "../doubles/chain-names.ts";
import { Crash, type CrashPoint, dyingPorts } from "../doubles/crash.ts";
import { deletionRequest } from "../doubles/key-world.ts";
import { blocksInvalid, rateLimited, slackDown } from "../doubles/memory-slack.ts";
import { askedCase, caseNo, createNotifyWorld, ownEvent, restoredCase } from "../doubles/notify.ts";
import { sqsRecord } from "../doubles/sqs.ts";

const runs = process.env["REPRIEVE_DEEP"] ? 5_000 : process.env["REPRIEVE_FEW_RUNS"] ? 50 : 400;

// All doubles are in memory, so that no timer of the test runner gets its turn: a failure must not be shrunk for minutes.
const limit = process.env["REPRIEVE_DEEP"] ? {} : { interruptAfterTimeLimit: 15_000 };

const plenty = { getRemainingTimeInMillis: () => 60_000 };
const asked = caseNo(1);
const restored = caseNo(2);
const bodies: readonly (readonly [CaseName, readonly EntryBody[]])[] = [
  [asked, askedCase(asked)],
  [restored, restoredCase(restored)],
];

type World = ReturnType<typeof createNotifyWorld>;

/** The case goes on to `length` entries, and one event of it is delivered; answers whether it is done with. */
async function deliver({ batch, tell }: World, name: CaseName, length: number, over: Partial<NotifyBatch> = {}) {
  const [, all = []] = bodies.find(([one]) => one === name) ?? [];
  const last = tell(name, all.slice(0, length)).entries.at(-1);
  const body = ownEvent(last?.kind ?? "", { case: name, entry: last });
  return (await handleBatch({ ...batch, ...over }, { Records: [sqsRecord(body)] }, plenty)).batchItemFailures;
}

function isAbout({ message }: { readonly message: object }, { keyArn, generation }: CaseName): boolean {
  return JSON.stringify(message).includes(`${keyArn}#${generation}`);
}

/** What the channel says in the end: each case as it stands. */
function expectFinalState({ slack, directory, tell }: World) {
  for (const [name, all] of bodies) {
    const { entries } = tell(name, all);
    const message = caseMessage(name, caseNotice(caseOf({ ...emptyCase, entries }), entries, directory), directory);
    expect(
      slack
        .top()
        .filter((one) => isAbout(one, name))
        .at(-1)?.message,
    ).toEqual(message);
  }
}

function threadOf({ slack }: World, name: CaseName): string[] {
  const tops = slack.top().filter((one) => isAbout(one, name));
  return tops.flatMap(({ ts }) => slack.thread(ts));
}
const storyOf = (all: readonly EntryBody[]) =>
  all.flatMap((body, n) => noticeSentence({ ...body, chain: emptyCase.name, seq: n + 1, at: 0, prev: "" }) ?? []);

const step = fc.record({
  name: fc.constantFrom(asked, restored),
  length: fc.integer({ min: 1, max: 10 }),
  slack: fc.constantFrom("up", "up", "429", "down", "unfit"),
  topic: fc.constantFrom("up", "up", "down"),
});
const faults = { up: () => {}, "429": rateLimited, down: slackDown, unfit: blocksInvalid };

describe("events in any order, any number of times, with trouble in between", () => {
  it("the message shows the final state, and its thread tells every sentence once, in order", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const world = createNotifyWorld();
        const reached = new Map<CaseName, number>();
        for (const { name, length, slack, topic } of steps) {
          world.slack.fault = faults[slack];
          world.world.topicFault = topic === "up" ? () => {} : slackDown;
          // Entries are added, never taken away; events report older ones, too.
          reached.set(name, Math.max(length, reached.get(name) ?? 0));
          await deliver(world, name, reached.get(name) ?? 0);
          world.world.time.now += 5_000;
        }
        world.slack.fault = () => {};
        world.world.topicFault = () => {};
        for (const [name] of bodies) expect(await deliver(world, name, 10)).toEqual([]);

        expectFinalState(world);
        expect(world.slack.top()).toHaveLength(2);
        for (const [name, all] of bodies) expect(threadOf(world, name)).toEqual(storyOf(all));
      }),
      { numRuns: runs, ...limit },
    );
  });
});

describe("a crash before or after any port call, then retries", () => {
  const crashPoint = fc.record({ call: fc.integer({ min: 1, max: 24 }), when: fc.constantFrom("before", "after") });
  const dying = (announcer: Announcer, point: CrashPoint): Announcer => {
    const wrap = dyingPorts(point);
    const { channel } = announcer;
    return {
      ...announcer,
      cases: wrap(announcer.cases),
      board: wrap(announcer.board),
      ...wrap({ mail: announcer.mail }),
      ...(channel && { channel: wrap(channel) }),
    };
  };

  it("nothing is lost, and each crash doubles one message, one reply and one mail at most", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(asked, restored), fc.integer({ min: 1, max: 10 }), crashPoint), {
          minLength: 1,
          maxLength: 4,
        }),
        async (crashes) => {
          const world = createNotifyWorld();
          let reached = 1;
          for (const [name, length, point] of crashes) {
            reached = Math.max(reached, length);
            await deliver(world, name, reached, { announcer: dying(world.announcer, point) });
            // The fourth attempt at a notice waits for a while.
            world.world.time.now += 3_600_000;
          }
          for (const [name] of bodies) expect(await deliver(world, name, 10)).toEqual([]);

          expectFinalState(world);
          expect(world.slack.top().length).toBeLessThanOrEqual(2 + crashes.length);
          for (const [name, all] of bodies) {
            const told = threadOf(world, name);
            for (const sentence of storyOf(all)) expect(told).toContain(sentence);
            for (const line of new Set(told))
              expect(told.filter((one) => one === line).length).toBeLessThanOrEqual(1 + crashes.length);
          }
          for (const [name] of bodies) expect(world.board.items.get(`${name.keyArn}#1`)).not.toHaveProperty("claim");
        },
      ),
      { numRuns: runs, ...limit },
    );
  });

  it("only one between an answer and its note doubles anything: a mail, a message, or a reply", async () => {
    const doubled: string[] = [];
    for (let call = 1; call <= 22; call++)
      for (const when of ["before", "after"] as const) {
        const world = createNotifyWorld();
        await deliver(world, restored, 5, { announcer: dying(world.announcer, { call, when }) });
        world.world.time.now += 70_000;
        expect(await deliver(world, restored, 5)).toEqual([]);
        const times = [world.mails, world.slack.top(), threadOf(world, restored)].map(({ length }) => length);
        if (times.some((each) => each !== 1)) doubled.push(`${when} ${call}: ${times.join(" ")}`);
      }
    expect(doubled).toEqual([
      "after 5: 2 1 1",
      "before 6: 2 1 1",
      "after 8: 1 2 1",
      "before 9: 1 2 1",
      "after 10: 1 1 2",
      "before 11: 1 1 2",
    ]);
  });

  it("and the same for the summary of a burst: in the end it shows every case that has no message of its own", async () => {
    const doubled: string[] = [];
    for (let call = 1; call <= 16; call++)
      for (const when of ["before", "after"] as const) {
        const world = createNotifyWorld();
        const announce = async (n: number, announcer: Announcer) => {
          world.tell(caseNo(n), restoredCase(caseNo(n)));
          await announceCase(announcer, caseNo(n)).catch((error: unknown) => {
            if (!(error instanceof Crash)) throw error;
          });
        };
        for (const n of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) await announce(n, world.announcer);
        world.mails.length = 0;
        await announce(11, dying(world.announcer, { call, when }));
        world.world.time.now += 70_000;
        for (const n of [11, 12]) await announce(n, world.announcer);
        const summaries = world.slack.top().filter(({ message }) => message.text.includes("more payment keys"));
        expect(summaries.at(-1)?.message.text).toContain("2 more payment keys");
        const times = [world.mails.length - 1, world.slack.top().length - 10];
        if (times.some((each) => each !== 1)) doubled.push(`${when} ${call}: ${times.join(" ")}`);
      }
    expect(doubled).toEqual(["after 5: 2 1", "before 6: 2 1", "after 8: 1 2", "before 9: 1 2"]);
  });
});

describe("repeated deletions", () => {
  it("are counted the same whatever the order of the records, and raise one alarm", async () => {
    const minutes = [0, 10, 20, 30, 40, 50];
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...minutes, ...minutes], { minLength: 12, maxLength: 12 }),
        async (order) => {
          const world = createNotifyWorld();
          for (const minute of order) {
            const name = caseNo(minute + 100);
            const request = deletionRequest({ eventId: `event-${minute}`, at: 1_716_839_394_000 + minute * 60_000 });
            const [first, ...rest] = restoredCase(name);
            if (first?.kind !== "deletion-detected") throw new TypeError("a case begins with its detection");
            world.tell(name, [{ ...first, request }, ...rest]);
            const body = ownEvent("deletion-detected", { case: name });
            await handleBatch(world.batch, { Records: [sqsRecord(body)] }, plenty);
          }
          expect(world.raised).toHaveLength(1);
          expect(world.raised[0]?.deletions).toBe(3);
          expect(world.logged.filter(({ code }) => code === "DELETIONS_REPEATED")).toHaveLength(1);
        },
      ),
      { numRuns: Math.ceil(runs / 4), ...limit },
    );
  });
});
