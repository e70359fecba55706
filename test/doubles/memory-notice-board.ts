import { type CountedDeletion, hourOf } from "../../lib/domain/deletion/repeated-deletions.ts";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { noBurst } from "../../lib/notices/burst.ts";
import type { BurstRecord, DeletionLedger, NoticeBoard, NoticeRecord } from "../../lib/workflows/ports/notices.ts";

interface Item {
  readonly record: NoticeRecord | BurstRecord;
  readonly claim?: { readonly owner: string; readonly until: number };
}

/** What was announced, in memory; held to the same contract suite as the real board. */
export function createMemoryNoticeBoard(): NoticeBoard & { readonly items: Map<string, Item> } {
  const items = new Map<string, Item>();
  const claim = <Told extends Item["record"]>(
    id: string,
    none: Told,
    [owner, now, until]: [string, number, number],
  ) => {
    const item = items.get(id);
    if (item?.claim !== undefined && item.claim.until > now) return undefined;
    const record = (item?.record ?? none) as Told;
    items.set(id, { record, claim: { owner, until } });
    return record;
  };
  const save = (id: string, owner: string, record: Item["record"], release: boolean) => {
    const claim = items.get(id)?.claim;
    if (claim?.owner !== owner) throw new GuardError("CASE_CLAIMED", "retry", "the claim to tell was lost");
    items.set(id, release ? { record } : { record, claim });
  };
  return {
    items,
    claim: async ({ series, number: index }, ...claimant) =>
      claim<NoticeRecord>(`${series}#${index}`, { told: 0, mailed: 0, escalated: 0 }, claimant),
    save: async ({ series, number: index }, owner, record, release) =>
      save(`${series}#${index}`, owner, record, release),
    claimBurst: async (...claimant) =>
      claim<BurstRecord>("burst", { shown: true, mailed: 0, burst: noBurst }, claimant),
    saveBurst: async (owner, record, release) => save("burst", owner, record, release),
  };
}

/** Counted deletions in memory. */
export function createMemoryLedger(): DeletionLedger {
  interface Hour {
    readonly deletions: Map<string, CountedDeletion>;
    alarmAt?: number;
  }
  const hours = new Map<string, Hour>();
  const hour = (principal: string, index: number) => {
    const id = `${principal}#${index}`;
    const found: Hour = hours.get(id) ?? { deletions: new Map() };
    hours.set(id, found);
    return found;
  };
  return {
    count: async (principal, deletion) => {
      const index = hourOf(deletion.at);
      hour(principal, index).deletions.set(deletion.eventId, deletion);
      const around = [index - 1, index, index + 1].map((each) => hour(principal, each));
      return {
        deletions: around.flatMap(({ deletions }) => [...deletions.values()]),
        alarms: around.flatMap(({ alarmAt }) => alarmAt ?? []),
      };
    },
    markAlarm: async (principal, at) => {
      hour(principal, hourOf(at)).alarmAt ??= at;
    },
  };
}
