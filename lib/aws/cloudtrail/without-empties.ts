/** No record of AWS nests half as deep: what lies deeper is left out, so that no later step can run out of stack. */
const maxDepth = 32;

/**
 * Returns parsed JSON without the members that hold nothing: null, `""`, `{}`, `[]`, and objects or lists of nothing else. CloudTrail leaves
 * such members out or writes them empty, and other log shippers write null; all of them mean the same. Undefined when nothing is left.
 */
export function withoutEmpties(json: unknown): unknown {
  return kept(json, maxDepth);
}

function kept(value: unknown, depth: number): unknown {
  if (value === null || value === "") return undefined;
  if (typeof value !== "object") return value;
  if (depth === 0) return undefined;
  if (Array.isArray(value)) {
    const items = value.map((item) => kept(item, depth - 1)).filter((item) => item !== undefined);
    return items.length === 0 ? undefined : items;
  }
  const members = Object.entries(value)
    .map(([name, member]) => [name, kept(member, depth - 1)] as const)
    .filter(([, member]) => member !== undefined);
  return members.length === 0 ? undefined : Object.fromEntries(members);
}
