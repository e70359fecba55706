import { foldChangePermit } from "../../domain/approval/change-permit.ts";
import { duePermitReminder, nextPermitReminderAt } from "../../domain/approval/change-permit-reminder.ts";
import { causeOf, codeOf } from "../../domain/guard-error.ts";
import { append } from "../../domain/ledger/chain.ts";
import { type ChangePermitName, changePermitText } from "../../domain/ledger/change-permit-name.ts";
import type { FoundChain } from "../../domain/log/compare-chain.ts";
import type { ChangeQuestions, NotifyChangePermit } from "../ports/change.ts";
import type { Log } from "../ports/guard.ts";

/** What reminding of questions about changes works with. */
export interface ReminderDeps {
  readonly questions: ChangeQuestions;
  readonly notify: NotifyChangePermit;
  /** ms since the epoch. */
  readonly clock: () => number;
  readonly log: Log;
  /** Whether there is time for one more question. */
  readonly hasTime: () => boolean;
}

/** Questions of one sweep: the others are due in the next. */
const maxQuestions = 100;

/**
 * Records the reminder of each question about a change that is due, and publishes it. One that could not be published stays due, and is published by the
 * next sweep. Returns the chains that were added to. Throws STORE_UNAVAILABLE where questions cannot be listed.
 */
export async function remindOfQuestions(deps: ReminderDeps): Promise<readonly FoundChain[]> {
  const { questions, clock, log, hasTime } = deps;
  const chains: FoundChain[] = [];
  for (const name of await questions.due(clock(), maxQuestions)) {
    if (!hasTime()) break;
    try {
      chains.push(...(await remindOf(deps, name)));
    } catch (error) {
      const reason = { code: codeOf(error), reason: String(error), ...causeOf(error) };
      log("SWEEP_STEP_FAILED", { task: "remind", permit: changePermitText(name), ...reason });
      // It never keeps others from being reminded of. Anything else is tried again by the next sweep.
      if (codeOf(error) === "CASE_UNREADABLE") await questions.schedule(name, undefined).catch(() => {});
    }
  }
  return chains;
}

async function remindOf(
  { questions, notify, clock }: ReminderDeps,
  name: ChangePermitName,
): Promise<readonly FoundChain[]> {
  const chain = await questions.read(name);
  const permit = chain && foldChangePermit(chain);
  if (chain === undefined || permit === undefined) return [];
  const now = clock();
  const percent = duePermitReminder(permit, now);
  const reminded = percent === undefined ? chain : append(chain, { kind: "approval-reminded", percent }, now);
  // Someone answered just now: the next sweep sees what is left to do.
  if (
    reminded !== chain &&
    (await questions.save({ chain: reminded, expectedLength: chain.entries.length })) !== "saved"
  )
    return [];
  if (now < permit.request.deadline) await notify(name);
  const after = foldChangePermit(reminded);
  const next = after && nextPermitReminderAt(after);
  await questions.schedule(name, next !== undefined && next > now ? next : undefined);
  return reminded === chain ? [] : [{ name: chain.name, texts: reminded.texts }];
}
