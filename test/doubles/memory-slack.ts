import { GuardError } from "../../lib/domain/guard-error.ts";
import type { SlackMessage } from "../../lib/slack/case-message.ts";
import type { SlackClient } from "../../lib/slack/client.ts";

export interface Posted {
  readonly channel: string;
  readonly ts: string;
  readonly threadTs?: string;
  message: SlackMessage;
  edits: number;
}

/** Slack's messages in memory. `fault` may throw what a call throws. */
export interface MemorySlack extends Pick<SlackClient, "post" | "update" | "whisper"> {
  readonly posted: Posted[];
  readonly whispers: (readonly [channel: string, userId: string, text: string])[];
  fault: (method: "post" | "update" | "whisper", channel: string, threadTs?: string) => void;
  /** Messages that are no replies. */
  top(): Posted[];
  /** What the thread of a message says, line by line. */
  thread(ts: string): string[];
}

export function createMemorySlack(): MemorySlack {
  const posted: Posted[] = [];
  const slack: MemorySlack = {
    posted,
    whispers: [],
    fault: () => {},
    top: () => posted.filter(({ threadTs }) => threadTs === undefined),
    thread: (ts) => posted.filter(({ threadTs }) => threadTs === ts).flatMap(({ message }) => linesOf(message)),
    post: async (channel, message, threadTs) => {
      slack.fault("post", channel, threadTs);
      const ts = `${posted.length + 1}.000100`;
      posted.push({ channel, ts, ...(threadTs && { threadTs }), message, edits: 0 });
      return ts;
    },
    whisper: async (channel, userId, text) => {
      slack.fault("whisper", channel);
      slack.whispers.push([channel, userId, text]);
    },
    update: async (channel, ts, message) => {
      slack.fault("update", channel);
      const old = posted.find((one) => one.channel === channel && one.ts === ts);
      if (old === undefined) throw new GuardError("SLACK_MESSAGE_GONE", "retry", "message_not_found");
      old.message = message;
      old.edits += 1;
    },
  };
  return slack;
}

export const rateLimited = (): never => {
  throw new GuardError("SLACK_UNAVAILABLE", "retry", "slack asks to come back later", { retryAfterSeconds: 7 });
};
export const slackDown = (): never => {
  throw new GuardError("SLACK_UNAVAILABLE", "retry", "slack cannot be reached");
};
export const channelNotFound = (): never => {
  throw new GuardError("SLACK_REFUSED", "retry", "slack refused chat.postMessage: channel_not_found");
};
export const blocksInvalid = (): never => {
  throw new GuardError("SLACK_REFUSED", "dead-letter", "slack refused chat.postMessage: invalid_blocks");
};

/** The lines of the sections of plain text. */
export function linesOf({ blocks }: SlackMessage): string[] {
  const texts = blocks.flatMap((block) => (block.type === "section" && "text" in block ? [block.text] : []));
  return texts.flatMap((text) => (text.type === "plain_text" ? text.text.split("\n") : []));
}
