/** What one subject looked like, as plain JSON; `null` stands for what is not there. */
export type State = string | null | readonly State[] | { readonly [name: string]: State };

/** States are nested at most this deep: a resource policy has five levels. */
const maxDepth = 16;

/** Returns whether `value` is a state. */
export function isState(value: unknown, depth = 0): value is State {
  if (value === null || typeof value === "string") return true;
  if (typeof value !== "object" || depth >= maxDepth) return false;
  return Object.values(value).every((inner) => isState(inner, depth + 1));
}

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
