import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { handleBatch as handleGuardBatch } from "../../functions/guard/batch.ts";
import { handleBatch as handleNotifyBatch } from "../../functions/notify/batch.ts";
import { type FailureMetric, failureMetrics } from "../../functions/shared/metric-table.ts";
import { runSweep } from "../../functions/sweep/run-sweep.ts";
import type { DeletionRequest } from "../../lib/domain/deletion/request.ts";
import { GuardError, type GuardErrorCode } from "../../lib/domain/guard-error.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import type { Guard } from "../../lib/workflows/guard/run.ts";
import type { CaseStore, PauseBook, PaymentKeys } from "../../lib/workflows/ports/guard.ts";
import type { Sweeper } from "../../lib/workflows/sweep/sweep.ts";
import { click, createTestApproval, post, type Sent, send, signed, submission } from "../doubles/approval.ts";
import { proof, saidBy } from "../doubles/callers.ts";
import { noReminders } from "../doubles/change-questions.ts";
import { createCountedInvocation } from "../doubles/counted.ts";
import { createHistory, createMemoryMarks } from "../doubles/event-history.ts";
import { allowReaper, asking, createTestGuard, policyWith } from "../doubles/guard.ts";
import { createKeyWorld, day, deletionRequest, reaper, t0 } from "../doubles/key-world.ts";
import { createMemoryLabelBook } from "../doubles/label-inventory.ts";
import { slackDown } from "../doubles/memory-slack.ts";
import { caseNo, createNotifyWorld, ownEvent, restoredCase } from "../doubles/notify.ts";
import { sqsRecord } from "../doubles/sqs.ts";
import { noRecords } from "../doubles/stack-records.ts";
import { createMemoryStates } from "../doubles/state-inventory.ts";
import { createMemoryInventory, keyListsOf } from "../doubles/sweeper.ts";

const minute = 60_000;
const hour = 60 * minute;
const fails = (code: GuardErrorCode) => async () => await Promise.reject(new GuardError(code, "retry", "down"));
const storeDown = fails("STORE_UNAVAILABLE");
const busDown = fails("BUS_UNAVAILABLE");
const historyDown = createHistory({
  calls: () => [],
  fails: () => new GuardError("HISTORY_UNAVAILABLE", "retry", "down"),
});
const pausable = policyWith([], { pause: { from: "custodians", atMost: "4h" } });
const byTag = policyWith([
  {
    id: "test",
    when: { requester: { permissionSet: "PaymentsAdmin" }, key: { tags: { stage: "test" } } },
    then: "allow",
  },
]);
const pausesDown: Partial<PauseBook> = { latest: storeDown };

const isFailure = (name: string) => failureMetrics.some((metric) => metric === name);

interface Broken {
  readonly guard?: Partial<Guard>;
  readonly cases?: Partial<CaseStore>;
  readonly keys?: Partial<PaymentKeys>;
  readonly bus?: "down";
}

/** A guard over one pending key, in which something is broken. */
function guardWith({ guard, cases, keys, bus }: Broken, at: number) {
  const world = createKeyWorld();
  const made = createTestGuard(world, at, guard);
  const invocation = createCountedInvocation();
  const broken: Guard = {
    ...made.guard,
    keys: { ...world, ...keys },
    cases: { ...made.guard.cases, ...cases },
    ...(bus === "down" && { bus: { publish: busDown, announceUnrecorded: busDown } }),
    log: invocation.counting(made.guard.log),
  };
  return { ...made, ...invocation, world, broken };
}

