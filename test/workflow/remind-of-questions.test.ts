import { beforeEach, describe, expect, it } from "vitest";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { append, emptyChain } from "../../lib/domain/ledger/chain.ts";
import { changePermitChainName } from "../../lib/domain/ledger/chain-name.ts";
import { type ChangePermitName, changePermitText } from "../../lib/domain/ledger/change-permit-name.ts";
import type { Voter } from "../../lib/domain/people/vote.ts";
import { recordChangePermit } from "../../lib/workflows/approve/record-change-permit.ts";
import { announceChangePermit } from "../../lib/workflows/notify/announce-change-permit.ts";
import { remindOfQuestions } from "../../lib/workflows/sweep/remind-of-questions.ts";
import { createMemoryQuestions } from "../doubles/change-questions.ts";
import { createMemoryChangePermits } from "../doubles/change-world.ts";
import { policyWith } from "../doubles/guard.ts";
import { createKeyWorld, t0 } from "../doubles/key-world.ts";
import { createNotifyWorld } from "../doubles/notify.ts";
import { createTestSweep } from "../doubles/sweeper.ts";

const hour = 3_600_000;
const alias = { kind: "alias", alias: "alias/prod/pin" } as const;
const ofHour: ChangePermitName = { operation: "alias", subject: alias, id: { by: "change", hour: 495_000 } };
const approval = { from: "custodians", quorum: 2, within: "100h" };
const asks = { id: "ask", when: { operation: "alias" }, then: "ask", approval };
const slackVoter = (userId: string): Voter => ({ via: "slack", userId });

/** A question of `t0` about a change of Alice, to be decided within 100 hours. */
const question = (name = ofHour) =>
  append(
    emptyChain(changePermitChainName(name)),
    {
      ...({
        kind: "change-permit-requested",
        operation: "alias",
        subject: alias.alias,
        rule: asks.id,
        from: "custodians",
        quorum: 2,
      } as const),
      ...{ change: { hour: name.id.by === "change" ? name.id.hour : 0, eventId: "e-1" }, user: "alice" },
      ...{
        principal: "arn:aws:iam::111122223333:user/alice",
        deadline: t0 + 100 * hour,
        reason: "pointed it elsewhere",
      },
    },
    t0,
  );

function createWorld() {
  const permits = createMemoryChangePermits();
  const notified: string[] = [];
  const logged: string[] = [];
  const time = { now: t0 };
  const faults = { bus: false, store: false };
  const questions = createMemoryQuestions(permits);
  const remind = async (hasTime = () => true) =>
    await remindOfQuestions({
      questions: {
        ...questions,
        read: async (name) => {
          if (faults.store) throw new GuardError("CASE_UNREADABLE", "dead-letter", "damaged");
          return await questions.read(name);
        },
      },
      notify: async (name) => {
        if (faults.bus) throw new GuardError("BUS_UNAVAILABLE", "retry", "down");
        notified.push(changePermitText(name));
      },
      clock: () => time.now,
      log: (code) => void logged.push(code),
      hasTime,
    });
  const reminders = async (name = ofHour) =>
    ((await permits.read(name))?.entries ?? []).flatMap((entry) =>
      entry.kind === "approval-reminded" ? entry.percent : [],
    );
  return { permits, notified, logged, time, faults, remind, reminders };
}

let world: ReturnType<typeof createWorld>;
beforeEach(async () => {
  world = createWorld();
  await world.permits.save({ chain: question(), expectedLength: 0 });
});

describe("a question about a change that nobody answers", () => {
  it("is reminded of at 50, 80 and 95 percent of the time to decide, each time once", async () => {
    for (const [at, expected] of [
      [49, []],
      [50, [50]],
      [51, [50]],
      [80, [50, 80]],
      [95, [50, 80, 95]],
      [96, [50, 80, 95]],
      [101, [50, 80, 95]],
    ] as const) {
      world.time.now = t0 + at * hour;
      await world.remind();
      expect(await world.reminders()).toEqual(expected);
    }
    expect(world.notified).toHaveLength(3);
    expect(world.permits.dueAt.size).toBe(0);
  });

  it("is reminded of once where several reminders were missed, and not after its end", async () => {
    world.time.now = t0 + 96 * hour;
    await world.remind();
    expect(await world.reminders()).toEqual([95]);
    const late = createWorld();
    await late.permits.save({ chain: question(), expectedLength: 0 });
    late.time.now = t0 + 100 * hour;
    await late.remind();
    expect([await late.reminders(), late.notified, late.permits.dueAt.size]).toEqual([[], [], 0]);
  });

  it("stays due while the bus does not take the reminder, and is recorded once", async () => {
    world.time.now = t0 + 50 * hour;
    world.faults.bus = true;
    await world.remind();
    await world.remind();
    expect([await world.reminders(), world.notified, world.logged]).toEqual([
      [50],
      [],
      ["SWEEP_STEP_FAILED", "SWEEP_STEP_FAILED"],
    ]);
    world.faults.bus = false;
    await world.remind();
    expect(world.notified).toEqual([changePermitText(ofHour)]);
    await world.remind();
    expect([await world.reminders(), world.notified.length]).toEqual([[50], 1]);
  });

  it("stays due also where someone votes before the reminder goes out", async () => {
    world.time.now = t0 + 50 * hour;
    world.faults.bus = true;
    await world.remind();
    await approve(world, "U0BOB");
    world.faults.bus = false;
    await world.remind();
    expect(world.notified).toEqual([changePermitText(ofHour)]);
  });

  it("that is damaged is logged once, and keeps no other from being reminded of", async () => {
    world.time.now = t0 + 50 * hour;
    world.faults.store = true;
    await world.remind();
    expect([world.logged, world.permits.dueAt.size]).toEqual([["SWEEP_STEP_FAILED"], 0]);
  });

  it("waits for the next sweep where this one has no time", async () => {
    world.time.now = t0 + 50 * hour;
    expect(await world.remind(() => false)).toEqual([]);
    expect(world.permits.dueAt.size).toBe(1);
    expect(await world.remind()).toMatchObject([{ name: changePermitText(ofHour) }]);
  });
});

