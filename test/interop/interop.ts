/**
 * Confronts the product with independent software, and ends with a table. Needs python3 with venv and pip, Java with Maven, PyPI and Maven Central;
 * a part that cannot be installed fails.
 *   npm run test:interop [-- --only PART]
 */
import { parseArgs } from "node:util";
import pc from "picocolors";
import { optionsOrUsage } from "../../scripts/options.ts";
import type { Outcome, Part } from "./part.ts";
import { parts } from "./parts.ts";

const usage = `usage: npm run test:interop [-- --only PART]...

  --only PART   run this part only; may be repeated: ${parts.map(({ name }) => name).join(", ")}

The software is installed once, into ~/.cache/reprieve-interop or REPRIEVE_INTEROP_CACHE.`;

const chosen = optionsOrUsage(usage, chosenParts);
const results: { part: Part; outcome: Outcome }[] = [];
for (const part of chosen) {
  console.log(pc.bold(`\n${part.name}: ${part.software}`));
  const outcome = await part.run().catch(failed);
  for (const { name, holds, found } of outcome.checks)
    console.log(`  ${holds ? pc.green("✓") : pc.red("✗")} ${name}${found === undefined ? "" : `: ${found}`}`);
  results.push({ part, outcome });
}
process.exitCode = report() ? 0 : 1;

function chosenParts(): readonly Part[] | undefined {
  const { only = [] } = parseArgs({ options: { only: { type: "string", multiple: true } } }).values;
  if (!only.every((name) => parts.some((part) => part.name === name))) return undefined;
  return parts.filter(({ name }) => only.length === 0 || only.includes(name));
}

function failed(error: unknown): Outcome {
  const found = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { checks: [{ name: "the part ran", holds: false, found }], deviations: [] };
}

/** Prints one line per part; returns whether every check holds. */
function report(): boolean {
  console.log("\n| part | software | result | known deviations |\n| --- | --- | --- | --- |");
  for (const { part, outcome } of results) {
    const { checks, deviations } = outcome;
    const held = checks.filter(({ holds }) => holds).length;
    const result = `${held} of ${checks.length} checks hold`;
    console.log(`| ${part.name} | ${part.software} | ${result} | ${deviations.join(", ") || "none"} |`);
  }
  return results.every(({ outcome: { checks } }) => checks.length > 0 && checks.every(({ holds }) => holds));
}
