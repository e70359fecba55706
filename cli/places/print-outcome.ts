import { createColors } from "picocolors";
import { printableText } from "../../lib/domain/printable-text.ts";
import type { Terminal } from "../shell/terminal.ts";
import type { PlaceOutcome } from "./at-place.ts";
import { type Place, placeText } from "./place.ts";

/** What a command prints with --json: one object, or one a line. */
export type JsonForm = "object" | "lines";

type Output = Pick<Terminal, "print" | "printError" | "colours">;

/** Prints what was found at a place below its name, or why there is nothing. */
export function printOutcome(place: Place, outcome: PlaceOutcome, output: Output): void {
  const { bold, red } = createColors(output.colours);
  const text = placeText(place);
  if (outcome.ok) output.print(bold(text));
  for (const { to, text: lines } of outcome.printed) {
    const indented = lines.replaceAll(/^(?=.)/gm, "  ");
    if (to === "output") output.print(indented);
    else output.printError(indented);
  }
  if (!outcome.ok) output.print(`${red("✗")} ${text}: ${outcome.error.code}: ${outcome.error.message}`);
}

/** Prints the JSON object of a place. Of a place that failed nothing counts that was printed before. */
export function printJsonOutcome(place: Place, outcome: PlaceOutcome, form: JsonForm, output: Output): void {
  const { name, account, region, stage } = place;
  const head = JSON.stringify({ place: name, account, region, stage, ok: outcome.ok }).slice(0, -1);
  if (outcome.ok) output.print(`${head},"status":${outcome.status},"result":${resultOf(outcome, form)}}`);
  else output.print(`${head},"error":${JSON.stringify(outcome.error)}}`);
  if (!outcome.ok) return;
  for (const { to, text } of outcome.printed) if (to === "errors") output.printError(`${placeText(place)}: ${text}`);
}

/** Returns the lines as one JSON value, without parsing each into objects that are kept. */
function resultOf({ printed }: PlaceOutcome, form: JsonForm): string {
  const values = printed
    .filter(({ to }) => to === "output")
    .map(({ text }) => (isJson(text) ? text : JSON.stringify(text)));
  return form === "lines" ? `[${values.join(",")}]` : (values[0] ?? "null");
}

/** Entries of a damaged chain are printed as stored, whatever they are. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Returns what was asked and what was not, for the last line. */
export function summaryText(asked: number, failed: readonly string[]): string {
  const places = asked === 1 ? "1 place" : `${asked} places`;
  if (failed.length === 0) return `${places}, each was asked`;
  const again = failed.length <= 20 ? `; repeat with --only ${failed.join(",")}` : "";
  return printableText(`${places}, ${failed.length} without a result${again}`, 2_000);
}