describe("a sweep counts, in the very invocation that fails,", () => {
  interface BrokenSweep extends Broken {
    readonly sweeper?: Partial<Sweeper>;
    /** ms left for the sweep. */
    readonly timeLeft?: number;
    readonly at?: number;
    /** A deletion that is allowed before the sweep. */
    readonly allowed?: DeletionRequest;
    /** ms. */
    readonly sweptAfterMs?: number;
  }

  /** The failures that a sweep counts. */
  async function countedBySweep({
    sweeper,
    timeLeft = 240_000,
    at = t0 + minute,
    allowed,
    sweptAfterMs = 0,
    ...broken
  }: BrokenSweep) {
    const { world, broken: guard, countedBy, guard: whole, time } = guardWith(broken, at);
    if (allowed !== undefined) await guardDeletion(whole, { source: "event", request: allowed, deliveries: 1 });
    time.now += sweptAfterMs;
    if (broken.guard?.policy === undefined)
      await guardDeletion({ ...whole, policy: policyWith([], { mode: "observe" }) }, deletion);
    const sweeping = {
      guard,
      keyLists: keyListsOf(world),
      inventory: createMemoryInventory(t0),
      labels: createMemoryLabelBook(),
      states: createMemoryStates(),
      records: noRecords,
      history: createHistory({ calls: () => [] }),
      marks: createMemoryMarks(),
      notifyPauseChanged: async () => {},
      reminders: noReminders,
      sequence: async () => ({ left: false }),
      ...sweeper,
    };
    const context = { getRemainingTimeInMillis: () => timeLeft };
    const logStatus = () => ({ unsigned: 0 });
    const counted = await countedBy(
      async (metrics) =>
        await runSweep({ sweeper: sweeping, metrics, logStatus, selfCheck: async () => undefined }, context),
    );
    return counted.filter(isFailure);
  }
  const deletion = { source: "event", request: deletionRequest(), deliveries: 1 } as const;
  const inventory = createMemoryInventory(t0);

  it.each<[string, BrokenSweep, readonly FailureMetric[]]>([
    ["nothing that went well", {}, []],
    [
      "keys that cannot be listed",
      {
        sweeper: {
          keyLists: { pending: fails("ACCESS_DENIED"), all: async () => [], allAliases: async () => [] },
        },
      },
      ["SweepStepsFailed"],
    ],
    [
      "times of labels that cannot be read",
      { guard: { policy: byTag }, sweeper: { labels: { ...createMemoryLabelBook(), readAt: storeDown } } },
      ["SweepStepsFailed"],
    ],
    ["due cases that cannot be listed", { cases: { due: storeDown } }, ["SweepStepsFailed"]],
    ["a case that cannot be read", { cases: { history: storeDown } }, ["SweepStepsFailed"]],
    ["a case that cannot be written", { cases: { save: storeDown } }, ["KeysRestoredUnrecorded", "SweepStepsFailed"]],
    ["a case that changes all the time", { cases: { save: async () => "conflict" } }, ["SweepStepsFailed"]],
    ["a key that cannot be looked at", { keys: { observe: fails("CONTROL_PLANE_UNAVAILABLE") } }, ["FactsUnreadable"]],
    ["a key that is hidden from us", { keys: { observe: fails("ACCESS_DENIED") } }, ["FactsUnreadable"]],
    [
      "a key that cannot be restored",
      { keys: { restore: fails("CONTROL_PLANE_UNAVAILABLE") } },
      ["RestoresFailed", "SweepStepsFailed"],
    ],
    [
      "a damaged case",
      { cases: { history: fails("CASE_UNREADABLE") } },
      ["CasesQuarantined", "KeysRestoredUnrecorded"],
    ],
    [
      "a restore that neither the store nor the bus learned of",
      {
        cases: { history: fails("CASE_UNREADABLE") },
        bus: "down",
      },
      ["AnnouncementsFailed", "CasesQuarantined", "KeysRestoredUnrecorded"],
    ],
    ["entries that the bus does not take", { bus: "down" }, ["AnnouncementsFailed", "SweepStepsFailed"]],
    [
      "a cursor that does not move",
      { cases: { markPublished: storeDown } },
      ["AnnouncementsFailed", "SweepStepsFailed"],
    ],
    [
      "a history that cannot be read",
      {
        guard: { policy: policyWith([allowReaper]) },
        at: t0 + 2 * day,
        sweeper: { history: historyDown },
      },
      ["SweepStepsFailed"],
    ],
    [
      "an allowed deletion that no history confirms within an hour",
      {
        guard: { policy: policyWith([allowReaper]) },
        allowed: deletionRequest({ requester: reaper }),
        at: t0 + minute,
        sweptAfterMs: hour,
        sweeper: { history: historyDown },
      },
      ["ConfirmationsOverdue", "SweepStepsFailed"],
    ],
    [
      "an allowed deletion that CloudTrail does not know",
      {
        guard: { policy: policyWith([allowReaper]) },
        allowed: deletionRequest({ requester: reaper }),
        at: t0 + minute,
        sweptAfterMs: hour,
      },
      ["DeletionsUnconfirmed"],
    ],
    [
      "a pause that cannot be read",
      { guard: { policy: pausable, pauses: pausesDown as PauseBook } },
      ["AnnouncementsFailed", "FactsUnreadable"],
    ],
    ["a log that cannot be written", { sweeper: { sequence: fails("ARCHIVE_UNAVAILABLE") } }, ["SweepStepsFailed"]],
    ["hours that it has no time to close", { sweeper: { sequence: async () => ({ left: true }) } }, ["SweepWorkLeft"]],
    [
      "an inventory whose age is not known",
      { sweeper: { inventory: { ...inventory, takenAt: storeDown } } },
      ["SweepStepsFailed"],
    ],
    [
      "an inventory that cannot be taken",
      { at: t0 + 23 * hour, sweeper: { inventory: { ...inventory, take: storeDown } } },
      ["SweepStepsFailed"],
    ],
    ["due work that it has no time for", { timeLeft: 19_999 }, ["SweepWorkLeft"]],
  ])("%s", async (_, broken, metrics) => {
    expect(await countedBySweep(broken)).toEqual(metrics);
  });
});

