import type { CallbackAnswer, Tamper } from "./callback.ts";
import { ManualActions } from "./manual-actions.ts";
import { type Ephemeral, MessageBoard, type SlackMessage } from "./message-board.ts";
import type { ModalView } from "./modal-limits.ts";
import { OpenModals } from "./open-modals.ts";
import type { SlackFault } from "./slack-fault.ts";
import type { Surroundings, WorkspaceOptions } from "./surroundings.ts";
import { Triggers } from "./triggers.ts";
import { WebApi } from "./web-api.ts";
import { WorkspaceServer } from "./workspace-server.ts";
import { type WorkspaceView, workspaceView } from "./workspace-view.ts";

export type { CallbackAnswer, Tamper } from "./callback.ts";
export type { Ephemeral, SlackMessage } from "./message-board.ts";
export type { WorkspaceOptions } from "./surroundings.ts";

/** A Slack workspace in memory: its API as an app calls it, its people as they press buttons, and all of it to look at. */
export class SlackWorkspace {
  fault: SlackFault = "up";
  /** What happens to the next request, while `fault` is `up`; asked once per request. */
  plan: () => SlackFault = () => "up";
  readonly #around: Surroundings;
  readonly #manualActions: ManualActions;
  readonly #api: WebApi;
  readonly #server: WorkspaceServer;
  readonly #listeners: (() => void)[] = [];
  #address = "";

  constructor(options: WorkspaceOptions) {
    const changed = () => this.#changed();
    this.#around = {
      ...options,
      board: new MessageBoard(options.now, changed),
      modals: new OpenModals(changed),
      triggers: new Triggers(options.now),
      address: () => this.#address,
    };
    this.#manualActions = new ManualActions(this.#around);
    this.#api = new WebApi(this.#around);
    this.#server = new WorkspaceServer({
      fault: () => (this.fault === "up" ? this.plan() : this.fault),
      api: (method, authorization, body) => this.answer(method, authorization, body),
    });
  }

  /** Answers one call of the API in process, whatever `fault` says: `method` as in `chat.postMessage`, `body` in JSON. */
  answer(method: string, authorization: string | undefined, body: string): object {
    return this.#api.call(method, authorization, body);
  }

  /** Messages and replies, in the order in which they were posted. */
  get messages(): readonly SlackMessage[] {
    return this.#around.board.messages;
  }

  get ephemerals(): readonly Ephemeral[] {
    return this.#around.board.whispers.map(({ channel, user, text }) => ({ channel, user, text }));
  }

  /** The open ones, oldest first. */
  get modals(): readonly { readonly id: string; readonly user: string; readonly view: ModalView }[] {
    return this.#around.modals.all.map(({ id, user, view }) => ({ id, user, view }));
  }

  /** Listens on 127.0.0.1; answers the address of the API below `/api`. Throws a PortInUseError. */
  async listen(port: number): Promise<string> {
    this.#address = await this.#server.listen(port);
    return this.#address;
  }

  async close(): Promise<void> {
    await this.#server.close();
  }

  /** All that can be seen, for the person a page acts as. */
  get view(): WorkspaceView {
    return workspaceView(this.#around);
  }

  /** Calls `listener` after every change. */
  observe(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Someone presses a button. Throws a NothingThereError. */
  async click(
    user: string,
    channel: string,
    ts: string,
    actionId: string,
    tamper: Tamper = {},
  ): Promise<CallbackAnswer> {
    return await this.#manualActions.click(user, channel, ts, actionId, tamper);
  }

  /** Someone answers a dialog; `values` by `action_id`, sent as they are. Throws a NothingThereError. */
  async submit(
    user: string,
    viewId: string,
    values: Record<string, string>,
    tamper: Tamper = {},
  ): Promise<CallbackAnswer> {
    return await this.#manualActions.submit(user, viewId, values, tamper);
  }

  /** Someone closes a dialog unanswered. Throws a NothingThereError. */
  async dismiss(user: string, viewId: string): Promise<void> {
    await this.#manualActions.dismiss(user, viewId);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
