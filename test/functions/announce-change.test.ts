import { describe, expect, it } from "vitest";
import { handleBatch } from "../../functions/notify/batch.ts";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { append, type Chain, emptyChain } from "../../lib/domain/ledger/chain.ts";
import { changePermitChainName } from "../../lib/domain/ledger/chain-name.ts";
import type { ChangeName } from "../../lib/domain/ledger/change-name.ts";
import { changeNameText } from "../../lib/domain/ledger/change-name.ts";
import { permitOfChange } from "../../lib/domain/ledger/change-permit-name.ts";
import type { EntryBody } from "../../lib/domain/ledger/entry.ts";
import { byRule, changeChain, changed, intended, judgedAs, stopName, undone } from "../doubles/change-chains.ts";
import { policyWith } from "../doubles/guard.ts";
import { day, t0 } from "../doubles/key-world.ts";
import { slackDown } from "../doubles/memory-slack.ts";
import { createNotifyWorld, ownEvent } from "../doubles/notify.ts";
import { sqsRecord } from "../doubles/sqs.ts";

const plenty = { getRemainingTimeInMillis: () => 60_000 };
const failed = (...ids: string[]) => ({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });

function setUp(options: Parameters<typeof createNotifyWorld>[0] = {}) {
  const made = createNotifyWorld(options);
  const current = { batch: made.batch };
  const record = (name: ChangeName, ...bodies: readonly EntryBody[]): Chain => {
    const chain = changeChain(name, ...bodies);
    made.changes.set(chain.name, chain);
    return chain;
  };
  const publish = async (name: ChangeName = stopName) => {
    const body = ownEvent("change-recorded", { change: changeNameText(name) });
    return await handleBatch(current.batch, { Records: [sqsRecord(body, "m", 1)] }, plenty);
  };
  return Object.assign(current, { ...made, record, publish });
}

describe("people are notified of a change", () => {
  it("once on each way out, however often it is published, and of its outcome once it is there", async () => {
    const { record, publish, mails, slack } = setUp();
    record(stopName, changed(stopName), byRule);
    for (let n = 0; n < 3; n += 1) expect(await publish()).toEqual(failed());
    expect([mails.length, slack.posted.length]).toEqual([1, 1]);
    record(stopName, changed(stopName), byRule, intended, undone);
    for (let n = 0; n < 3; n += 1) await publish();
    expect([mails.length, slack.posted.length]).toEqual([2, 2]);
    expect(mails[1]?.text).toBe(
      "key kwapwa6qaifllw2h: undone 2.3 s after the change: the key was started and can be used again. Nothing to do.",
    );
  });

  it("with the name of the key in the subject, the key's alias as the inventory saw it", async () => {
    const { record, publish, mails, world } = setUp();
    world.labelsSeen = async () => ({ tags: {}, aliases: { state: "alias/prod/cvk-1", since: t0, at: t0 } });
    record(stopName, changed(stopName), judgedAs());
    await publish();
    expect(mails[0]?.subject).toBe("reprieve: changed: alias/prod/cvk-1 (kwapwa6qaifllw2h)");
    expect(mails[0]?.text).toMatch(/^ATTENTION, alias\/prod\/cvk-1 \(kwapwa6qaifllw2h\): alice/);
  });

  it.each<[string, ChangeName["subject"], string]>([
    ["an alias", { kind: "alias", alias: "alias/prod/cvk-1" }, "alias/prod/cvk-1: "],
    ["the account", { kind: "account" }, "The account: "],
  ])("of %s by its name", async (_, subject, begin) => {
    const { record, publish, mails } = setUp();
    const name = { ...stopName, operation: "alias", subject };
    record(name, changed(name), judgedAs({ weight: "notable" }));
    await publish(name);
    expect(mails[0]?.text.startsWith(begin)).toBe(true);
  });

  it("of nothing where all is routine", async () => {
    const { record, publish, mails, slack } = setUp();
    record(stopName, changed(stopName), judgedAs({ outcome: "allow", weight: "routine" }));
    expect(await publish()).toEqual(failed());
    expect([mails, slack.posted]).toEqual([[], []]);
  });

  it("by mail while Slack is down, and in Slack once it is up, each line once", async () => {
    const { record, publish, mails, slack } = setUp();
    record(stopName, changed(stopName), judgedAs());
    slack.fault = slackDown;
    expect(await publish()).toEqual(failed("m"));
    expect([mails.length, slack.posted.length]).toEqual([1, 0]);
    slack.fault = () => {};
    expect(await publish()).toEqual(failed());
    expect([mails.length, slack.posted.length]).toEqual([1, 1]);
  });

  it("in Slack while mail is down", async () => {
    const { record, publish, mails, slack, world } = setUp();
    record(stopName, changed(stopName), judgedAs());
    world.topicFault = () => {
      throw new GuardError("TOPIC_UNAVAILABLE", "retry", "down");
    };
    expect(await publish()).toEqual(failed("m"));
    expect([mails.length, slack.posted.length]).toEqual([0, 1]);
  });

  it("with text from others as plain text, which mentions nobody and links nowhere", async () => {
    const { record, publish, mails, slack } = setUp();
    record(stopName, changed(stopName, 1, { says: "<!channel> https://evil.example" }), judgedAs());
    await publish();
    const shown = JSON.stringify(slack.posted[0]?.message.blocks);
    expect(shown).toContain("&lt;!channel&gt;");
    expect(shown).not.toContain("mrkdwn");
    expect(mails[0]?.text).not.toContain("://");
  });
});

