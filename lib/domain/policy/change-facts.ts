import type { ChangeFacts } from "../operations/operation.ts";
import { isUndoing } from "./change-outcome.ts";
import type { Facts } from "./decision.ts";
import { aliasesIn, type KeyLabels } from "./label-age.ts";
import type { Policy } from "./policy.ts";

/** Returns whether a rule about `operation` undoes it. */
export function mayRevert({ changeRules }: Pick<Policy, "changeRules">, operation: string): boolean {
  return changeRules.some(({ operations, outcome }) => isUndoing(outcome) && operations.has(operation));
}

/** Returns whether a rule about `operation` reads attributes of the key. */
export function readsKey({ changeRules }: Pick<Policy, "changeRules">, operation: string): boolean {
  return changeRules.some(
    ({ operations, conditions }) =>
      operations.has(operation) &&
      conditions.some(({ name, label }) => name.startsWith("key.") && name !== "key.arn" && label === undefined),
  );
}

/** Returns whether a rule about `operation` reads labels. */
export function readsLabels({ changeRules }: Pick<Policy, "changeRules">, operation: string): boolean {
  return changeRules.some(
    ({ operations, conditions }) => operations.has(operation) && conditions.some(({ label }) => label !== undefined),
  );
}

/**
 * Returns the labels of a key as the inventory has seen them, for rules about a change at `at` (ms): what the change itself made of them never speaks
 * for it. `seen`: undefined for a key that the inventory has not seen.
 */
export function labelFacts(
  seen: KeyLabels | "unreadable" | undefined,
  at: number,
  now: number,
): Pick<Facts, "tags" | "aliases" | "labelAge"> {
  if (seen === undefined || seen === "unreadable")
    return { tags: "unreadable", aliases: "unreadable", labelAge: seen ?? "not-seen" };
  const tags = Object.entries(seen.tags).flatMap(([name, { state }]) =>
    state.startsWith("=") ? [[name, state.slice(1)] as const] : [],
  );
  const aliases = seen.aliases && aliasesIn(seen.aliases.state);
  return {
    tags: Object.fromEntries(tags),
    aliases: aliases ?? "unreadable",
    labelAge: { now, deletedAt: at, seen },
  };
}

/** Returns whether the rules about deletions read one of the labels that changed: then the policy may decide otherwise about the key. */
export function mayDecideOtherwise({ rules }: Pick<Policy, "rules">, { tag = [], alias = [] }: ChangeFacts): boolean {
  return rules.some(({ conditions }) =>
    conditions.some(({ label }) => {
      if (label === undefined) return false;
      return label.is === "aliases" ? alias.length > 0 : tag.includes(label.is.tag);
    }),
  );
}
