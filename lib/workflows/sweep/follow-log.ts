import { causeOf, codeOf } from "../../domain/guard-error.ts";
import { readKeptHeads } from "../../domain/log/kept-heads.ts";
import { objectHash, readObject } from "../../domain/log/object.ts";
import {
  checkpointName,
  headsName,
  headsNumberIn,
  headsPrefix,
  type LogNameKind,
  logNameIn,
  logPrefix,
  nameBefore,
  objectName,
} from "../../domain/log/object-name.ts";
import { judgeCheckpoint } from "../../domain/log/signed-checkpoint.ts";
import { followsAfter, LogTail } from "../../domain/log/tail.ts";
import type { VerifierKey } from "../../domain/log/verifier-key.ts";
import type { StoredObject } from "../ports/log-store.ts";
import type { LogMemory, SequencerDeps } from "./log-memory.ts";

/** Objects that are read at the same time: of 16 MiB each, which anyone who may write can put there, they fit into the memory of the sweep twice. */
const concurrency = 4;
/** Kept heads that are tried, the newest first, before the log is read from its first object. */
const mostTries = 5;
const mostPages = 10;

/** Follows the log to its end, object by object. Ends early when `timeLeft` (ms) is short; what was followed stays known. */
export async function followLog(deps: SequencerDeps, memory: LogMemory, timeLeft: () => number): Promise<LogTail> {
  memory.tail ??= (await openTail(deps)) ?? new LogTail();
  const { tail } = memory;
  while (timeLeft() > 0) {
    const from = tail.state.number;
    const { names, more } = await deps.store.list(logPrefix, nameBefore(from + 1));
    const listed = names.flatMap((name) => logNameIn(name) ?? []);
    const numbersWith = (wanted: LogNameKind) =>
      new Set(listed.flatMap(({ number, kind }) => (kind === wanted ? [number] : [])));
    const [numbers, signed, cosigned] = [numbersWith("jsonl"), numbersWith("checkpoint"), numbersWith("cosigned")];
    await takeListed(deps, memory, tail, { numbers, signed, cosigned });
    memory.outOfOrder = [...new Set(listed.map(({ number }) => number))].filter((number) => number > tail.state.number);
    if (!more) break;
    // Names that mean nothing may fill the page: whether the log goes on is asked directly.
    if (tail.state.number === from && !(await takeNext(deps, memory, tail))) break;
  }
  return tail;
}

interface Listed {
  readonly numbers: ReadonlySet<number>;
  readonly signed: ReadonlySet<number>;
  readonly cosigned: ReadonlySet<number>;
}

async function takeListed(
  deps: SequencerDeps,
  memory: LogMemory,
  tail: LogTail,
  { numbers, signed, cosigned }: Listed,
): Promise<void> {
  while (numbers.has(tail.state.number + 1)) {
    const run = runFrom(tail.state.number + 1, numbers);
    const objects = await Promise.all(run.map(async (number) => await deps.store.read(objectName(number))));
    for (const object of objects) {
      if (object === undefined) return;
      take(deps, memory, tail, object);
      const { number } = tail.state;
      if (signed.has(number)) noteSigned(deps, memory, tail);
      if (cosigned.has(number)) memory.foundCosigned = { number, checkpoint: tail.checkpoint(deps.origin) };
    }
  }
}

/** Returns the numbers from `first` up to the one before the first that is missing. */
function runFrom(first: number, numbers: ReadonlySet<number>): readonly number[] {
  let end = first;
  while (numbers.has(end) && end - first < concurrency) end += 1;
  return Array.from({ length: end - first }, (_, n) => first + n);
}

async function takeNext(deps: SequencerDeps, memory: LogMemory, tail: LogTail): Promise<boolean> {
  const object = await deps.store.read(objectName(tail.state.number + 1));
  if (object !== undefined) take(deps, memory, tail, object);
  return object !== undefined;
}

function take({ origin, signer }: SequencerDeps, memory: LogMemory, tail: LogTail, object: StoredObject): void {
  const taken = tail.take(object.bytes, object.version);
  if (taken === "taken" && signer !== undefined) memory.unsigned.set(tail.state.number, tail.checkpoint(origin));
}

function noteSigned({ origin }: SequencerDeps, memory: LogMemory, tail: LogTail): void {
  const { number } = tail.state;
  memory.unsigned.delete(number);
  memory.unjudged = { number, checkpoint: tail.checkpoint(origin) };
}

/**
 * Returns the end of the log as it was kept last. INVARIANT: kept heads are believed only if the next object names their hash, and the signing
 * key signed the tree that they end with: otherwise anything could be put in place of the log.
 */
async function openTail(deps: SequencerDeps): Promise<LogTail | undefined> {
  const key = await deps.signer?.key().catch((error: unknown) => {
    deps.log("CHECKPOINT_UNSIGNED", { code: codeOf(error), ...causeOf(error) });
    return undefined;
  });
  if (key === undefined) return undefined;
  const kept = await keptNumbers(deps);
  for (const number of kept.reverse().slice(0, mostTries)) {
    const tail = await keptTail(deps, key, number);
    if (tail !== undefined) return tail;
  }
  return undefined;
}

async function keptNumbers({ store }: SequencerDeps): Promise<number[]> {
  const kept: string[] = [];
  for (let [pages, more] = [0, true]; more && pages < mostPages; pages += 1) {
    const page = await store.list(headsPrefix, kept.at(-1) ?? "");
    kept.push(...page.names);
    more = page.more;
  }
  return kept.flatMap((name) => headsNumberIn(name) ?? []);
}

async function keptTail(
  { store, origin }: SequencerDeps,
  key: VerifierKey,
  number: number,
): Promise<LogTail | undefined> {
  const names = [headsName(number), checkpointName(number), objectName(number + 1)];
  const [heads, note, next] = await Promise.all(names.map(async (name) => await store.read(name)));
  const object = next && readObject(next.bytes);
  const tail = heads && readKeptHeads(textOf(heads));
  if (heads === undefined || note === undefined || object === undefined || tail === undefined) return undefined;
  if (judgeCheckpoint(textOf(note), tail.checkpoint(origin), key) !== "right") return undefined;
  const isNamed = object.lines.at(-1)?.includes(`"headsSha256":"${objectHash(heads.bytes)}"`) === true;
  return isNamed && tail.state.number === number && followsAfter(object, tail.state) ? tail : undefined;
}

function textOf({ bytes }: StoredObject): string {
  return Buffer.from(bytes).toString("utf8");
}
