import { describe, expect, it } from "vitest";
import { judgeVote } from "../../lib/domain/approval/dual-control.ts";
import { caseOf } from "../../lib/domain/case/fold.ts";
import { append, type Chain } from "../../lib/domain/ledger/chain.ts";
import type { EntryBody, WhyLeftDisabled } from "../../lib/domain/ledger/entry.ts";
import { caseNotice } from "../../lib/notices/case-notice.ts";
import { mailText } from "../../lib/notices/mail.ts";
import { caseMessage } from "../../lib/slack/case-message.ts";
import { decided, detection, toAllow, toAsk, toRestore } from "../doubles/case-builder.ts";
import { chainBefore } from "../doubles/chain-names.ts";
import { directoryOf } from "../doubles/directory.ts";
import { day, deletionRequest, keyArn, t0 } from "../doubles/key-world.ts";

const directory = directoryOf();
const name = { keyArn: keyArn(), generation: 1 };
const chainOf = (bodies: readonly EntryBody[]) =>
  bodies.reduce<Chain>((chain, body, n) => append(chain, body, t0 + n), chainBefore(bodies[0]));
const noticeOf = (bodies: readonly EntryBody[]) => {
  const chain = chainOf(bodies);
  return { ...caseNotice(caseOf(chain), chain.entries, directory), entries: chain.entries };
};

const asked = decided(toAsk.effect, { approvers: ["alice", "bob", "carol"] });
const back: EntryBody[] = [
  { kind: "restore-intended", late: false },
  { kind: "key-restored", enabled: true, how: "answered" },
];
const usable: EntryBody = { kind: "key-usable", how: "answered", despiteRule: false };
const leftDisabled = (why: WhyLeftDisabled): EntryBody => ({ kind: "key-left-disabled", why });
const question: EntryBody = { kind: "approval-requested", from: "custodians", quorum: 2, deadline: t0 + day };
const granted: EntryBody = { kind: "approval-granted", by: ["bob", "carol"], quorum: 2 };
const withheld: EntryBody = { kind: "permit-withheld", why: "requester-unknown" };
const allowedBy = (by: "rule" | "approval" | "permit"): EntryBody => ({ kind: "deletion-allowed", by });
const permitUsed: EntryBody = {
  kind: "permit-used",
  permit: { by: "case", generation: 1 },
  case: { ...name, generation: 2 },
  eventId: "e",
};
const again = detection({ request: deletionRequest({ eventId: "11111111-1111-4111-8111-111111111111", at: t0 + 1 }) });
const keptBy: EntryBody = { kind: "approval-refused", by: "dave", afterApproval: true };

