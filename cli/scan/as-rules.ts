import { keyArnParts } from "../../lib/domain/key/key-arn.ts";
import { printableText } from "../../lib/domain/printable-text.ts";
import type { PendingKey } from "./scan.ts";

/**
 * Returns rules that allow the deletions pending today, for review in git. Add them before the policy enforces for the first time: the first
 * sweep under `enforce` restores every pending key that no rule allows. `at` is now (ms).
 */
export function asRules(keys: readonly PendingKey[], at: number): string {
  const today = new Date(at).toISOString().slice(0, 10);
  const head = [
    `# Keys that were pending deletion on ${today}. Read each: anyone who puts one of these rules into the policy lets the key die.`,
    "# They stand above all other rules. Take each out once its key is gone.",
  ];
  return [...head, ...keys.flatMap((key) => ruleOf(key, today))].join("\n");
}

function ruleOf({ arn, usage, deletePendingAt, aliases, requester, deletedAt }: PendingKey, today: string): string[] {
  const requesterText = requester === undefined ? "a requester unknown to CloudTrail" : printableText(requester, 200);
  const when = deletedAt === undefined ? "" : ` on ${new Date(deletedAt).toISOString().slice(0, 10)}`;
  const named = aliases.length === 0 ? "" : `, ${printableText(aliases.join(", "), 200)}`;
  const id = `pending-${today}-${keyArnParts(arn).keyId}`
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, "-")
    .slice(0, 64);
  return [
    `  - id: ${id}`,
    `    # ${printableText(usage, 60)}${named}; deleted by ${requesterText}${when}, gone on ${new Date(deletePendingAt).toISOString().slice(0, 10)}`,
    `    when: { key: { arn: ${JSON.stringify(arn)} } }`,
    "    then: allow",
  ];
}
