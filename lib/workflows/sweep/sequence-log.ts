import { hourOf } from "../../domain/deletion/repeated-deletions.ts";
import type { FoundChain } from "../../domain/log/compare-chain.ts";
import { type News, nextObject, reportsOf } from "../../domain/log/next-object.ts";
import { objectText } from "../../domain/log/object.ts";
import { objectName } from "../../domain/log/object-name.ts";
import { inParts } from "../../domain/log/parts.ts";
import type { LogTail } from "../../domain/log/tail.ts";
import { cosignCheckpoints, isCosigningDue } from "./cosign-checkpoints.ts";
import { followLog } from "./follow-log.ts";
import { keepHeads } from "./keep-heads.ts";
import { emptyMemory, type LogMemory, type SequencerDeps } from "./log-memory.ts";
import { mostNewBytes, readChains, readTable } from "./read-table.ts";
import { signCheckpoints } from "./sign-checkpoints.ts";
import { ringForStanding } from "./standing-contradictions.ts";

/** What a sweep reports of the log. */
export interface LogStatus {
  /** Time (s) since the whole table was logged last; absent where that is not known. */
  readonly ageSeconds?: number;
  /** Objects whose checkpoint is missing. */
  readonly unsigned: number;
  /** 1 while the witness has not cosigned the end of the log; absent without a witness. */
  readonly uncosigned?: 0 | 1;
}

export interface Sequencer {
  /**
   * Logs what is new: the whole table once an hour, `chains` in between. Answers whether something is left for the next sweep. Throws
   * ARCHIVE_UNAVAILABLE or STORE_UNAVAILABLE.
   */
  readonly sequence: (chains: readonly FoundChain[], timeLeft?: () => number) => Promise<{ readonly left: boolean }>;
  readonly status: () => LogStatus;
}

/** One object, its checkpoint included, takes at most about this long (ms). */
const timePerObjectMs = 10_000;

/** Returns the one writer of the log. What it remembers between sweeps only saves reading. */
export function createSequencer(deps: SequencerDeps): Sequencer {
  const memory = emptyMemory();
  return {
    sequence: async (chains, timeLeft = () => Number.POSITIVE_INFINITY) => {
      if (isIdle(deps, memory, chains)) return { left: false };
      try {
        return { left: !(await writeAndSign(deps, memory, chains, timeLeft)) };
      } finally {
        // Last, and whatever came before: neither order nor signature of the log ever waits for the witness.
        await cosignCheckpoints(deps, memory, timeLeft);
      }
    },
    status: () => statusOf(deps, memory),
  };
}

function statusOf({ clock, witness }: SequencerDeps, { tail, unsigned, unjudged, cosigned }: LogMemory): LogStatus {
  const at = tail?.state.lastAllAt;
  const isCosigned = tail === undefined || cosigned?.checkpoint.size === tail.state.frontier.size;
  return {
    ...(at !== undefined && { ageSeconds: Math.max(0, Math.round((clock() - at) / 1000)) }),
    // While the key cannot be read, the last checkpoint cannot be judged and counts as unsigned.
    unsigned: unsigned.size + (unjudged === undefined ? 0 : 1),
    ...(witness !== undefined && { uncosigned: isCosigned ? 0 : 1 }),
  };
}

/** Answers whether everything was written. */
async function writeAndSign(
  deps: SequencerDeps,
  memory: LogMemory,
  chains: readonly FoundChain[],
  timeLeft: () => number,
): Promise<boolean> {
  const tail = await followLog(deps, memory, () => timeLeft() - timePerObjectMs);
  if (timeLeft() < timePerObjectMs) return false;
  await signCheckpoints(deps, memory, () => timeLeft() - timePerObjectMs);
  await keepHeads(deps, memory, tail);
  const isWritten = await writeNews(deps, memory, tail, chains, timeLeft);
  await signCheckpoints(deps, memory, timeLeft);
  return isWritten;
}

/** Whether neither an hour is over, nor a signature missing, nor an entry new. */
function isIdle(deps: SequencerDeps, memory: LogMemory, chains: readonly FoundChain[]): boolean {
  const { tail, unsigned } = memory;
  if (tail === undefined || unsigned.size > 0 || isHourOpen(tail, deps.clock())) return false;
  if (isCosigningDue(deps, memory)) return false;
  return chains.every(({ name, texts }) => tail.state.heads.get(name)?.entries === texts.length);
}

function isHourOpen({ state: { lastAllAt } }: LogTail, now: number): boolean {
  return lastAllAt === undefined || hourOf(lastAllAt) !== hourOf(now);
}

/** Answers whether everything was written. */
async function writeNews(
  deps: SequencerDeps,
  memory: LogMemory,
  tail: LogTail,
  chains: readonly FoundChain[],
  timeLeft: () => number,
): Promise<boolean> {
  const { mostBytes = mostNewBytes } = deps;
  const now = deps.clock();
  const wholeTable = isHourOpen(tail, now);
  const { whole, ...read } = await (wholeTable
    ? readTable(deps.table, tail, mostBytes)
    : readChains(deps.table, tail, chains, mostBytes));
  const { outOfOrder, headsSha256 } = memory;
  const scope = wholeTable && whole ? ("all" as const) : ("open" as const);
  const news: News = { now, scope, outOfOrder, ...read, ...(headsSha256 !== undefined && { headsSha256 }) };
  const reports = reportsOf(tail, news);
  const hasNews = news.lines.length > 0 || reports.length > 0;
  if (wholeTable && !reports.some(({ kind }) => kind === "trail-differs"))
    ringForStanding(deps.log, news, tail.state.lastAllAt);
  if (!wholeTable && !hasNews) return true;
  for (const part of inParts(news)) {
    if (timeLeft() < timePerObjectMs || !(await writeObject(deps, memory, tail, part))) return false;
  }
  return whole;
}

/** Writes the next object; answers whether it is there. INVARIANT: a number has one holder, and what follows is made from what lies there. */
async function writeObject(deps: SequencerDeps, memory: LogMemory, tail: LogTail, news: News): Promise<boolean> {
  const { store, log, origin, signer } = deps;
  const reports = reportsOf(tail, news);
  const object = nextObject(tail, news);
  const text = objectText(object);
  const name = objectName(object.number);
  // Before the write, whose answer may be lost: what the log already has is not reported again.
  for (const { kind, ...fields } of reports) log(reportCodes[kind], fields);
  if ((await store.write(name, text)) === "there-is-one") {
    const found = await store.read(name);
    if (found === undefined || !Buffer.from(text).equals(found.bytes)) {
      log("LOG_OBJECT_EXISTS", { number: object.number });
      return false;
    }
  }
  tail.take(Buffer.from(text));
  delete memory.headsSha256;
  if (signer !== undefined) memory.unsigned.set(object.number, tail.checkpoint(origin));
  log("LOG_WRITTEN", { number: object.number, scope: news.scope, lines: object.lines.length });
  return true;
}

const reportCodes = {
  "clock-went-back": "CLOCK_WENT_BACK",
  "object-unreadable": "LOG_OBJECT_UNREADABLE",
  "object-out-of-order": "LOG_OBJECT_OUT_OF_ORDER",
  "trail-differs": "TRAIL_DIFFERS",
  closing: "LOG_WRITTEN",
} as const;
