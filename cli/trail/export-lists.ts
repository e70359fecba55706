import * as v from "valibot";
import { whole } from "../../lib/domain/ledger/entry-kinds/members.ts";
import { parsedLine } from "../../lib/domain/log/parsed-line.ts";
import type { LogReader } from "../../lib/domain/log/read-log.ts";

/** When S3 took each object (ms), by its name. */
export type BucketNotes = Map<string, number>;

const noteSchema = v.strictObject({
  name: v.string(),
  irregular: v.array(v.picklist(["second-version", "delete-marker"])),
  modifiedAt: v.exactOptional(whole),
});
const headSchema = v.strictObject({ chain: v.string(), entries: v.number(), head: v.string() });
const tableSchema = v.union([
  v.strictObject({ chain: v.string(), texts: v.array(v.string()) }),
  v.strictObject({ chain: v.string(), differs: v.looseObject({ kind: v.literal("trail-differs") }) }),
]);

/** Takes a line of `bucket.jsonl`. */
export function bucketNoteIn(line: string, notes: BucketNotes, reader: LogReader): void {
  const note = parsedLine(noteSchema, line);
  if (note === undefined) {
    reader.report({ finding: "changed-file", detail: "bucket.jsonl" });
    return;
  }
  if (note.modifiedAt !== undefined) notes.set(note.name, note.modifiedAt);
  for (const finding of note.irregular) reader.report({ finding, detail: note.name });
}

/** Compares the lines of `heads.jsonl` with the log, both ways. */
export function readHeads(reader: LogReader) {
  const seen = new Set<string>();
  return {
    take: (line: string) => {
      const head = parsedLine(headSchema, line);
      if (head === undefined) {
        reader.report({ finding: "export-differs" });
        return;
      }
      const logged = reader.heads.get(head.chain);
      const isSame = logged?.entries === head.entries && logged.head === head.head;
      if (!isSame || seen.has(head.chain)) reader.report({ finding: "export-differs", chain: head.chain });
      seen.add(head.chain);
    },
    end: () => {
      for (const chain of reader.heads.keys())
        if (!seen.has(chain)) reader.report({ finding: "missing-from-export", chain });
    },
  };
}

/** Takes the lines of `table.jsonl`, which was written at `exportedAt` (ms). */
export function readTable(reader: LogReader, exportedAt: number) {
  let unlogged = 0;
  return {
    take: (line: string) => {
      const found = parsedLine(tableSchema, line);
      if (found === undefined) reader.report({ finding: "changed-file", detail: "table.jsonl" });
      else if ("differs" in found) reader.report({ finding: "trail-differs", chain: found.chain });
      else
        for (const text of found.texts) {
          unlogged += 1;
          reader.takeUnlogged(text, exportedAt);
        }
    },
    unlogged: () => unlogged,
  };
}
