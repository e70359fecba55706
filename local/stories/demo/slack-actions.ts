import type { ChangeActionId, ChangeDialog } from "../../../lib/slack/change-controls.ts";
import type { CallbackAnswer, Tamper } from "../../slack/callback.ts";
import { slackSettings } from "../../slack/local-workspace.ts";
import type { World } from "../../world/world.ts";

const channel = slackSettings.slackChannel;

/** What people do in the local Slack: press the buttons of a key's message, and answer the dialog. */
export class SlackActions {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** The newest message about a key, or that names a chain, in the custodians' channel, as it reads now. */
  message(about: string): { readonly ts: string; readonly text: string } | undefined {
    const messages = this.#world.slack.messages.filter(
      (message) =>
        message.channel === channel && message.threadTs === undefined && JSON.stringify(message.blocks).includes(about),
    );
    const last = messages.at(-1);
    return last && { ts: last.ts, text: JSON.stringify(last.blocks) };
  }

  async press(
    person: string,
    about: string,
    action: "keep" | "approve" | ChangeActionId,
    tamper?: Tamper,
  ): Promise<CallbackAnswer> {
    const ts = this.message(about)?.ts ?? "";
    return await this.#world.slack.click(idOf(person), channel, ts, action, tamper);
  }

  /** Presses **Approve deletion** and gives a reason in the dialog. */
  async approve(person: string, keyArn: string, reason = "CHG-1234: product retired"): Promise<CallbackAnswer> {
    return await this.answer(person, keyArn, "approve", reason);
  }

  /** Presses a button that opens a dialog, and gives a reason there. */
  async answer(
    person: string,
    about: string,
    action: "approve" | ChangeDialog,
    reason: string,
  ): Promise<CallbackAnswer> {
    const { slack } = this.#world;
    const dialogOf = () => slack.modals.findLast(({ user }) => user === idOf(person));
    // A dialog opens within three seconds or not at all; on a busy machine a person presses again.
    for (let presses = 0; presses < 3 && dialogOf() === undefined; presses++) await this.press(person, about, action);
    return await slack.submit(idOf(person), dialogOf()?.id ?? "", { reason });
  }

  /** What `person` alone was notified of. */
  told(person: string): readonly string[] {
    return this.#world.slack.ephemerals.filter(({ user }) => user === idOf(person)).map(({ text }) => text);
  }
}

function idOf(person: string): string {
  return `U0${person.toUpperCase()}`;
}
