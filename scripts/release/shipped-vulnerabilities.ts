import * as v from "valibot";

const reportSchema = v.object({
  auditReportVersion: v.number(),
  vulnerabilities: v.record(
    v.string(),
    v.object({ severity: v.string(), range: v.string(), nodes: v.array(v.string()) }),
  ),
});

/**
 * Returns a line for each package in a report of `npm audit --json` that is part of a bundle (`shipped`: names), or undefined for a text that is
 * no report. Every dependency is a development dependency here, so npm itself cannot tell what is shipped.
 */
export function shippedVulnerabilities(text: string, shipped: ReadonlySet<string>): readonly string[] | undefined {
  const parsed = v.safeParse(reportSchema, jsonOf(text));
  if (!parsed.success) return undefined;
  return Object.entries(parsed.output.vulnerabilities)
    .filter(([name]) => shipped.has(name))
    .map(([name, { severity, range, nodes }]) => `${name} ${range}: ${severity} (${nodes.join(", ")})`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
