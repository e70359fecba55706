import { Logger } from "@aws-lambda-powertools/logger";
import { printableText } from "../../lib/domain/printable-text.ts";

/** Returns a logger that writes text from events and from AWS only in a form that no terminal acts on. */
export function createLogger(): Logger {
  return new Logger({ jsonReplacerFn: printable });
}

function printable(_key: string, value: unknown): unknown {
  return typeof value === "string" ? printableText(value, 2_000) : value;
}
