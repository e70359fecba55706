import type { Button } from "./block-limits.ts";
import type { SlackMessage } from "./message-board.ts";
import type { OpenModal } from "./open-modals.ts";

/** Whose workspace it is, as payloads and answers name it. */
export interface Identity {
  readonly teamId: string;
  readonly appId: string;
}

export const botUser = "U0REPRIEVE";
export const bot = "B0REPRIEVE";
export const domain = "local-world";

/** A message as Slack's API and payloads show it. */
export function messageObject(message: SlackMessage, { teamId, appId }: Identity): object {
  const { ts, threadTs, text, blocks, edited, metadata } = message;
  return {
    type: "message",
    user: botUser,
    bot_id: bot,
    app_id: appId,
    team: teamId,
    ts,
    text,
    blocks,
    ...(threadTs !== undefined && { thread_ts: threadTs }),
    ...(edited > 0 && { edited: { user: botUser, ts: `${ts.split(".")[0]}.000000` } }),
    ...(metadata !== undefined && { metadata }),
  };
}

/** A modal as Slack's API and payloads show it; `values` by the `action_id` of its inputs. */
export function viewObject(modal: OpenModal, { teamId, appId }: Identity, values: Record<string, string>): object {
  const { id, view, hash } = modal;
  return {
    id,
    team_id: teamId,
    ...view,
    private_metadata: view.private_metadata ?? "",
    callback_id: view.callback_id ?? "",
    external_id: view.external_id ?? "",
    clear_on_close: view.clear_on_close ?? false,
    notify_on_close: view.notify_on_close ?? false,
    submit: view.submit ?? null,
    close: view.close ?? null,
    state: { values: stateValues(modal, values) },
    hash,
    previous_view_id: null,
    root_view_id: id,
    app_id: appId,
    app_installed_team_id: teamId,
    bot_id: bot,
  };
}

/** A field left empty has the value null. */
function stateValues({ view }: OpenModal, values: Record<string, string>): object {
  const inputs = view.blocks.flatMap((block) => (block.type === "input" ? [block] : []));
  return Object.fromEntries(
    inputs.map(({ block_id = "", element: { type, action_id = "" } }) => [
      block_id,
      { [action_id]: { type, value: values[action_id] || null } },
    ]),
  );
}

/** A pressed button as `block_actions` names it. */
export function actionObject(button: Button, blockId: string, now: number): object {
  const { action_id, text, value, style } = button;
  return {
    type: "button",
    action_id,
    block_id: blockId,
    text,
    ...(value !== undefined && { value }),
    ...(style !== undefined && { style }),
    action_ts: (now / 1000).toFixed(6),
  };
}
