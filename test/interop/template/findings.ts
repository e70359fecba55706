import type { Check } from "../part.ts";

/** One rule of a linter that one resource of the template breaks. */
export interface Finding {
  readonly tool: string;
  readonly rule: string;
  readonly resource: string;
}

/** Returns the findings of the page's table. */
export function documentedFindings(page: string): readonly Finding[] {
  const rows = page.matchAll(/^\| (cfn-lint|checkov) \| (\w+) \([^|]+\) \| ([^|]+) \| [^|]+ \|$/gm);
  return [...rows].flatMap(([, tool = "", rule = "", resources = ""]) =>
    resources.split(", ").map((resource) => ({ tool, rule, resource })),
  );
}

/** Returns two checks: nothing was found that is not documented, and nothing is documented that was not found. */
export function comparedFindings(found: readonly Finding[], documented: readonly Finding[]): readonly Check[] {
  const [ours, theirs] = [new Set(documented.map(nameOf)), new Set(found.map(nameOf))];
  const fresh = [...theirs].filter((name) => !ours.has(name));
  const stale = [...ours].filter((name) => !theirs.has(name));
  return [
    { name: "the linters ran and found something", holds: theirs.size > 0, found: `${theirs.size} findings` },
    { name: "every finding is documented", holds: fresh.length === 0, found: fresh.join(", ") || "none is not" },
    { name: "every documented finding is found", holds: stale.length === 0, found: stale.join(", ") || "none is not" },
  ];
}

function nameOf({ tool, rule, resource }: Finding): string {
  return `${tool} ${rule} ${resource}`;
}
