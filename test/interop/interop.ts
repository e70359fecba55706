/**
 * Confronts the product with independent software, and ends with a table. Needs python3 with venv and pip, Java with Maven, Go, PyPI, Maven
 * Central and Go's module proxy; a part that cannot be installed fails.
 *   npm run test:interop [-- --only PART]
 */
import { parseArgs } from "node:util";
import pc from "picocolors";
import { quoted } from "../../lib/domain/printable-text.ts";
import { OptionError, optionsOrUsage } from "../../scripts/options.ts";
import { failedCheck, type Outcome, type Part } from "./part.ts";
import { parts } from "./parts.ts";

const usage = `usage: npm run test:interop [-- --only PART]...

  --only PART   run this part only; may be repeated: ${parts.map(({ name }) => name).join(", ")}

The software is installed once, into ~/.cache/reprieve-interop or REPRIEVE_INTEROP_CACHE.`;

// What a part started ends with this process: `exit` is not emitted for a signal that nothing handles.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const chosen = optionsOrUsage(usage, chosenParts);
const results: { part: Part; outcome: Outcome }[] = [];
for (const part of chosen) {
  console.log(pc.bold(`\n${part.name}: ${part.software}`));
  const outcome: Outcome = await part.run().catch((error) => ({ checks: [failedCheck(error)], deviations: [] }));
  for (const { name, holds, found } of outcome.checks)
    console.log(`  ${holds ? pc.green("✓") : pc.red("✗")} ${name}${found === undefined ? "" : `: ${found}`}`);
  if (outcome.log !== undefined) console.log(pc.dim(`  the end of its log:\n${outcome.log}`));
  results.push({ part, outcome });
}
process.exitCode = report() ? 0 : 1;

function chosenParts(): readonly Part[] {
  const { only = [] } = parseArgs({ options: { only: { type: "string", multiple: true } } }).values;
  const unknown = only.find((name) => !parts.some((part) => part.name === name));
  if (unknown !== undefined) throw new OptionError(`there is no part ${quoted(unknown)}`);
  return parts.filter(({ name }) => only.length === 0 || only.includes(name));
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
