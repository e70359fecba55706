import { createColors } from "picocolors";
import type { Terminal } from "../shell/terminal.ts";
import { counted } from "./counted.ts";
import { faultLine, readPolicy } from "./policy-file.ts";

/** Prints errors and warnings of a policy file. Returns 1 for errors, or with `strict` for warnings too. */
export async function check(
  file: string,
  { strict, json }: { readonly strict?: true; readonly json?: true },
  context: Terminal,
): Promise<0 | 1> {
  const read = await readPolicy(file);
  const errors = read.ok ? [] : read.faults;
  const warnings = read.ok ? read.warnings : [];
  const { green, red, yellow } = createColors(context.colours);
  if (json) context.print(JSON.stringify({ file, ok: read.ok, errors, warnings }));
  else {
    const lines = [
      ...errors.map((fault) => `${red("✗")} ${faultLine(file, fault)}`),
      ...warnings.map((warning) => `${yellow("!")} ${faultLine(file, warning)}`),
    ];
    if (lines.length > 0) context.print(lines.join("\n"));
    if (read.ok) {
      const { mode, rules, people } = read.document;
      const holds = `${counted(rules.length, "rule")}, ${counted(Object.keys(people).length, "person", "people")}`;
      context.print(
        `${green("✓")} ${file} is a policy that ${mode}s: ${holds}, ${counted(warnings.length, "warning")}`,
      );
    }
  }
  return read.ok && !(strict && warnings.length > 0) ? 0 : 1;
}
