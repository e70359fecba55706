import type { NumberedObject } from "../../lib/domain/log/log-report.ts";
import { logNameIn } from "../../lib/domain/log/object-name.ts";
import type { LogFile } from "./log-file.ts";

type Source = AsyncIterable<Pick<LogFile, "name" | "bytes" | "modifiedAt">>;

/** Puts together what lies under each number. `files` come in the order of their names. */
export async function* numberedObjects(files: Source): AsyncIterable<NumberedObject> {
  let current: NumberedObject | undefined;
  for await (const { name, bytes, modifiedAt } of files) {
    const named = logNameIn(name);
    if (named === undefined) continue;
    if (current !== undefined && current.number !== named.number) {
      yield current;
      current = undefined;
    }
    current ??= { number: named.number };
    if (named.kind === "jsonl") current = { ...current, bytes, ...(modifiedAt !== undefined && { modifiedAt }) };
    else current = { ...current, [named.kind]: noteIn(bytes) };
  }
  if (current !== undefined) yield current;
}

/** A note has a few hundred bytes. Anything larger is not a note, and need not be text. */
function noteIn(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, 65_536)).toString("utf8");
}