describe("a batch of the guard counts, in the very invocation that fails,", () => {
  const sample = readFileSync(new URL("../../events/delete-key-sso.json", import.meta.url), "utf8");

  interface BrokenBatch extends Broken {
    readonly receives?: number;
    readonly body?: string;
    readonly queue?: "down";
  }

  async function countedByBatch({ receives = 1, body = sample, queue, ...broken }: BrokenBatch) {
    const { broken: guard, countedBy } = guardWith(broken, t0 + 1000);
    const reach = async () => {
      if (queue === "down") throw new Error("no queue");
    };
    const counted = await countedBy(
      async (metrics) =>
        await handleGuardBatch(
          {
            guard,
            queue: { retryAfter: reach, deadLetter: reach },
            stack: { account: "111122223333", region: "us-east-1" },
            maxReceives: 100,
            metrics,
            recordRefused: async () => {},
          },
          { Records: [sqsRecord(body, "m", receives)] },
          { getRemainingTimeInMillis: () => 30_000 },
        ),
    );
    return counted.filter(isFailure);
  }
  const down = { observe: fails("CONTROL_PLANE_UNAVAILABLE") };
  const thrice = ["FactsUnreadable", "GuardMessagesRetried"] as const;

  it.each<[string, BrokenBatch, readonly FailureMetric[]]>([
    ["nothing that went well", {}, []],
    ["the key that it cannot look at", { keys: down, receives: 1 }, ["FactsUnreadable"]],
    [
      "nothing yet of a message that fails for the second time",
      { guard: { policy: byTag }, keys: { tags: fails("ACCESS_DENIED") }, receives: 2 },
      ["FactsUnreadable"],
    ],
    ["a message that fails for the third time", { keys: down, receives: 3 }, thrice],
    ["a message that fails for the fiftieth time", { keys: down, receives: 50 }, thrice],
    ["a queue that does not take a message back", { body: "{", queue: "down" }, ["GuardMessagesRetried"]],
    ["a restore that fails", { keys: { restore: fails("CONTROL_PLANE_UNAVAILABLE") } }, ["RestoresFailed"]],
    ["a restore without a record", { cases: { save: storeDown } }, ["KeysRestoredUnrecorded"]],
    [
      "a restore that neither the store nor the bus learned of",
      { cases: { save: storeDown }, bus: "down" },
      ["AnnouncementsFailed", "KeysRestoredUnrecorded"],
    ],
    ["entries that the bus does not take", { bus: "down" }, ["AnnouncementsFailed"]],
    [
      "a pause that cannot be read",
      { guard: { policy: pausable, pauses: pausesDown as PauseBook } },
      ["FactsUnreadable"],
    ],
    [
      "people asked without labels",
      { guard: { policy: asking() }, keys: { tags: fails("ACCESS_DENIED") } },
      ["FactsUnreadable"],
    ],
    [
      "labels that a decision waits for",
      { guard: { policy: byTag }, keys: { tags: fails("ACCESS_DENIED") }, receives: 3 },
      ["FactsUnreadable", "GuardMessagesRetried"],
    ],
    [
      "an inventory that a decision waits for",
      {
        guard: {
          policy: byTag,
          inventory: { lastSeen: async () => undefined, labelsSeen: fails("STORE_UNAVAILABLE") },
        },
        keys: { tags: async () => ({ stage: "test" }) },
        receives: 3,
      },
      ["FactsUnreadable", "GuardMessagesRetried"],
    ],
    [
      "an inventory that is damaged",
      {
        guard: { policy: byTag, inventory: { lastSeen: async () => undefined, labelsSeen: async () => "unreadable" } },
      },
      ["FactsUnreadable"],
    ],
  ])("%s", async (_, broken, metrics) => {
    expect(await countedByBatch(broken)).toEqual(metrics);
  });
});

describe("a batch of the notify function counts, in the very invocation that fails,", () => {
  const name = caseNo(1);

  async function countedByBatch(receives: number, breakIt: (world: ReturnType<typeof createNotifyWorld>) => void) {
    const world = createNotifyWorld();
    world.tell(name, restoredCase(name));
    breakIt(world);
    const { counting, countedBy } = createCountedInvocation();
    const batch = { ...world.batch, announcer: { ...world.announcer, log: counting() } };
    const Records = [sqsRecord(ownEvent("key-usable", { case: name }), "m", receives)];
    return await countedBy(
      async () => await handleNotifyBatch(batch, { Records }, { getRemainingTimeInMillis: () => 60_000 }),
    );
  }
  const mailDown = (world: ReturnType<typeof createNotifyWorld>) => {
    world.world.topicFault = () => {
      throw new GuardError("TOPIC_UNAVAILABLE", "retry", "down");
    };
  };
  const slackFails = (world: ReturnType<typeof createNotifyWorld>) => {
    world.slack.fault = slackDown;
  };
  const summaryDamaged = ({ board }: ReturnType<typeof createNotifyWorld>) => {
    board.claimBurst = fails("NOTICE_UNREADABLE");
  };

  it.each([
    ["nothing that went well", 1, () => {}, []],
    ["nothing yet of a mail that fails for the second time", 2, mailDown, []],
    ["a mail that fails for the third time", 3, mailDown, ["NotifyMessagesRetried"]],
    ["a Slack that is down for the third time", 3, slackFails, ["NotifyMessagesRetried"]],
    ["a summary that cannot be read", 1, summaryDamaged, ["FactsUnreadable"]],
  ] as const)("%s", async (_, receives, breakIt, metrics) => {
    expect(await countedByBatch(receives, breakIt)).toEqual(metrics);
  });
});

