import { type Names, type Span, spansOf } from "./mrkdwn-spans.ts";
import { domain } from "./slack-objects.ts";
import type { Member, Surroundings } from "./surroundings.ts";

/** One thing said, as a page lists it. */
export interface SaidItem {
  readonly channel: string;
  readonly ts: string;
  /** The thread it stands in: its own time, if it begins one. */
  readonly thread: string;
  readonly edited: boolean;
  readonly text: readonly Span[];
  readonly blocks: unknown;
  /** Nobody else sees it. */
  readonly onlyFor?: string;
}

/** An open dialog, its texts as spans. */
export interface ShownModal {
  readonly id: string;
  readonly user: string;
  readonly hash: string;
  readonly errors: Readonly<Record<string, string>>;
  readonly view: unknown;
}

/** Everything that a page shows, for the person it acts as. */
export interface WorkspaceView {
  readonly team: string;
  readonly members: readonly Member[];
  readonly channels: readonly Member[];
  readonly items: readonly SaidItem[];
  readonly modals: readonly ShownModal[];
}

/** What there is to see in the workspace. Threads stand together; all texts are spans. */
export function workspaceView({ board, modals, members, channels }: Surroundings): WorkspaceView {
  const names: Names = new Map([
    ...members.map(({ id, name }) => [id, `@${name}`] as const),
    ...channels.map(({ id, name }) => [id, `#${name}`] as const),
  ]);
  const posted = board.messages.map(
    ({ channel, ts, threadTs = ts, edited, text, blocks }): SaidItem => ({
      channel,
      ts,
      thread: threadTs,
      edited: edited > 0,
      text: spansOf(text, names),
      blocks: withSpans(blocks, names),
    }),
  );
  const whispered = board.whispers.map(
    ({ channel, ts, user, text }): SaidItem => ({
      channel,
      ts,
      thread: ts,
      edited: false,
      text: spansOf(text, names),
      blocks: [],
      onlyFor: user,
    }),
  );
  return {
    team: domain,
    members,
    channels,
    items: [...posted, ...whispered].sort((one, other) => order(one.thread, other.thread) || order(one.ts, other.ts)),
    modals: modals.all.map(({ id, user, hash, errors, view }) => ({
      id,
      user,
      hash,
      errors,
      view: withSpans(view, names),
    })),
  };
}

function order(one: string, other: string): number {
  return one === other ? 0 : Number(one) < Number(other) ? -1 : 1;
}

/** The same value, each of Slack's text objects with its spans. */
function withSpans(value: unknown, names: Names): unknown {
  if (Array.isArray(value)) return value.map((one) => withSpans(one, names));
  if (typeof value !== "object" || value === null) return value;
  const { type, text } = value as { type?: unknown; text?: unknown };
  if (type === "mrkdwn" && typeof text === "string") return { ...value, spans: spansOf(text, names) };
  if (type === "plain_text" && typeof text === "string") return { ...value, spans: [{ text, marks: [] }] };
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, withSpans(held, names)]));
}
