import type { SlackAccess } from "../../lib/slack/client.ts";

/** How a Slack under test answers. */
export type Fault = "up" | "rate-limited" | "error" | "refuse" | "hang";

/** A Slack under test, with the channel `C0KEYS` and the member `U0BOB`, whose bot has the token `xoxb-right`. */
export interface SlackUnderTest {
  readonly access: Pick<SlackAccess, "apiUrl" | "fetch">;
  fault(fault: Fault): void;
  /** Text and thread of every message, in order. */
  messages(): readonly { readonly text: string; readonly ts: string; readonly threadTs?: string }[];
  whispers(): readonly { readonly user: string; readonly text: string }[];
  stop(): Promise<void>;
}
