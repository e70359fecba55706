import type { Statement } from "./chronicle.ts";
import { type SlackWorkspace, slackSettings } from "./local.ts";
import type { PersonName } from "./plan.ts";

type Heard = Statement["heard"];

/** What people see and press in Slack. */
export class SlackPeople {
  readonly #slack: SlackWorkspace;

  constructor(slack: SlackWorkspace) {
    this.#slack = slack;
  }

  /** The newest message about a key in the custodians' channel. */
  message(keyArn: string): { readonly ts: string; readonly text: string } | undefined {
    const { messages } = this.#slack;
    for (let n = messages.length - 1; n >= 0; n--) {
      const message = messages[n];
      if (message?.channel !== slackSettings.slackChannel || message.threadTs !== undefined) continue;
      const text = JSON.stringify(message.blocks);
      if (text.includes(keyArn)) return { ts: message.ts, text };
    }
    return undefined;
  }

  /** Whether people are offered to approve the deletion of a key. */
  isAsked(keyArn: string): boolean {
    return this.message(keyArn)?.text.includes('"approve"') ?? false;
  }

  /** Presses a button of the key's message, and answers the dialog where there is one. */
  async vote(by: PersonName, keyArn: string, choice: "keep" | "approve"): Promise<Heard> {
    const user = `U0${by.toUpperCase()}`;
    const { ts, text } = this.message(keyArn) ?? { ts: "", text: "" };
    if (!text.includes(`"${choice}"`)) return "refused";
    const whispers = this.#slack.ephemerals.length;
    const { status } = await this.#slack.click(user, slackSettings.slackChannel, ts, choice);
    if (choice === "keep") return status === 200 && this.#slack.ephemerals.length === whispers ? "accepted" : "unknown";
    const dialog = this.#slack.modals.findLast((modal) => modal.user === user);
    if (dialog === undefined) return "refused";
    const answer = await this.#slack.submit(user, dialog.id, { reason: "CHG-1234: product retired" });
    if (this.#slack.modals.some(({ id }) => id === dialog.id)) await this.#slack.dismiss(user, dialog.id);
    if (answer.status !== 200) return "unknown";
    return answer.body === "" ? "accepted" : "refused";
  }
}
