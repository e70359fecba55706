import { type CallbackAnswer, sendCallback, slackTimeoutMs, type Tamper } from "./callback.ts";
import { buttonOf } from "./message-board.ts";
import type { OpenModal } from "./open-modals.ts";
import { actionObject, domain, messageObject, viewObject } from "./slack-objects.ts";
import { outcomeOf } from "./submission-answer.ts";
import type { Surroundings } from "./surroundings.ts";

/** Nobody can press this: there is no such person, message, button or dialog. */
export class NothingThereError extends Error {
  override readonly name = "NothingThereError";
}

const trouble = "We had some trouble connecting. Try again?";

/** What people do in the workspace: press, submit, close. Each tells the app, as Slack does. */
export class ManualActions {
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** Throws a NothingThereError. */
  async click(user: string, channel: string, ts: string, actionId: string, tamper: Tamper): Promise<CallbackAnswer> {
    const { board, channels, triggers, now, address } = this.#around;
    const message = board.find(channel, ts);
    const pressed = buttonOf(message?.blocks ?? [], actionId);
    if (!message || !pressed) throw new NothingThereError(`no button \`${actionId}\` in \`${channel}\` at \`${ts}\``);
    const payload = {
      type: "block_actions",
      ...this.#common(user),
      container: { type: "message", message_ts: ts, channel_id: channel, is_ephemeral: false },
      trigger_id: triggers.issue({ user, channel }),
      channel: { id: channel, name: channels.find(({ id }) => id === channel)?.name ?? "" },
      message: messageObject(message, this.#around),
      state: { values: {} },
      response_url: `${address()}/actions/unused`,
      actions: [actionObject(pressed.button, pressed.blockId, now())],
    };
    const answer = await this.#send(payload, tamper);
    if (answer.status !== 200) board.whisper(channel, user, trouble);
    return answer;
  }

  /** Throws a NothingThereError. */
  async submit(user: string, viewId: string, values: Record<string, string>, tamper: Tamper): Promise<CallbackAnswer> {
    const { modals, board, triggers } = this.#around;
    const modal = this.#modalOf(user, viewId);
    modals.printError(viewId, {});
    const payload = {
      type: "view_submission",
      ...this.#common(user),
      trigger_id: triggers.issue(modal),
      view: viewObject(modal, this.#around, values),
      response_urls: [],
    };
    const answer = await this.#send(payload, tamper);
    const outcome = outcomeOf(answer, modal.view);
    if (outcome.then === "close") modals.close(viewId);
    if (outcome.then === "printError") modals.printError(viewId, outcome.errors);
    if (outcome.then === "replace") modals.replace(viewId, outcome.view);
    if (outcome.then === "trouble") board.whisper(modal.channel, user, trouble);
    return answer;
  }

  /** Closes a dialog unanswered. Throws a NothingThereError. */
  async dismiss(user: string, viewId: string): Promise<void> {
    const modal = this.#modalOf(user, viewId);
    this.#around.modals.close(viewId);
    if (modal.view.notify_on_close !== true) return;
    const view = viewObject(modal, this.#around, {});
    await this.#send({ type: "view_closed", ...this.#common(user), view, is_cleared: false }, {});
  }

  #modalOf(user: string, viewId: string): OpenModal {
    const modal = this.#around.modals.find(viewId);
    if (modal?.user !== user) throw new NothingThereError(`\`${user}\` has no dialog \`${viewId}\``);
    return modal;
  }

  #common(user: string): object {
    const { teamId, appId, members } = this.#around;
    const member = members.find(({ id }) => id === user);
    if (member === undefined) throw new NothingThereError(`no member \`${user}\``);
    return {
      team: { id: teamId, domain },
      user: { id: user, username: member.name, name: member.name, team_id: teamId },
      api_app_id: appId,
      token: "unused",
      enterprise: null,
      is_enterprise_install: false,
    };
  }

  async #send(payload: object, tamper: Tamper): Promise<CallbackAnswer> {
    const { interactionsUrl, signingSecret: secret, now, timeoutMs = slackTimeoutMs } = this.#around;
    const target = { url: interactionsUrl(), secret, now: now(), timeoutMs, fetch: this.#around.fetch ?? fetch };
    return await sendCallback(payload, target, tamper);
  }
}