describe("Keep is offered exactly where it would be accepted", () => {
  it.each<[string, boolean, readonly EntryBody[]]>([
    ["while people decide, and the key works", true, [detection(), asked, ...back, usable, question]],
    ["while people decide, and the key is pending", true, [detection(), asked, question]],
    [
      "while people decide, and the key is still disabled",
      true,
      [detection(), asked, ...back, leftDisabled("start-failed"), question],
    ],
    [
      "once approved, as long as the deletion is pending",
      true,
      [detection(), asked, question, granted, allowedBy("approval")],
    ],
    ["once approved, before the permit is issued", true, [detection(), asked, ...back, usable, question, granted]],
    [
      "after the approval, as the permit may be unused",
      true,
      [detection(), asked, ...back, usable, question, granted, withheld],
    ],
    ["while a deletion passes by a permit", true, [detection(), asked, permitUsed, allowedBy("permit")]],
    ["before the allowance by a permit is on record", true, [detection(), asked, permitUsed]],
    [
      "once people are asked about another deletion within the same case",
      true,
      [detection(), asked, question, granted, allowedBy("approval"), again, asked, question],
    ],
    ["not before people are asked about that", false, [detection(), asked, question, granted, again]],
    ["while a deletion passes by a rule", true, [detection(), toAllow, allowedBy("rule")]],
    ["not before the allowance by a rule is on record", false, [detection(), toAllow]],
    ["not where a rule restores the key", false, [detection(), toRestore]],
    ["not where the guard only observes", false, [detection(), decided(toAllow.effect, { mode: "observe" })]],
    [
      "not where CloudTrail does not confirm what a rule allowed",
      false,
      [detection(), toAllow, allowedBy("rule"), { kind: "requester-unconfirmed", why: "no-record" }],
    ],
    [
      "not where a rule allowed it, and others restored the key",
      false,
      [detection(), toAllow, allowedBy("rule"), { kind: "restored-by-others" }],
    ],
    [
      "not after the time to decide",
      false,
      [detection(), asked, ...back, usable, question, { kind: "approval-expired" }],
    ],
    ["not of a key that is gone", false, [detection(), asked, question, { kind: "key-destroyed", how: "not-found" }]],
    [
      "not where a permit was used, and others restored the key",
      false,
      [detection(), asked, permitUsed, { kind: "restored-by-others" }],
    ],
  ])("%s", (_, offered, bodies) => {
    const vote = { id: "v", choice: "keep", voter: { via: "slack", userId: "U0BOB" } } as const;
    const { verdict } = judgeVote(caseOf(chainOf(bodies)), directory, vote, t0 + 1000);
    expect([noticeOf(bodies).actions.includes("keep"), verdict.kind === "counted"]).toEqual([offered, offered]);
  });

  it("but for a kept case, which accepts another Keep from an older message", () => {
    const bodies = [detection(), asked, question, granted, keptBy];
    const vote = { id: "v", choice: "keep", voter: { via: "slack", userId: "U0BOB" } } as const;
    const { verdict } = judgeVote(caseOf(chainOf(bodies)), directory, vote, t0 + 1000);
    expect([noticeOf(bodies).actions.includes("keep"), verdict.kind]).toEqual([false, "counted"]);
  });

  it("beside the button that starts key usage", () => {
    expect(noticeOf([detection(), asked, ...back, leftDisabled("start-failed"), question]).actions).toEqual([
      ...["keep", "approve", "start-usage"],
    ]);
  });
});

describe("a deletion that a rule allowed", () => {
  const letGo = [detection(), toAllow, allowedBy("rule")];
  const command = `reprieve keep '${name.keyArn}#1' --reason TEXT`;

  it("says in Slack and by mail how to keep the key, and who may", () => {
    const notice = noticeOf(letGo);
    const message = JSON.stringify(caseMessage(name, notice, directory));
    expect(message).toContain("*Wrong key? One person can keep it* until then.");
    expect(message).toContain('"action_id":"keep"');
    expect(message).not.toContain('"action_id":"approve"');
    const { text } = mailText(name, notice, notice.entries);
    expect(text).toContain(`Wrong key? One person can keep it until then.\n\nTo keep the key: ${command}`);
  });

  it("is shown as kept once a person keeps the key and it works", () => {
    const kept: EntryBody[] = [...letGo, { kind: "approval-refused", by: "dave", afterApproval: false }];
    expect(noticeOf(kept)).toMatchObject({ headline: "Being restored: CVK …aifllw2h", actions: [] });
    const notice = noticeOf([...kept, ...back, usable]);
    expect(notice).toMatchObject({ headline: "Kept: CVK …aifllw2h", tone: "good", actions: [] });
    const { text } = mailText(name, notice, notice.entries);
    expect(text).toContain("wanted to delete this key. dave keeps the key. It works.");
    expect(text).toContain("dave keeps the key.");
    expect(text).not.toContain("although its deletion was approved");
  });

  it.each<[string, boolean, readonly EntryBody[]]>([
    ["none where a rule allowed it", false, letGo],
    ["one where a permit allowed it", true, [detection(), asked, permitUsed, allowedBy("permit")]],
    ["one where people are asked", true, [detection(), asked, question]],
    ["one where a key waits to be started", true, [detection(), toRestore, ...back, leftDisabled("start-failed")]],
    ["none where nothing is to be done", false, [detection(), toRestore, ...back, usable]],
  ])("needs a message of its own: %s", (_, needs, bodies) => {
    expect(noticeOf(bodies).needsPeople).toBe(needs);
  });
});

