import { foldChangePermit } from "../../lib/domain/approval/change-permit.ts";
import { nextPermitReminderAt } from "../../lib/domain/approval/change-permit-reminder.ts";
import type { Chain } from "../../lib/domain/ledger/chain.ts";
import { type ChainName, changePermitChainName } from "../../lib/domain/ledger/chain-name.ts";
import { changePermitNameFrom } from "../../lib/domain/ledger/change-permit-name.ts";
import type { ChangeQuestions } from "../../lib/workflows/ports/change.ts";
import type { ChainChange } from "../../lib/workflows/ports/guard.ts";
import type { ReminderDeps } from "../../lib/workflows/sweep/remind-of-questions.ts";
import { saveIn } from "./memory-pause-book.ts";

/** Permits in memory, and when (ms) people are to be reminded of each. */
export interface MemoryQuestions {
  readonly chains: Map<ChainName, Chain>;
  readonly dueAt: Map<ChainName, number>;
}

/** Schedules a permit that was written, as the table does. */
export function scheduleIn(dueAt: MemoryQuestions["dueAt"], { chain, expectedLength }: ChainChange): void {
  const permit = foldChangePermit(chain);
  const next = permit && nextPermitReminderAt(permit);
  if (next === undefined) dueAt.delete(chain.name);
  else if (expectedLength === 0) dueAt.set(chain.name, next);
}

/** Questions about changes in memory; held to the same contract suite as the real ones. */
export function createMemoryQuestions({ chains, dueAt }: MemoryQuestions): ChangeQuestions {
  return {
    due: async (now, limit) =>
      [...dueAt]
        .filter(([, at]) => at <= now)
        .toSorted(([, one], [, other]) => one - other)
        .slice(0, limit)
        .flatMap(([name]) => changePermitNameFrom(name) ?? []),
    read: async (name) => chains.get(changePermitChainName(name)),
    save: async (change) => saveIn(chains, change),
    schedule: async (name, at) => {
      const chainName = changePermitChainName(name);
      if (!dueAt.has(chainName)) return;
      if (at === undefined) dueAt.delete(chainName);
      else dueAt.set(chainName, at);
    },
  };
}

/** For sweeps of stacks that ask nobody about a change. */
export const noReminders: Pick<ReminderDeps, "questions" | "notify"> = {
  questions: createMemoryQuestions({ chains: new Map(), dueAt: new Map() }),
  notify: async () => {},
};
