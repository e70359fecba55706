import type { MessageBoard } from "./message-board.ts";
import type { OpenModals } from "./open-modals.ts";
import type { Triggers } from "./triggers.ts";

/** Someone in the workspace. */
export interface Member {
  readonly id: string;
  readonly name: string;
}

export interface WorkspaceOptions {
  /** The world's time, in ms. */
  readonly now: () => number;
  readonly signingSecret: string;
  readonly botToken: string;
  readonly teamId: string;
  readonly appId: string;
  readonly members: readonly Member[];
  readonly channels: readonly { readonly id: string; readonly name: string }[];
  /** Where signed callbacks are posted. */
  readonly interactionsUrl: () => string;
  /** How long (real ms) an answer to a callback is waited for; 3 s where nothing is said, as in Slack. */
  readonly timeoutMs?: number;
  /** Posts the callbacks; the global `fetch` where absent. */
  readonly fetch?: typeof fetch;
}

/** What the parts of a workspace share. */
export interface Surroundings extends WorkspaceOptions {
  readonly board: MessageBoard;
  readonly modals: OpenModals;
  readonly triggers: Triggers;
  /** Where this workspace listens. */
  readonly address: () => string;
}
