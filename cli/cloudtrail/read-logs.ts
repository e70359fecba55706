import { largeLines } from "./large-lines.ts";
import { tooLarge } from "./read-bytes.ts";
import type { LogFile, ReadLog } from "./read-log.ts";
import { unpackedFiles } from "./unpacked-files.ts";

/** What a file holds, or a portion of a large one. */
export interface LogOfFile {
  readonly path: string;
  readonly isFirst: boolean;
  readonly log: LogFile;
}

/** Reads the logs under `paths`: log files of CloudTrail, the output of lookup-events, lists of records, and JSON Lines of any size. */
export async function* readLogs(paths: readonly string[], readLog: ReadLog): AsyncIterable<LogOfFile> {
  for await (const { path, found } of unpackedFiles(paths)) {
    if (!("why" in found)) yield { path, isFirst: true, log: readLog(found.bytes) };
    else yield* readLarge(path, found);
  }
}

/** Reads a file of JSON Lines that is too large to be held; what could not be read otherwise is reported as it is. */
export async function* readLarge(path: string, found: { readonly why: string }): AsyncIterable<LogOfFile> {
  if (found !== tooLarge || path === "-") {
    yield { path, isFirst: true, log: found };
    return;
  }
  let isFirst = true;
  for await (const log of largeLines(path)) {
    yield { path, isFirst, log };
    isFirst = false;
  }
}
