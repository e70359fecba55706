import * as v from "valibot";
import { GuardError } from "../domain/guard-error.ts";
import { maxFieldBytes } from "../domain/ledger/bounded-values.ts";
import { type CaseName, caseNameFrom } from "../domain/ledger/case-name.ts";
import { type ChangeName, changeNameFrom } from "../domain/ledger/change-name.ts";
import { type ChangePermitName, changePermitNameFrom } from "../domain/ledger/change-permit-name.ts";
import { wellFormed } from "../domain/well-formed.ts";
import { type ChangeActionId, type ChangeDialog, changeActionIds } from "./change-controls.ts";
import { actionIds, modalId, reasonField } from "./controls.ts";

/** What someone did in Slack. */
export type Interaction =
  | { readonly kind: "keep"; readonly by: Clicker; readonly name: CaseName; readonly id: string }
  | { readonly kind: "start-usage"; readonly by: Clicker; readonly name: CaseName; readonly id: string }
  /** Wants to approve: is asked for a reason in a dialog first. */
  | { readonly kind: "open-dialog"; readonly by: Clicker; readonly name: CaseName; readonly triggerId: string }
  | {
      readonly kind: "approve";
      readonly by: Clicker;
      readonly name: CaseName;
      readonly id: string;
      readonly reason: string;
    }
  /** Wants to approve a change, or have a key started: is asked for a reason in a dialog first. */
  | {
      readonly kind: "open-change-dialog";
      readonly dialog: ChangeDialog;
      readonly name: string;
      readonly triggerId: string;
    }
  | { readonly kind: "approve-change"; readonly by: Clicker; readonly name: ChangePermitName; readonly reason: string }
  | { readonly kind: "refuse-change"; readonly by: Clicker; readonly name: ChangePermitName }
  | { readonly kind: "start-key"; readonly by: Clicker; readonly name: ChangeName; readonly reason: string }
  /** A link was followed, or a dialog closed: nothing to do. */
  | { readonly kind: "nothing" };

export interface Clicker {
  readonly userId: string;
  /** Where to answer that person alone; a dialog belongs to no channel. */
  readonly channel?: string;
}

/** The workspace and the app that this stack belongs to: a signature of our app in someone else's workspace counts for nothing. */
export interface Workspace {
  readonly teamId: string;
  readonly appId: string;
}

const slackId = v.pipe(v.string(), v.regex(/^[A-Z0-9]{2,24}$/));
const short = v.pipe(v.string(), v.maxLength(300));
const common = {
  /** `null` where the app is installed for a whole Enterprise Grid: then the user names the workspace. */
  team: v.nullable(v.object({ id: slackId })),
  user: v.object({ id: slackId, team_id: v.optional(slackId) }),
  api_app_id: slackId,
};

const payloadSchema = v.variant("type", [
  v.object({
    type: v.literal("block_actions"),
    ...common,
    trigger_id: short,
    channel: v.optional(v.object({ id: slackId })),
    actions: v.pipe(
      v.array(v.object({ action_id: short, value: v.optional(v.pipe(v.string(), v.maxLength(2000))) })),
      v.minLength(1),
      v.maxLength(25),
    ),
  }),
  v.object({
    type: v.literal("view_submission"),
    ...common,
    view: v.object({
      id: short,
      callback_id: short,
      private_metadata: v.pipe(v.string(), v.maxLength(3000)),
      state: v.object({
        values: v.record(v.string(), v.record(v.string(), v.object({ value: v.optional(v.nullable(v.string())) }))),
      }),
    }),
  }),
  v.object({ type: v.literal("view_closed"), ...common }),
]);

type Payload = v.InferOutput<typeof payloadSchema>;

/** Longest reason (characters) that Slack's own field takes. */
export const maxReason = 500;

/**
 * A verified callback as what someone did. Throws CALLBACK_MALFORMED for what Slack would not send, WORKSPACE_FOREIGN for another
 * team or app. `body` has been verified before: Slack signed it, but what its fields hold is still anyone's.
 */
export function parseInteraction(body: Uint8Array, workspace: Workspace): Interaction {
  const parsed = v.safeParse(payloadSchema, payloadOf(body));
  if (!parsed.success) throw malformed();
  const payload = parsed.output;
  const teamId = payload.team === null ? payload.user.team_id : payload.team.id;
  if (teamId !== workspace.teamId || payload.api_app_id !== workspace.appId)
    throw new GuardError("WORKSPACE_FOREIGN", "reject", "the callback is from another workspace or app");
  switch (payload.type) {
    case "block_actions":
      return clicked(payload);
    case "view_submission":
      return submitted(payload);
    case "view_closed":
      return { kind: "nothing" };
  }
}

function payloadOf(body: Uint8Array): unknown {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(body);
    return JSON.parse(new URLSearchParams(text).get("payload") ?? "");
  } catch {
    throw malformed();
  }
}

function clicked({ actions, user, channel, trigger_id }: Extract<Payload, { type: "block_actions" }>): Interaction {
  const [action] = actions;
  const by = { userId: user.id, ...(channel && { channel: channel.id }) };
  const ofChange = changeActionIds.find((id) => id === action?.action_id);
  if (ofChange !== undefined) return clickedChange(ofChange, action?.value ?? "", by, trigger_id);
  const kind = actionIds.find((id) => id === action?.action_id);
  if (kind === undefined) return { kind: "nothing" };
  const name = caseNamed(action?.value);
  if (kind === "approve") return { kind: "open-dialog", by, name, triggerId: trigger_id };
  // INVARIANT: each press has an id of its own: a later Keep renews the first, which a vote that is known already would not.
  return { kind, by, name, id: `${kind}:${user.id}:${trigger_id}` };
}

function submitted({ view, user }: Extract<Payload, { type: "view_submission" }>): Interaction {
  const reason = wellFormed(view.state.values[reasonField]?.[reasonField]?.value ?? "", maxFieldBytes);
  const by = { userId: user.id };
  const { callback_id: dialog, private_metadata: name } = view;
  if (dialog === "approve-change") return { kind: dialog, by, name: permitNamed(name), reason };
  if (dialog === "start-key") return { kind: dialog, by, name: changeNamed(name), reason };
  if (dialog !== modalId) throw malformed();
  return {
    kind: "approve",
    ...{ by, reason },
    name: caseNamed(name),
    id: `view:${view.id}`,
  };
}

function clickedChange(action: ChangeActionId, name: string, by: Clicker, triggerId: string): Interaction {
  if (action === "refuse-change") return { kind: action, by, name: permitNamed(name) };
  // Checked here, so that no dialog is opened about what cannot be recorded.
  if (action === "approve-change") permitNamed(name);
  else changeNamed(name);
  return { kind: "open-change-dialog", dialog: action, name, triggerId };
}

function permitNamed(text: string): ChangePermitName {
  const name = changePermitNameFrom(text);
  if (name === undefined) throw malformed();
  return name;
}

function changeNamed(text: string): ChangeName {
  const name = changeNameFrom(text);
  if (name === undefined) throw malformed();
  return name;
}

function caseNamed(text: string | undefined): CaseName {
  const name = caseNameFrom(text ?? "");
  if (name === undefined) throw malformed();
  return name;
}

function malformed(): GuardError {
  return new GuardError("CALLBACK_MALFORMED", "reject", "the callback is not one that this app's messages send");
}
