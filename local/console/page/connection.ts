import type {
  Acting,
  Change,
  ClockPart,
  KeyPart,
  LinePart,
  Parts,
  PolicyPart,
  RecordPart,
  WorldPart,
} from "../parts.ts";

/** All that the page knows, put together from what the server has told so far. */
export interface State {
  readonly live: boolean;
  readonly world?: WorldPart;
  readonly clock?: ClockPart;
  readonly policy?: PolicyPart;
  readonly slack?: Parts["slack"];
  readonly keys: readonly KeyPart[];
  /** The newest first. */
  readonly cases: readonly RecordPart[];
  /** The newest first. */
  readonly changes: readonly RecordPart[];
  /** The oldest first, each with its number. */
  readonly lines: readonly (LinePart & { readonly lineNumber: string })[];
}

const parts = new Map<string, unknown>();

/** Calls `draw` with the state whenever it changes, as a tab that acts as someone sees it. Ends with the returned function. */
export function listen({ person, days }: Acting, draw: (state: State) => void): () => void {
  const query = new URLSearchParams({ as: person, days: String(days) });
  const events = new EventSource(`/events?${query}`);
  let live = false;
  const show = () => draw(stateOf(live));
  events.addEventListener("open", () => {
    // A new connection is sent everything again.
    parts.clear();
    live = true;
  });
  events.addEventListener("error", () => {
    live = false;
    show();
  });
  events.addEventListener("message", ({ data }) => {
    const { set, gone } = JSON.parse(String(data)) as Change;
    for (const [name, part] of Object.entries(set)) parts.set(name, part);
    for (const name of gone) parts.delete(name);
    show();
  });
  return () => events.close();
}

function stateOf(live: boolean): State {
  const under = <Part>(prefix: string) =>
    [...parts].flatMap(([name, part]) => (name.startsWith(prefix) ? [part as Part] : []));
  const lines = [...parts]
    .filter(([name]) => name.startsWith("line/"))
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  return {
    ...(Object.fromEntries(
      ["world", "clock", "policy", "slack"].flatMap((name) => (parts.has(name) ? [[name, parts.get(name)]] : [])),
    ) as Partial<State>),
    live,
    keys: under<KeyPart>("key/"),
    cases: under<RecordPart>("case/").toSorted(newestFirst),
    changes: under<RecordPart>("change/").toSorted(newestFirst),
    lines: lines.map(([lineNumber, line]) => ({ ...(line as LinePart), lineNumber })),
  };
}

function newestFirst(one: RecordPart, other: RecordPart): number {
  return other.row.at - one.row.at || (one.name < other.name ? 1 : -1);
}

/** Does something in the world; answers why it did not come about, if it did not. */
export async function act(name: string, given: object = {}): Promise<string | undefined> {
  try {
    const answer = await fetch(`/act/${name}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(given),
    });
    const { trouble, app } = (await answer.json()) as { trouble?: string; app?: number };
    return trouble ?? (app === undefined || app === 200 ? undefined : "We had some trouble connecting. Try again?");
  } catch {
    return "the local world cannot be reached: is npm start still running?";
  }
}