describe("a change that cannot be announced", () => {
  it("is put aside where its chain is gone", async () => {
    const { publish, deadLetters, mails } = setUp();
    await publish();
    expect(deadLetters).toEqual([[expect.any(String), "CASE_UNKNOWN"]]);
    expect(mails).toEqual([]);
  });

  it("is put aside where its chain is damaged", async () => {
    const { batch, publish, deadLetters, mails } = setUp();
    batch.changes.read = async () => {
      throw new GuardError("CASE_UNREADABLE", "dead-letter", "damaged");
    };
    await publish();
    expect(deadLetters).toEqual([[expect.any(String), "CASE_UNREADABLE"]]);
    expect(mails).toEqual([]);
  });
});

describe("what people may do about a change", () => {
  const alias = { ...stopName, operation: "alias", subject: { kind: "alias", alias: "alias/prod/pin" } } as const;
  const asked = permitOfChange(alias);
  const question: EntryBody = {
    kind: "change-asked",
    eventId: "e-1",
    from: "custodians",
    quorum: 1,
    deadline: t0 + day,
  };
  const request: EntryBody = {
    ...({
      kind: "change-permit-requested",
      operation: "alias",
      subject: "alias/prod/pin",
      rule: "asks",
      from: "custodians",
      quorum: 2,
    } as const),
    ...{ change: { hour: alias.hour, eventId: "e-1" }, principal: "arn:aws:iam::111122223333:user/alice" },
    ...{ user: "alice", to: { sha256: "a".repeat(64) }, deadline: t0 + day, reason: "pointed the alias elsewhere" },
  };
  const buttons = (slack: { readonly posted: readonly unknown[] }) =>
    [...JSON.stringify(slack.posted).matchAll(/"action_id":"([^"]+)","value":"([^"]+)"/g)].map(([, id, name]) => [
      id,
      name,
    ]);

  it("is offered with a stop that stands, and not once someone requested it", async () => {
    const { record, publish, slack } = setUp();
    const judged = judgedAs({ starters: ["bob"] });
    record(stopName, changed(stopName), judged);
    await publish();
    expect(buttons(slack)).toEqual([["start-key", changeNameText(stopName)]]);
    const voter = { via: "slack", userId: "U0BOB" } as const;
    const requested = { kind: "usage-start-requested", voter, person: "bob", reason: "INC-1" } as const;
    record(stopName, changed(stopName), judged, requested, { kind: "key-usable", how: "answered", despiteRule: false });
    await publish();
    expect(buttons(slack)).toHaveLength(1);
    expect(JSON.stringify(slack.posted.at(-1))).toContain("started on request");
  });

  it("is not offered where Slack proves nobody: the notice names the command", async () => {
    const { record, publish, slack } = setUp();
    record(stopName, changed(stopName), judgedAs({ starters: ["bob"], startProof: ["aws"] }));
    await publish();
    expect(buttons(slack)).toEqual([]);
    expect(JSON.stringify(slack.posted)).toContain("reprieve start-key");
  });

  it("is not offered where nobody may have the key started", async () => {
    const { record, publish, slack } = setUp();
    record(stopName, changed(stopName), judgedAs());
    await publish();
    expect(buttons(slack)).toEqual([]);
  });

  it.each([
    ["any way", undefined, ["approve-change", "refuse-change"]],
    ["AWS alone", ["aws"], ["refuse-change"]],
  ])("is asked where the change was undone, and proof counts by %s", async (_, proof, offered) => {
    const approval = { from: "custodians", quorum: 1, within: "24h", ...(proof && { proof }) };
    const made = setUp();
    made.batch = {
      ...made.batch,
      policy: policyWith([{ id: "asks", when: { operation: "alias" }, then: "ask", approval }]),
    };
    made.record(alias, changed(alias), judgedAs({ outcome: "ask", rule: "asks" }), intended, undone, question);
    const chain = append(emptyChain(changePermitChainName(asked)), request, t0 + 1000);
    made.changes.set(chain.name, chain);
    await made.publish(alias);
    expect(buttons(made.slack)).toEqual(offered.map((action) => [action, chain.name]));
    expect(made.mails.map(({ text }) => text).join("\n")).toContain(`reprieve approve '${changeNameText(alias)}'`);
  });
});
