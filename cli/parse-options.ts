import { type ParseArgsConfig, parseArgs } from "node:util";
import { printableText } from "../lib/domain/printable-text.ts";
import { UsageError } from "./input-error.ts";

/** `args` by `options`, with whatever else was named. Throws a UsageError in the words of the house. */
export function parseOptions<const Options extends NonNullable<ParseArgsConfig["options"]>>(
  args: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    const [line = ""] = error instanceof Error ? error.message.split(/\.?(?:\n|$)|\. /) : [];
    throw new UsageError(printableText(`${line.slice(0, 1).toLowerCase()}${line.slice(1)}`.replaceAll("'", "`")));
  }
}
