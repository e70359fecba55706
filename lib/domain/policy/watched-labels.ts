import type { KnownKey } from "../key/payment-key.ts";
import type { Condition } from "./condition.ts";
import type { Facts } from "./decision.ts";
import type { Policy } from "./policy.ts";

type Rules = Pick<Policy, "rules">;

/** Returns whether a rule of the policy reads aliases. */
export function watchesAliases({ rules }: Rules): boolean {
  return rules.some(({ conditions }) => conditions.some(({ label }) => label?.is === "aliases"));
}

/** Returns the names of all tags that the policy reads. */
export function watchedTags({ rules }: Rules): readonly string[] {
  return [...new Set(rules.flatMap(({ conditions }) => conditions.flatMap(tagOf)))];
}

/**
 * Returns the names of the tags that can matter to `key` with these `aliases`: those of rules of which nothing else fails. A key that gets other
 * aliases later waits for its tags from then on, as it waits for the aliases.
 */
export function tagsThatMatter({ rules }: Rules, key: KnownKey, aliases: readonly string[]): readonly string[] {
  const facts: Facts = { key, aliases, labelAge: "assumed-old" };
  const open = rules.filter(({ conditions }) =>
    conditions.every(({ needs, test }) => (needs !== undefined && facts[needs] === undefined) || test(facts) !== "no"),
  );
  return watchedTags({ rules: open });
}

function tagOf({ label }: Condition): readonly string[] {
  return label === undefined || label.is === "aliases" ? [] : [label.is.tag];
}
