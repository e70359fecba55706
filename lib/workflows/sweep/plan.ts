import type { Case } from "../../domain/case/case.ts";
import { followUp } from "../../domain/case/confirmation.ts";
import { caseOf } from "../../domain/case/fold.ts";
import { watchedFrom } from "../../domain/case/history-mark.ts";
import { codeOf } from "../../domain/guard-error.ts";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import { isSensitive } from "../../domain/key/sensitivity.ts";
import type { CaseName } from "../../domain/ledger/case-name.ts";
import { type Attention, attentionFor, leastUrgent, type Moment, urgencyOf } from "../../domain/plan/attention.ts";
import { hourMs } from "../../domain/time.ts";
import type { CaseStore, DueCase, StoredCase } from "../ports/guard.ts";
import type { ListedKey } from "../ports/sweep.ts";
import type { Watched } from "./read-forward.ts";

/** One thing for the sweep to do. `listed`: ListKeys shows the key in `DELETE_PENDING`. */
export type SweepTask =
  /** Look at a key, and at its newest case. One that `mayWait` can be left to the next sweep without harm. */
  | { readonly do: "look"; readonly keyArn: KeyArn; readonly listed: boolean; readonly mayWait: boolean }
  /** An earlier case of a key, or one that is over: only its record is to be finished and published. */
  | { readonly do: "finish"; readonly name: CaseName }
  /** The records of a key cannot be read. */
  | { readonly do: "protect"; readonly keyArn: KeyArn; readonly listed: boolean; readonly error: unknown };

/** What a plan is made of. */
export interface PlanInput {
  /** The keys in DELETE_PENDING. */
  readonly keys: readonly ListedKey[];
  /** The cases whose time has come. */
  readonly due: readonly DueCase[];
  readonly moment: Moment;
  /** Whether there is time to read one more case. */
  readonly hasTime: () => boolean;
}

/** What a sweep has to do. */
export interface SweepPlan {
  readonly tasks: readonly SweepTask[];
  readonly watched: Watched;
}

interface Ranked {
  readonly task: SweepTask;
  readonly attention: Exclude<Attention, "idle">;
  /** See `urgencyOf`. */
  readonly urgency: number;
  readonly sensitive: boolean;
  /** CloudTrail's history has to be asked. */
  readonly asksHistory: boolean;
  /** ms since the epoch; 0 where nothing is known. */
  readonly dueAt: number;
}

/** What was found out about one key. */
interface Found {
  readonly ranked: readonly Ranked[];
  /** Whether its case could be read. */
  readonly isRead: boolean;
  /** See `watchedFrom`. */
  readonly watched?: readonly [KeyArn, number];
}

/** How many histories are read at the same time. */
const concurrentReads = 10;

/** A verification that waits for so long (ms) is work left undone. */
const verificationSlackMs = hourMs;

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

interface KeyToRank {
  readonly arn: KeyArn;
  /** Absent for a key that is not known to be pending. */
  readonly usage: string | undefined;
}

async function rankByCase(
  cases: Pick<CaseStore, "history">,
  key: KeyToRank,
  { due, moment }: PlanInput,
): Promise<Found> {
  try {
    const { newest, keep } = await cases.history(key.arn);
    const state = newest && caseOf(newest.chain);
    const kept = keep !== undefined;
    const from = state && watchedFrom(state);
    return {
      ranked: [
        ...lookAt(key, newest, { state, kept }, moment),
        ...casesToFinish(key.arn, { state, kept }, due, moment.now),
      ],
      isRead: true,
      ...(from !== undefined && { watched: [key.arn, from] as const }),
    };
  } catch (error) {
    const sensitive = isSensitive(key.usage ?? "");
    // A damaged case of a key that is not pending is set apart all the same: it would be due forever.
    if (key.usage === undefined && codeOf(error) !== "CASE_UNREADABLE") return { ranked: [], isRead: true };
    const urgency = key.usage === undefined ? leastUrgent : urgencyOf(undefined, moment.now);
    const task = { do: "protect", keyArn: key.arn, listed: key.usage !== undefined, error } as const;
    const ranked: Ranked = { task, attention: "due", urgency, sensitive, asksHistory: false, dueAt: 0 };
    // What a damaged case says allows nothing, and nothing is watched for it.
    return { ranked: [ranked], isRead: codeOf(error) === "CASE_UNREADABLE" };
  }
}

async function rankUnread(_cases: unknown, { arn, usage }: KeyToRank, { moment }: PlanInput): Promise<Found> {
  const task = { do: "look", keyArn: arn, listed: usage !== undefined, mayWait: false } as const;
  const urgency = urgencyOf(undefined, moment.now);
  const sensitive = isSensitive(usage ?? "");
  return { ranked: [{ task, attention: "due", urgency, sensitive, asksHistory: false, dueAt: 0 }], isRead: false };
}

/** What is on record of a key. */
interface Known {
  /** Its newest case. */
  readonly state: Case | undefined;
  /** Someone keeps it: even after the end of the case permits may be left to revoke, which takes a look. */
  readonly kept: boolean;
}

function lookAt(
  { arn, usage }: KeyToRank,
  stored: StoredCase | undefined,
  { state: newest, kept }: Known,
  moment: Moment,
): readonly Ranked[] {
  const dueAt = stored?.dueAt ?? 0;
  const unpublished = stored !== undefined && stored.published < stored.chain.entries.length;
  const view = { listed: usage !== undefined, ...(newest && { newest }), dueAt, unpublished, kept };
  const attention = attentionFor(view, moment);
  if (attention === "idle") return [];
  const mayWait = attention === "verify" && moment.now - dueAt < verificationSlackMs;
  const sensitive = isSensitive(usage ?? newest?.key?.usage ?? "");
  return [
    {
      task: { do: "look", keyArn: arn, listed: usage !== undefined, mayWait },
      attention,
      urgency: urgencyOf(newest, moment.now),
      sensitive,
      asksHistory: newest !== undefined && followUp(newest, moment.now) !== "nothing",
      dueAt: newest?.end === undefined ? dueAt : 0,
    },
  ];
}

function casesToFinish(
  keyArn: KeyArn,
  { state, kept }: Known,
  due: readonly DueCase[],
  now: number,
): readonly Ranked[] {
  const isOver = state?.end !== undefined && !kept;
  return due
    .filter(({ name }) => name.keyArn === keyArn)
    .filter(({ name }) => name.generation !== state?.generation || isOver)
    .map(({ name }) => ({
      task: { do: "finish", name },
      attention: "due",
      urgency: leastUrgent,
      sensitive: false,
      asksHistory: false,
      dueAt: now,
    }));
}
