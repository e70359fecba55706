import { createColors } from "picocolors";
import { printableText } from "../../lib/domain/printable-text.ts";
import { errorText } from "../shell/error-text.ts";

/** `left-out`: nothing was configured that could be asked; `warning`: it works, and could be safer; `unknown`: a permission is missing to look. */
export interface Finding {
  readonly subject: string;
  readonly verdict: "good" | "bad" | "warning" | "left-out" | "unknown";
  readonly found: string;
}

/** Returns what a probe found, or that it failed, with what to do. Never throws. */
export async function asked(subject: string, probe: () => Promise<string>, advice: string): Promise<Finding> {
  try {
    return { subject, verdict: "good", found: printableText(await probe(), 200) };
  } catch (error) {
    return { subject, verdict: "bad", found: `${errorText(error, 200)}; ${advice}` };
  }
}

/** Returns a finding as a line for a terminal. */
export function lineOf({ subject, verdict, found }: Finding, { colours }: { readonly colours: boolean }): string {
  const { green, red, yellow, dim } = createColors(colours);
  const mark = { good: green("✓"), bad: red("✗"), warning: yellow("!"), "left-out": dim("-"), unknown: yellow("?") }[
    verdict
  ];
  return `${mark} ${subject.padEnd(22)} ${found}`;
}
