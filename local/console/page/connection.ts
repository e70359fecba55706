import type {
  CasePart,
  Change,
  ChangePart,
  ClockPart,
  KeyPart,
  LinePart,
  Parts,
  PolicyPart,
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
  readonly cases: readonly CasePart[];
  /** The newest first. */
  readonly changes: readonly ChangePart[];
  /** The oldest first, each with its number. */
  readonly lines: readonly (LinePart & { readonly lineNumber: string })[];
}

const parts = new Map<string, unknown>();

/** Calls `draw` with the state whenever it changes. */
export function listen(draw: (state: State) => void): void {
  const events = new EventSource("/events");
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
    cases: under<CasePart>("case/").toSorted(
      (one, other) => other.openedAt - one.openedAt || (one.name < other.name ? 1 : -1),
    ),
    changes: under<ChangePart>("change/").toSorted((one, other) => other.changedAt - one.changedAt),
    lines: lines.map(([lineNumber, line]) => ({ ...(line as LinePart), lineNumber })),
  };
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
