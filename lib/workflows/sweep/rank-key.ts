import type { Case } from "../../domain/case/case.ts";
import { followUp } from "../../domain/case/confirmation.ts";
import { caseOf } from "../../domain/case/fold.ts";
import { watchedFrom } from "../../domain/case/history-mark.ts";
import { codeOf } from "../../domain/guard-error.ts";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import { isSensitive } from "../../domain/key/sensitivity.ts";
import { type Attention, attentionFor, leastUrgent, type Moment, urgencyOf } from "../../domain/plan/attention.ts";
import { hourMs } from "../../domain/time.ts";
import type { CaseStore, DueCase, StoredCase } from "../ports/guard.ts";
import type { SweepTask } from "./sweep-task.ts";

/** A task with what decides about its turn. */
export interface Ranked {
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
export interface Found {
  readonly ranked: readonly Ranked[];
  /** Whether its case could be read. */
  readonly isRead: boolean;
  /** See `watchedFrom`. */
  readonly watched?: readonly [KeyArn, number];
}

/** A verification that waits for so long (ms) is work left undone. */
const verificationSlackMs = hourMs;

/** What ranking a key rests on, beside its cases. */
export interface RankInput {
  /** The cases whose time has come. */
  readonly due: readonly DueCase[];
  readonly moment: Moment;
}

/** A key that may need a sweep. */
export interface KeyToRank {
  readonly arn: KeyArn;
  /** Absent for a key that is not known to be pending. */
  readonly usage: string | undefined;
}

/** Reads the cases of a key, and ranks what is to be done about it. A case that cannot be read is to be protected. */
export async function rankByCase(
  cases: Pick<CaseStore, "history">,
  key: KeyToRank,
  { due, moment }: RankInput,
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

/** Ranks a look at a key whose cases there is no time to read. */
export async function rankUnread(
  _cases: unknown,
  { arn, usage }: KeyToRank,
  { moment }: Pick<RankInput, "moment">,
): Promise<Found> {
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
