import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { caseOf } from "../../lib/domain/case/fold.ts";
import { append } from "../../lib/domain/ledger/chain.ts";
import type { EntryBody } from "../../lib/domain/ledger/entry.ts";
import { approvalOffer } from "../../lib/notices/approval-offer.ts";
import { caseNotice } from "../../lib/notices/case-notice.ts";
import { noticeSentence } from "../../lib/notices/entry-sentence.ts";
import { keyKnownAs } from "../../lib/notices/key-title.ts";
import { mailText } from "../../lib/notices/mail.ts";
import { repeatedDeletionsText } from "../../lib/notices/repeated-deletions-text.ts";
import { createCaseChannel } from "../../lib/slack/case-channel.ts";
import { createSlackClient } from "../../lib/slack/client.ts";
import { voteDialog } from "../../lib/slack/vote-dialog.ts";
import { spansOf } from "../../local/slack/mrkdwn-spans.ts";
import { SlackWorkspace } from "../../local/slack/workspace.ts";
import { toAsk } from "../doubles/case-builder.ts";
import { chainBefore, emptyCase } from "../doubles/chain-names.ts";
import { directoryOf } from "../doubles/directory.ts";
import { day, t0 } from "../doubles/key-world.ts";
import { caseNo, detectionOf } from "../doubles/notify.ts";

const name = caseNo(1);
const unprintable = /(?!\n)[\p{Cc}\u202a-\u202e\u2066-\u2069\u200b-\u200f]/u;
const directory = directoryOf();

/** Every place of a case where someone else's words are shown holds `hostile`. */
function hostileCase(hostile: string) {
  const voter = { via: "aws", arn: hostile, userId: `AROA:${hostile}` } as const;
  const requester = {
    kind: "role-session",
    account: "111122223333",
    roleArn: `arn:aws:iam::111122223333:role/aws-reserved/${hostile}`,
    sessionName: hostile,
    permissionSet: hostile,
  } as const;
  const bodies: EntryBody[] = [
    detectionOf(name, { requester, sourceIp: hostile, userAgent: hostile, namedAs: hostile }),
    { kind: "key-named", aliases: { count: 2, sha256: "0".repeat(64), listed: [`${hostile} `, hostile.slice(0, 9)] } },
    { ...toAsk, rule: hostile, approvers: ["alice", "bob"] },
    {
      kind: "approval-requested",
      from: "custodians",
      quorum: 2,
      deadline: t0 + day,
      tags: { count: 1, sha256: "0".repeat(64), listed: { [hostile]: hostile } },
      aliases: { count: 1, sha256: "0".repeat(64), listed: [hostile] },
    },
    { kind: "vote-cast", vote: { id: "1", choice: "approve", voter, reason: hostile } },
    { kind: "vote-cast", vote: { id: "2", choice: "keep", voter, reason: hostile }, refused: "stranger" },
    { kind: "approval-granted", by: [hostile], quorum: 2 },
    { kind: "approval-refused", by: hostile, afterApproval: false },
    { kind: "usage-start-requested", voter, person: hostile },
    { kind: "key-state-unknown", state: hostile },
    { kind: "effect-failed", effect: "restore", code: hostile, attempt: 1 },
  ];
  const { entries } = bodies.reduce((chain, body, n) => append(chain, body, t0 + n * 1000), chainBefore(bodies[0]));
  const asking = entries.slice(0, 6);
  return { entries, asking, notice: caseNotice(caseOf({ ...emptyCase, entries: asking }), asking, directory) };
}

const hostiles: [string, string][] = [
  ["a call to everybody", "<!channel>"],
  ["a person", "<@U0BOB>"],
  ["a user group", "<!subteam^S0BOSSES>"],
  ["a link", "<https://evil.example/login|Approve>"],
  ["a bare link", "https://evil.example/login"],
  ["backticks", "`</code>` ```*bold*``` _it_ ~no~"],
  ["entities", "&lt;!channel&gt;"],
  ["a new line and a heading", "x\n*Case kept*\r\n<!here>"],
  ["right to left", "\u202Eevorppa\u202C\u2066\u200F"],
  ["a terminal's escapes", "\u001b[2J\u0007"],
  ["characters whose escapes are long", "\u202E".repeat(2_000)],
  ["ampersands", "&".repeat(3_000)],
  ["backticks and controls", "`\u0000".repeat(1_500)],
  ["emoji", "💳".repeat(1_000)],
];