describe("the approval function counts, in the very invocation that fails,", () => {
  const keep = signed(click("bob", "keep"));
  const saidPause = async () => await saidBy("alice", { pause: hour, reason: "INC-7" });

  it.each<[string, () => Promise<string[]>, readonly FailureMetric[]]>([
    ["nothing that went well", async () => await countedBy(keep, {}), []],
    ["a vote that cannot be previewed", async () => await countedByApprove({ read: storeDown }), ["CallbacksFailed"]],
    [
      "a request that cannot be sent",
      async () => await countedBy(keep, { sendRequest: fails("QUEUE_UNAVAILABLE") }),
      ["CallbacksFailed"],
    ],
    [
      "a secret that cannot be read",
      async () =>
        await countedBy(keep, {
          signingSecret: { read: fails("SECRET_UNAVAILABLE"), readAgain: async () => undefined },
        }),
      ["CallbacksFailed"],
    ],
    [
      "a callback that Slack did not sign",
      async () => await countedBy(signed(click("bob", "keep"), { key: "f".repeat(32) }), {}),
      ["CallbacksRefused"],
    ],
    [
      "a vote that the guard does not learn of",
      async () => await countedBy(keep, { reEvaluate: busDown }),
      ["AnnouncementsFailed"],
    ],
    [
      "a pause that people do not learn of",
      async () => await countedBy(await saidPause(), { proof, notifyPauseChanged: busDown }),
      ["AnnouncementsFailed"],
    ],
  ])("%s", async (_, counted, metrics) => {
    expect(await counted()).toEqual(metrics);
  });

  async function countedBy(sent: Parameters<typeof send>[1], overrides: Parameters<typeof createTestApproval>[0]) {
    const world = await createTestApproval(overrides);
    await send(world, sent);
    return world.counted;
  }

  async function countedByApprove(cases: Partial<CaseStore>) {
    const world = await createTestApproval();
    Object.assign(world.cases, cases);
    await post(world, signed(submission("bob", "CHG-1")));
    return world.counted;
  }
});

describe("the votes function counts, in the very invocation that fails,", () => {
  const keep = signed(click("bob", "keep"));
  const approve = signed(submission("bob", "CHG-1"));
  const secretDown = { read: fails("SECRET_UNAVAILABLE"), readAgain: async () => undefined };

  it.each<[string, Parameters<typeof judged>, readonly FailureMetric[]]>([
    ["nothing that went well", [keep, {}, 1], []],
    ["nothing yet of a request that fails for the second time", [approve, { signingSecret: secretDown }, 2], []],
    ["a request that fails for the third time", [approve, { signingSecret: secretDown }, 3], ["VotesMessagesRetried"]],
    ["a Keep that cannot be verified again", [keep, { signingSecret: secretDown }, 1], ["RequestsUnproven"]],
    ["a verdict that nobody learns of", [keep, { notifyJudged: busDown }, 1], ["AnnouncementsFailed"]],
    ["a vote that the guard does not learn of", [keep, { reEvaluate: busDown }, 1], ["AnnouncementsFailed"]],
  ])("%s", async (_, [sent, overrides, receives], metrics) => {
    expect(await judged(sent, overrides, receives)).toEqual(metrics);
  });

  it("a request whose proof is wrong", async () => {
    const world = await createTestApproval();
    await post(world, keep);
    world.votes = { ...world.votes, signingSecret: { ...world.votes.signingSecret, read: async () => "f".repeat(32) } };
    await world.judge();
    expect(world.counted).toEqual(["RequestsUnproven"]);
  });

  /** What is counted at the delivery number `receives`. */
  async function judged(sent: Sent, overrides: Parameters<typeof createTestApproval>[0], receives: number) {
    const world = await createTestApproval();
    await post(world, sent);
    world.votes = { ...world.votes, ...overrides };
    for (const message of world.voteQueue.queue.messages) message.receives = receives - 1;
    await world.judge();
    return world.counted;
  }
});
