import type { CaseStore } from "../ports/guard.ts";
import type { ListedKey } from "../ports/sweep.ts";
import { type Found, type Ranked, type RankInput, rankByCase, rankUnread } from "./rank-key.ts";
import type { Watched } from "./read-forward.ts";
import type { SweepTask } from "./sweep-task.ts";

/** What a plan is made of. */
export interface PlanInput extends RankInput {
  /** The keys in DELETE_PENDING. */
  readonly keys: readonly ListedKey[];
  /** Whether there is time to read one more case. */
  readonly hasTime: () => boolean;
}

/** What a sweep has to do. */
export interface SweepPlan {
  readonly tasks: readonly SweepTask[];
  readonly watched: Watched;
}

/** How many histories are read at the same time. */
const concurrentReads = 10;

/**
 * Returns what is to be done now, in the order in which it should be: due work, the least time left first, then what needs no history, then
 * sensitive keys, then the longest overdue; verifications last. A sweep that runs out of time leaves the least urgent to the next one.
 */
export async function planSweep(cases: Pick<CaseStore, "history">, input: PlanInput): Promise<SweepPlan> {
  const { keys, due, hasTime } = input;
  const usages = new Map(keys.map(({ arn, usage }) => [arn, usage]));
  const arns = [...new Set([...usages.keys(), ...due.map(({ name }) => name.keyArn)])];
  const found: Found[] = [];
  for (let n = 0; n < arns.length; n += concurrentReads) {
    // A store that is slow must not use up the sweep: the look itself reads the case again.
    const rankOne = hasTime() ? rankByCase : rankUnread;
    const part = arns
      .slice(n, n + concurrentReads)
      .map(async (arn) => await rankOne(cases, { arn, usage: usages.get(arn) }, input));
    found.push(...(await Promise.all(part)));
  }
  return {
    tasks: found
      .flatMap(({ ranked }) => ranked)
      .sort(byRank)
      .map(({ task }) => task),
    watched: {
      since: new Map(found.flatMap(({ watched }) => (watched === undefined ? [] : [watched]))),
      isAll: found.every(({ isRead }) => isRead),
    },
  };
}

function byRank(a: Ranked, b: Ranked): number {
  if (a.attention !== b.attention) return a.attention === "due" ? -1 : 1;
  const byHistory = Number(a.asksHistory) - Number(b.asksHistory);
  if (a.attention === "verify") return byHistory || a.dueAt - b.dueAt;
  return a.urgency - b.urgency || byHistory || Number(b.sensitive) - Number(a.sensitive) || a.dueAt - b.dueAt;
}
