import { sign } from "node:crypto";
import type { LogFile } from "../../cli/trail/log-file.ts";
import { numberedObjects } from "../../cli/trail/numbered-objects.ts";
import { checkpointText } from "../../lib/domain/log/checkpoint.ts";
import { latestCovered } from "../../lib/domain/log/coverage.ts";
import type { LogFindingName } from "../../lib/domain/log/finding.ts";
import type { LogReport, ReadOptions } from "../../lib/domain/log/log-report.ts";
import { objectText, readObject } from "../../lib/domain/log/object.ts";
import { checkpointName, logNameIn, objectName } from "../../lib/domain/log/object-name.ts";
import { LogReader } from "../../lib/domain/log/read-log.ts";
import { signedCheckpoint } from "../../lib/domain/log/signed-checkpoint.ts";
import { LogTail } from "../../lib/domain/log/tail.ts";
import type { LogWorld } from "./log-world.ts";

/** The files of a log in memory: what an assessor got. */
export type Copy = readonly Pick<LogFile, "name" | "bytes" | "modifiedAt">[];

/** Copies the log of a world; times of S3 are left out, as in a copied folder. */
export async function copyOf(world: LogWorld): Promise<Copy> {
  const files: { name: string; bytes: Uint8Array }[] = [];
  for await (const { name, bytes } of world.logFiles()) files.push({ name, bytes });
  return files;
}

/** Reads a copy as of the clock of its world, with its key. */
export async function readCopy(world: LogWorld, copy: Copy, over: Partial<ReadOptions> = {}): Promise<LogReport> {
  const reader = new LogReader({ key: world.key, witnesses: [], to: latestCovered(world.time.now), ...over });
  const files = async function* () {
    yield* copy.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  };
  for await (const object of numberedObjects(files())) reader.take(object);
  return reader.end();
}

/** Returns the name of each finding once. */
export function findingsOf({ findings }: Pick<LogReport, "findings">): readonly LogFindingName[] {
  return [...new Set(findings.map(({ finding }) => finding))].sort();
}

/** Returns the copy with the text of one file changed. */
export function changed(copy: Copy, name: string, change: (text: string) => string): Copy {
  return copy.map((file) =>
    file.name === name ? { ...file, bytes: Buffer.from(change(Buffer.from(file.bytes).toString("utf8"))) } : file,
  );
}

/** Makes the log again, as its key's holder could: other lines, and everything after them right. */
export function forged(
  world: LogWorld,
  copy: Copy,
  change: (lines: readonly string[], number: number) => readonly string[],
): Copy {
  const tail = new LogTail();
  return copy.flatMap(({ name, bytes }) => {
    const object = logNameIn(name)?.kind === "jsonl" ? readObject(bytes) : undefined;
    if (object === undefined) return [];
    const { number, prev, frontier } = tail.state;
    const text = objectText({ number: number + 1, prev, before: frontier, lines: change(object.lines, object.number) });
    tail.take(Buffer.from(text));
    const checkpoint = tail.checkpoint(world.key.name);
    const signature = sign(null, Buffer.from(checkpointText(checkpoint)), world.privateKey);
    return [
      { name: objectName(number + 1), bytes: Buffer.from(text) },
      { name: checkpointName(number + 1), bytes: Buffer.from(signedCheckpoint(checkpoint, world.key, signature)) },
    ];
  });
}