describe("a key that was stopped before it was deleted", () => {
  const bodies = [detection(), toRestore, ...back, leftDisabled("stopped-before-deletion")];
  const warning = "It was stopped BEFORE it was deleted, perhaps after a compromise: ask who stopped it.";

  it("is shown with an alarm that says so, and a button that starts its usage", () => {
    const notice = noticeOf(bodies);
    expect(notice).toMatchObject({
      headline: "Restored, but disabled: CVK …aifllw2h",
      tone: "alarm",
      actions: ["start-usage"],
    });
    const message = JSON.stringify(caseMessage(name, notice, directory));
    expect(message).toContain(warning);
    expect(message).toContain('"action_id":"start-usage"');
    const { text } = mailText(name, notice, notice.entries);
    expect(text).toContain(warning);
    expect(text).toContain("someone stopped its usage before it was deleted, which may be a response to a compromise");
  });

  it("warns of nothing of the kind where a rule leaves the key disabled, or its usage could not be started", () => {
    for (const why of ["rule", "start-failed"] as const)
      expect(mailText(name, noticeOf([detection(), toRestore, ...back, leftDisabled(why)]), []).text).not.toContain(
        "compromise",
      );
    expect(noticeOf([detection(), toRestore, ...back, leftDisabled("rule")]).actions).toEqual([]);
  });
});

describe("records that name others than the requester who is shown", () => {
  it("are named, so that those who may not approve see why", () => {
    const user = { kind: "user", account: "111122223333", userArn: "arn:aws:iam::111122223333:user/bob" } as const;
    const bob = detection({
      source: "unattributed-event",
      request: deletionRequest({ eventId: "77111111-1111-4111-8111-111111111111", requester: user }),
    });
    expect(noticeOf([detection(), asked, question, bob]).notes).toEqual([
      "Also recorded as requester, and so without a vote: bob",
    ]);
    expect(noticeOf([detection(), asked, question]).notes).toEqual([]);
  });
});

describe("a question that only approvals proven by AWS can answer", () => {
  const provenOnly = (proof: readonly ("slack" | "aws")[]) => {
    const { effect } = toAsk;
    const approval = effect.outcome === "ask" ? { ...effect.approval, proof } : undefined;
    const asks = decided({ ...effect, approval } as never, { approvers: ["alice", "bob", "carol"] });
    return noticeOf([detection(), asks, ...back, usable, question]);
  };
  const buttonsOf = (notice: ReturnType<typeof provenOnly>) =>
    [...JSON.stringify(caseMessage(name, notice, directory)).matchAll(/"action_id":"([a-z-]+)"/g)].map(([, id]) => id);

  it("offers no button to approve in Slack, but the command and the button to keep", () => {
    const notice = provenOnly(["aws"]);
    expect(buttonsOf(notice)).toEqual(["keep"]);
    expect(JSON.stringify(caseMessage(name, notice, directory))).toContain(
      "This rule counts only approvals proven by AWS",
    );
    expect(mailText(name, notice, notice.entries).text).toContain(
      `Only approvals proven by AWS count: reprieve approve '${keyArn()}#1'`,
    );
  });

  it("offers both where both count, and no command to approve where Slack alone does", () => {
    expect(buttonsOf(noticeOf([detection(), asked, ...back, usable, question]))).toEqual(["keep", "approve"]);
    const notice = provenOnly(["slack"]);
    expect(buttonsOf(notice)).toEqual(["keep", "approve"]);
    expect(mailText(name, notice, notice.entries).text).toContain("Only approvals in Slack count. To keep the key");
  });
});

describe("how a call came about", () => {
  const byStack = deletionRequest({ invokedBy: "cloudformation.amazonaws.com", invokedByDelegate: "444455556666" });
  const called = (request: ReturnType<typeof deletionRequest>) => noticeOf([detection({ request })]).notes;

  it("is shown where the record says more than who it was", () => {
    expect(called(byStack)).toEqual([
      "Called by cloudformation.amazonaws.com for the requester, by the delegate account 444455556666",
    ]);
    expect(called(deletionRequest({ assumedRoot: true }))).toEqual([
      "Called with root credentials obtained by sts:AssumeRoot",
    ]);
    expect(called(deletionRequest())).toEqual([]);
  });
});
