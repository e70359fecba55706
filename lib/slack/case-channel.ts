import type { Directory } from "../domain/person.ts";
import type { CaseChannel } from "../workflows/notice-ports.ts";
import { caseMessage, type SlackMessage } from "./case-message.ts";
import type { SlackClient } from "./client.ts";
import { code, escaped } from "./mrkdwn.ts";

export interface ChannelSettings {
  /** The custodians' channel. */
  readonly channel: string;
  /** Another channel (`C...`) or a user group (`S...`) that is called in when the time is nearly over. */
  readonly escalation?: string;
}

/** Slack's text sections take 3,000 characters. */
const maxReply = 2_900;

/** Cases in a Slack channel: one message each, its story in the thread. */
export function createCaseChannel(slack: SlackClient, directory: Directory, settings: ChannelSettings): CaseChannel {
  const { channel, escalation } = settings;
  const show = async (message: SlackMessage, ts: string | undefined): Promise<string> => {
    if (ts === undefined) return await slack.post(channel, message);
    await slack.update(channel, ts, message);
    return ts;
  };
  const slackIds = new Map([...directory.personBySlack].map(([id, person]) => [person, id]));
  const group = escalation?.startsWith("S") ? `<!subteam^${escalation}>` : undefined;
  return {
    show: async (name, notice, ref) => await show(caseMessage(name, notice, directory), ref),
    reply: async (ref, lines, urge, escalate) => {
      const called = urge.flatMap((person) => slackIds.get(person) ?? []).map((id) => `<@${id}>`);
      const mentions = [...called, ...(escalate && group !== undefined ? [group] : [])].join(" ");
      const message = replyMessage(lines, mentions);
      await slack.post(channel, message, ref);
      if (escalate && escalation !== undefined && group === undefined) await slack.post(escalation, message);
    },
    showSummary: async ({ count, states, keys }, ref) => {
      const title = `🔴 ${count} more payment keys scheduled for deletion within minutes`;
      const counted = states.map(([state, number]) => `• ${number} ${escaped(state)}`).join("\n");
      const some = `${keys.map((key) => code(key)).join(" ")}${count > keys.length ? " ..." : ""}`;
      const blocks = [
        { type: "header", text: { type: "plain_text", text: title, emoji: true } },
        { type: "section", text: { type: "mrkdwn", text: `${counted}\n${some}` } },
      ];
      return await show({ text: title, blocks }, ref);
    },
    say: async (text) => {
      await slack.post(channel, { text: escaped(text, maxReply), blocks: [plain(text)] });
    },
  };
}

function replyMessage(lines: readonly string[], mentions: string): SlackMessage {
  const text = lines.join("\n");
  const blocks = mentions === "" ? [] : [{ type: "section", text: { type: "mrkdwn", text: mentions } }];
  return { text: escaped(text, maxReply), blocks: [plain(text), ...blocks] };
}

/** Text from events as plain text: nothing in it is a mention, a link or a mark. */
function plain(text: string): { type: "section"; text: { type: "plain_text"; text: string } } {
  return { type: "section", text: { type: "plain_text", text: escaped(text, maxReply) } };
}
