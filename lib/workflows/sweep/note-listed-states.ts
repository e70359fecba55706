import { revertOf } from "../../domain/operations/registry.ts";
import type { InventoriedKey } from "../ports/guard.ts";
import type { ListedAlias } from "../ports/sweep.ts";
import { type SeenState, type StateNoting, sawState } from "./saw-state.ts";

/** What the lists of one inventory showed. */
export interface Listed {
  readonly keys: readonly InventoriedKey[];
  /** Undefined where they could not be listed. */
  readonly aliases: readonly ListedAlias[] | undefined;
  /** The names that keys had by the inventory before. */
  readonly namesBefore: ReadonlySet<string>;
  /** When the listing began, ms since the epoch. */
  readonly at: number;
}

type ListedState = Omit<SeenState, "at">;

/** How many states are compared at the same time. */
const concurrent = 10;

/** Keeps which keys can be used, and to which key each alias points, as far as there is time. Returns whether something is left. */
export async function noteListedStates(
  noting: StateNoting,
  { keys, aliases, namesBefore, at }: Listed,
  hasTime: () => boolean,
): Promise<{ readonly left: boolean }> {
  const seen = [...usages(keys), ...(aliases === undefined ? [] : targets(aliases, namesBefore))];
  for (let n = 0; n < seen.length; n += concurrent) {
    if (!hasTime()) return { left: true };
    await Promise.all(seen.slice(n, n + concurrent).map(async (state) => await sawState(noting, { ...state, at })));
  }
  return { left: false };
}

/** INVARIANT: of keys that are alive only. The case of a key that is being deleted records whether it can be used. */
function usages(keys: readonly InventoriedKey[]): readonly ListedState[] {
  return keys.flatMap(({ arn, alive, enabled }) => {
    if (!alive) return [];
    return [{ aspect: "usage", subject: { kind: "key", keyArn: arn }, state: enabled ? "enabled" : "stopped" }];
  });
}

function targets(aliases: readonly ListedAlias[], namesBefore: ReadonlySet<string>): readonly ListedState[] {
  const listed = new Set(aliases.map(({ alias }) => alias));
  const present = aliases.flatMap(({ alias, target }) => {
    const answer = { Alias: { AliasName: alias, ...(target !== undefined && { KeyArn: target }) } };
    return targetOf(alias, { answer });
  });
  const gone = [...namesBefore].filter((alias) => !listed.has(alias));
  return [...present, ...gone.flatMap((alias) => targetOf(alias, { error: "ResourceNotFoundException" }))];
}

function targetOf(alias: string, shown: Parameters<StateIn>[0]): readonly ListedState[] {
  const state = revertOf("alias")?.stateIn(shown);
  return state === undefined ? [] : [{ aspect: "alias", subject: { kind: "alias", alias }, state }];
}

type StateIn = NonNullable<ReturnType<typeof revertOf>>["stateIn"];
