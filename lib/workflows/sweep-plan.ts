import { type Case, caseOf } from "../domain/case.ts";
import type { CaseName } from "../domain/case-name.ts";
import { codeOf } from "../domain/guard-error.ts";
import type { Keep } from "../domain/keep.ts";
import type { KeyArn } from "../domain/key-arn.ts";
import { isSensitive } from "../domain/sensitivity.ts";
import type { CaseStore, DueCase, StoredCase } from "./ports.ts";
import type { ListedKey } from "./sweep-ports.ts";

/** One thing for the sweep to do. */
export type SweepTask =
  /** Look at a key, and at its newest case. */
  | { readonly do: "look"; readonly keyArn: KeyArn }
  /** An earlier case of a key, or one that is over: all there is to do is to finish its record and to tell of it. */
  | { readonly do: "finish"; readonly name: CaseName }
  /** The records of a key cannot be read. */
  | { readonly do: "protect"; readonly keyArn: KeyArn; readonly error: unknown };

/** When a sweep takes place, and under which mode of the policy. */
export interface Moment {
  readonly mode: "observe" | "enforce";
  /** ms since the epoch. */
  readonly now: number;
}

interface Ranked {
  readonly task: SweepTask;
  /** The longest overdue first; a key that no case is open for comes before all. */
  readonly dueAt: number;
  readonly sensitive: boolean;
}

/** How many histories are read at the same time. */
const together = 10;

/**
 * What is to be done now, in the order in which it should be: a sweep that runs out of time leaves the least urgent to the next one.
 * `keys` are those in DELETE_PENDING, `due` the cases whose time has come, `mode` that of the policy now in force.
 */
export async function planSweep(
  cases: Pick<CaseStore, "history">,
  keys: readonly ListedKey[],
  due: readonly DueCase[],
  { mode, now }: Moment,
): Promise<readonly SweepTask[]> {
  const usages = new Map(keys.map(({ arn, usage }) => [arn, usage]));
  const arns = [...new Set([...usages.keys(), ...due.map(({ name }) => name.keyArn)])];
  const ranked: Ranked[] = [];
  for (let n = 0; n < arns.length; n += together) {
    const part = arns
      .slice(n, n + together)
      .map(async (arn) => await rank(cases, arn, usages.get(arn), due, { mode, now }));
    ranked.push(...(await Promise.all(part)).flat());
  }
  const order = (a: Ranked, b: Ranked) => Number(b.sensitive) - Number(a.sensitive) || a.dueAt - b.dueAt;
  return ranked.sort(order).map(({ task }) => task);
}

async function rank(
  cases: Pick<CaseStore, "history">,
  keyArn: KeyArn,
  usage: string | undefined,
  due: readonly DueCase[],
  moment: Moment,
): Promise<Ranked[]> {
  const { now } = moment;
  const sensitive = usage !== undefined && isSensitive(usage);
  let newest: StoredCase | undefined;
  let keep: Keep | undefined;
  try {
    ({ newest, keep } = await cases.history(keyArn));
  } catch (error) {
    // A damaged case of a key that is not pending is set apart all the same: it would be due for ever.
    const concerned = usage !== undefined || codeOf(error) === "CASE_UNREADABLE";
    return concerned ? [{ task: { do: "protect", keyArn, error }, dueAt: 0, sensitive }] : [];
  }
  const state = newest && caseOf(newest.chain);
  const dueAt = newest?.dueAt ?? 0;
  const looked: Ranked = { task: { do: "look", keyArn }, dueAt: state?.end === undefined ? dueAt : 0, sensitive };
  const isDue = state !== undefined && dueAt <= now;
  const look = usage === undefined ? isDue && !isOver(state, keep) : !rests(state, dueAt, moment);
  const finished = due
    .filter(({ name }) => name.keyArn === keyArn && (name.generation !== state?.generation || isOver(state, keep)))
    .map(({ name }): Ranked => ({ task: { do: "finish", name }, dueAt: now, sensitive: false }));
  return [...(look ? [looked] : []), ...finished];
}

/** A deletion that is left alone is verified every hour, not by every sweep. */
function rests(state: Case | undefined, dueAt: number, { mode, now }: Moment): boolean {
  return state !== undefined && state.end === undefined && isLeftAlone(state, mode) && dueAt > now;
}

/** What was only observed is decided anew as soon as the policy enforces; a pause may end at any time. */
function isLeftAlone({ allowed, decision }: Case, mode: Moment["mode"]): boolean {
  return allowed || (mode === "observe" && decision?.mode === "observe" && decision.pause === undefined);
}

/** Whether nothing but publishing is left. After a Keep, permits may be left to revoke, which takes a look. */
function isOver({ end }: Case, keep: Keep | undefined): boolean {
  return end !== undefined && keep === undefined;
}
