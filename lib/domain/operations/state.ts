/** What one subject looked like, as plain JSON; `null` stands for what is not there. */
export type State = string | null | readonly State[] | { readonly [name: string]: State };

/** Returns `state` as text with its members sorted: equal states have equal texts. */
export function stateText(state: State): string {
  return JSON.stringify(sorted(state));
}

/** Returns whether two states are the same. */
export function isSameState(one: State, other: State): boolean {
  return stateText(one) === stateText(other);
}

function sorted(state: State): State {
  if (state === null || typeof state === "string") return state;
  if (Array.isArray(state)) return state.map(sorted);
  const members = Object.entries(state as Readonly<Record<string, State>>).map(
    ([name, value]) => [name, sorted(value)] as const,
  );
  return Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)));
}