let workspace: SlackWorkspace;
let apiUrl = "";
beforeAll(async () => {
  workspace = new SlackWorkspace({
    now: () => t0,
    signingSecret: "unused",
    botToken: "xoxb-right",
    teamId: "T0LOCAL",
    appId: "A0REPRIEVE",
    members: [{ id: "U0BOB", name: "bob" }],
    channels: [
      { id: "C0KEYS", name: "payment-keys" },
      { id: "C0BOSSES", name: "bosses" },
    ],
    interactionsUrl: () => "http://127.0.0.1:1",
  });
  apiUrl = `${await workspace.listen(0)}/api`;
});
afterAll(async () => await workspace.close());

type Text = { readonly type: string; readonly text: string };

/** All texts of a message, and how Slack reads those of them that it interprets. */
function textsOf(message: (typeof workspace.messages)[number]) {
  const isText = (value: unknown): value is Text =>
    typeof value === "object" && value !== null && "text" in value && typeof value.text === "string";
  const texts: Text[] = [{ type: "mrkdwn", text: message.text }];
  JSON.stringify(message.blocks, (_, value: unknown) => {
    if (isText(value)) texts.push(value);
    return value;
  });
  const names = new Map([["U0BOB", "bob"]]);
  return { texts, spans: texts.filter(({ type }) => type === "mrkdwn").flatMap(({ text }) => spansOf(text, names)) };
}

describe.each(hostiles)("%s in every text from outside", (_, hostile) => {
  const { entries, asking, notice } = hostileCase(hostile);
  const lines = entries.flatMap((entry) => noticeSentence(entry) ?? []);

  it("is taken by Slack, and means nothing in messages, replies, escalations and alarms", async () => {
    const client = createSlackClient({ apiUrl, token: async () => "xoxb-right", fetch, timeoutMs: 60_000 });
    const channel = createCaseChannel(client, directory, { channel: "C0KEYS", escalation: "C0BOSSES" });
    const before = workspace.messages.length;
    const ref = await channel.show(name, notice);
    await channel.show(name, notice, ref);
    await channel.reply(ref, lines, []);
    await channel.escalate(name, notice, ref);
    await channel.post([hostile, ...lines]);
    await channel.callIn([hostile, ...lines]);
    await channel.showSummary({
      count: 20,
      states: [["restored and usable", 20]],
      keys: Array.from({ length: 15 }, () => hostile),
    });
    const made = workspace.messages.slice(before);
    expect(made).toHaveLength(6);
    for (const message of made) {
      const { texts, spans } = textsOf(message);
      expect(spans.filter(({ href }) => href !== undefined)).toEqual([]);
      // The two who may approve are called by name; nobody else is.
      const mentioned = spans.filter(({ mention }) => mention).map(({ text }) => text);
      expect(mentioned.filter((text) => text !== "bob" && text !== "@U0ALICE")).toEqual([]);
      for (const { text } of texts) expect(text).not.toMatch(unprintable);
      for (const { text } of texts) expect(text.isWellFormed()).toBe(true);
    }
  });

  it("means nothing in the dialog", () => {
    const dialog = voteDialog(name, approvalOffer(name, caseOf({ ...emptyCase, entries: asking })));
    const [section] = dialog.blocks as { text: Text }[];
    const spans = spansOf(section?.text.text ?? "", new Map());
    expect(spans.filter(({ href, mention }) => href !== undefined || mention)).toEqual([]);
    expect(section?.text.text).not.toMatch(unprintable);
    expect(section?.text.text.length).toBeLessThan(3_000);
  });

  it("is lines of plain text in a mail", () => {
    const { subject, text } = mailText(name, notice, asking);
    expect(subject).toMatch(/^[\x20-\x7e]{1,100}$/);
    expect(text).not.toMatch(unprintable);
    expect(text).not.toContain("https://");
    expect(text.split("\n").length).toBeLessThan(40);
    expect(Buffer.byteLength(text)).toBeLessThan(250_000);
  });

  it("is cut short in an alarm", () => {
    const repeated = { principal: hostile, deletions: 3, keys: [name.keyArn], from: t0, to: t0 };
    const alarm = repeatedDeletionsText(repeated, [keyKnownAs(name.keyArn, [hostile, "alias/b"])]);
    expect(alarm.subject).toMatch(/^[\x20-\x7e]{1,100}$/);
    expect(alarm.lines[0]?.length).toBeLessThan(2_600);
    expect(alarm.lines[1]).not.toMatch(unprintable);
    expect(alarm.lines[1]?.length).toBeLessThan(700);
  });
});
