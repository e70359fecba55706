import { createColors } from "picocolors";
import { printableText } from "../../lib/domain/printable-text.ts";
import { recordSentence } from "../../lib/notices/entry-sentence.ts";
import { dateAndTime } from "../../lib/notices/words.ts";
import type { Terminal } from "../shell/terminal.ts";
import { fitted } from "../shell/wrap.ts";
import { showTrail } from "./shown-trail.ts";
import type { StoredTrail } from "./stored-trail.ts";

/** Prints a chain entry by entry below `title`, or as stored. Returns 1 where it does not hold. */
export function printTrail(trail: StoredTrail, title: string, asStored: boolean, context: Terminal): 0 | 1 {
  const { entries, texts, head, damage } = showTrail(trail);
  const colours = createColors(context.colours);
  const { bold, dim, green, red } = colours;
  if (asStored) for (const text of texts) context.print(text);
  else {
    context.print(`${bold(printableText(title, 200))}  ${dim(trail.case)}`);
    for (const entry of entries)
      context.print(fitted(`  ${dim(dateAndTime(entry.at))}  ${recordSentence(entry, colours)}`, context));
    const whole = `${green("✓")} ${entries.length} entries, every link holds; head ${head}`;
    context.print(damage === undefined ? whole : `${red("✗")} the chain does not hold: ${damage}`);
  }
  return damage === undefined ? 0 : 1;
}
