import type { Button } from "@slack/types";
import { codeOf } from "../domain/guard-error.ts";
import type { Directory } from "../domain/people/directory.ts";
import type { BurstSummary } from "../notices/burst-summary.ts";
import type { CaseChannel, ChangeOffer } from "../workflows/ports/notices.ts";
import { caseMessage, type SlackMessage } from "./case-message.ts";
import type { SlackClient } from "./client.ts";
import { code, escaped, headerText } from "./mrkdwn.ts";
import { plainSections } from "./plain-sections.ts";
import { changeButtonTexts, marks, summaryTitle, timeIsShort } from "./texts.ts";

export interface ChannelSettings {
  /** The custodians' channel. */
  readonly channel: string;
  /** Another channel (`C...`) or a user group (`S...`) that is called in when the time is nearly over. */
  readonly escalation?: string;
}

/** Cases in a Slack channel: one message each, its story in the thread. */
export function createCaseChannel(
  slack: Pick<SlackClient, "post" | "update" | "whisper">,
  directory: Directory,
  { channel, escalation }: ChannelSettings,
): CaseChannel {
  const slackIds = new Map([...directory.personBySlack].map(([id, person]) => [person, id]));
  const mentionsOf = (persons: readonly string[]) =>
    persons
      .slice(0, maxCalled)
      .flatMap((person) => slackIds.get(person) ?? [])
      .map((id) => `<@${id}>`)
      .join(" ");
  const group = escalation?.startsWith("S") ? `<!subteam^${escalation}>` : "";
  const elsewhere = group === "" ? escalation : channel;
  const show = async (message: SlackMessage, ts: string | undefined) => await showAt(slack, channel, message, ts);
  return {
    show: async (name, notice, ref) => await show(caseMessage(name, notice, directory), ref),
    reply: async (ref, lines, urge) => {
      await slack.post(channel, lineMessage(lines, mentionsOf(urge)), ref);
    },
    escalate: async (name, notice, ref) => {
      if (elsewhere === undefined) return;
      if (group !== "" && ref !== undefined)
        return void (await slack.post(channel, lineMessage([timeIsShort], group), ref));
      // Elsewhere nobody sees the thread: the case itself, without buttons, since this message is never changed again.
      const { text, blocks } = caseMessage(name, { ...notice, actions: [] }, directory);
      const call = lineMessage([timeIsShort], group).blocks;
      await slack.post(elsewhere, { text, blocks: [...call, ...blocks] });
    },
    showSummary: async (summary, ref) => await show(summaryMessage(summary), ref),
    callIn: async (lines) => {
      if (elsewhere !== undefined) await slack.post(elsewhere, lineMessage([timeIsShort, ...lines], group));
    },
    post: async (lines, offers = [], urge = []) => {
      const { text, blocks } = lineMessage(lines, mentionsOf(urge));
      const buttons = offers.length === 0 ? [] : [{ type: "actions" as const, elements: offers.map(changeButton) }];
      await slack.post(channel, { text, blocks: [...blocks, ...buttons] });
    },
    whisper: async (userId, text, place = channel) => await slack.whisper(place, userId, text),
  };
}

function changeButton({ action, name }: ChangeOffer): Button {
  const style = action === "refuse-change" ? "primary" : "danger";
  return {
    type: "button",
    action_id: action,
    value: name,
    style,
    text: { type: "plain_text", text: changeButtonTexts[action] },
  };
}

/** Characters of one name in a summary, whose text takes 3,000. */
const maxTitle = 90;
/** Slack notifies no more people of one message than it takes to be read as noise. */
const maxCalled = 50;

/** In place of what stands at `ts`, unless someone has deleted it: a case must not fall silent for that. */
async function showAt(
  slack: Pick<SlackClient, "post" | "update">,
  channel: string,
  message: SlackMessage,
  ts: string | undefined,
): Promise<string> {
  if (ts === undefined) return await slack.post(channel, message);
  try {
    await slack.update(channel, ts, message);
    return ts;
  } catch (error) {
    if (codeOf(error) !== "SLACK_MESSAGE_GONE") throw error;
    return await slack.post(channel, message);
  }
}

function summaryMessage({ count, states, keys, hint }: BurstSummary): SlackMessage {
  const title = `${marks.alarm} ${summaryTitle(count)}`;
  const counted = states.map(([state, number]) => `• ${number} ${escaped(state)}`);
  const some = `${keys.map((key) => code(key, maxTitle, maxTitle + 40)).join(" ")}${count > keys.length ? " ..." : ""}`;
  const blocks = [
    { type: "header", text: { type: "plain_text", text: headerText(title), emoji: false } },
    {
      type: "section",
      text: {
        type: "mrkdwn",
        text: [...counted, some, ...(hint === undefined ? [] : [escaped(hint)])].join("\n").trim() || "-",
      },
    },
  ];
  return { text: title, blocks };
}

function lineMessage(lines: readonly string[], mentions: string): SlackMessage {
  const called = mentions === "" ? [] : [{ type: "section", text: { type: "mrkdwn", text: mentions } }];
  return { text: escaped(lines.join(" ")), blocks: [...plainSections(lines), ...called] };
}