async function approve({ permits, time }: ReturnType<typeof createWorld>, userId: string) {
  const deps = { permits, policy: policyWith([asks]), stack: { account: "111122223333", region: "us-east-1" } };
  const command = { do: "approve", name: ofHour, reason: "CHG-1" } as const;
  return (await recordChangePermit({ ...deps, clock: () => time.now }, slackVoter(userId), command)).verdict;
}

describe("a question about a change that people have answered", () => {
  it.each([
    ["approved", async () => [await approve(world, "U0BOB"), await approve(world, "U0CAROL")]],
    [
      "refused",
      async () =>
        await recordChangePermit(
          {
            ...{ permits: world.permits, policy: policyWith([asks]), clock: () => world.time.now },
            stack: { account: "111122223333", region: "us-east-1" },
          },
          slackVoter("U0BOB"),
          { do: "revoke", name: ofHour, reason: "" },
        ),
    ],
  ])("%s, is reminded of no more", async (_, answer) => {
    world.time.now = t0 + hour;
    await answer();
    expect(world.permits.dueAt.size).toBe(0);
    world.time.now = t0 + 96 * hour;
    await world.remind();
    expect([await world.reminders(), world.notified]).toEqual([[], []]);
  });
});

describe("a sweep", () => {
  it("reminds of questions, and logs the chains that it added to", async () => {
    const { run, time, permits, notified, sequenced } = createTestSweep(
      createKeyWorld({ state: "CREATE_COMPLETE" }),
      t0,
    );
    await permits.save({ chain: question(), expectedLength: 0 });
    time.now = t0 + 50 * hour;
    await run();
    expect(notified).toEqual([changePermitText(ofHour)]);
    expect(sequenced.at(-1)).toContain(changePermitText(ofHour));
  });
});

describe("a reminder", () => {
  const settings = { escalation: "C0BOSSES" };
  const source = (chain: ReturnType<typeof question>) => ({
    permits: { read: async () => chain },
    policy: policyWith([asks]),
  });
  const remindedAt = (chain: ReturnType<typeof question>, percent: number) =>
    append(chain, { kind: "approval-reminded", percent }, t0 + percent * hour);

  it("calls those who may still approve, with buttons; from 80 percent on it is mailed, and at 95 others are called in", async () => {
    const { announcer, slack, mails, world: notifyWorld } = createNotifyWorld({ settings });
    const announce = async (chain: ReturnType<typeof question>) =>
      await announceChangePermit(announcer, source(chain), ofHour);
    await announce(question());
    const approved = append(
      question(),
      { kind: "permit-approved", voter: slackVoter("U0BOB"), person: "bob", reason: "CHG-1" },
      t0 + hour,
    );
    await announce(approved);
    const [asked, first] = [slack.posted.length, mails.length];
    const reminders = [50, 80, 95] as const;
    for (const [n] of reminders.entries()) {
      const chain = reminders.slice(0, n + 1).reduce(remindedAt, approved);
      notifyWorld.time.now = t0 + (reminders[n] ?? 0) * hour;
      await announce(chain);
      await announce(chain);
    }
    const posted = slack.posted.slice(asked).map(({ channel, message }) => [channel, JSON.stringify(message)] as const);
    expect(posted.map(([channel]) => channel)).toEqual(["C0KEYS", "C0KEYS", "C0KEYS", "C0BOSSES"]);
    for (const [n, percent] of reminders.entries()) {
      const text = posted[n]?.[1] ?? "";
      expect(text).toContain(`${percent} % of the time to decide is over`);
      expect(text).toContain("1 of 2 approvals by custodians so far (bob)");
      expect(text).toContain("<@U0CAROL>");
      expect(text).not.toContain("<@U0BOB>");
      expect(text).not.toContain("<@U0ALICE>");
      expect(text).toContain("approve-change");
    }
    expect(posted[3]?.[1]).toContain("nearly over");
    expect(posted[3]?.[1]).not.toContain("button");
    expect(mails.slice(first).map(({ text }) => /(\d\d) % of the time/.exec(text)?.[1])).toEqual(["80", "95"]);
  });

  it("of a question that was answered before it went out calls nobody", async () => {
    const { announcer, slack } = createNotifyWorld({ settings });
    const voter = slackVoter("U0BOB");
    const refused = append(
      remindedAt(question(), 95),
      { kind: "change-permit-revoked", by: "bob", voter, refused: true },
      t0 + 96 * hour,
    );
    await announceChangePermit(announcer, source(refused), ofHour);
    expect(JSON.stringify(slack.posted)).not.toContain("<@");
    expect(slack.posted.map(({ channel }) => channel)).toEqual(["C0KEYS"]);
  });
});
