import { errorText } from "./error-text.ts";

const causes: ReadonlyMap<unknown, string> = new Map([
  ["ENOENT", "there is no such file"],
  ["EISDIR", "it is a folder"],
  ["EACCES", "permission denied"],
]);

/** Returns why a file cannot be read, as printable text without its path. */
export function fileErrorText(error: unknown): string {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return causes.get(code) ?? errorText(error, 200).replace(/^Error: /, "");
}
