import { repeatedDeletions } from "../../domain/deletion/repeated-deletions.ts";
import type { DeletionRequest } from "../../domain/deletion/request.ts";
import type { CaseName } from "../../domain/ledger/case-name.ts";
import { principalOf } from "../../domain/people/requester.ts";
import type { CaseStore, Log } from "../ports/guard.ts";
import type { DeletionLedger, RaiseAlarm } from "../ports/notices.ts";

/** What counting deletions works with: never a key, and nothing that a restore waits for. */
export interface DeletionWatch {
  readonly cases: Pick<CaseStore, "read">;
  readonly ledger: DeletionLedger;
  readonly raise: RaiseAlarm;
  readonly log: Log;
}

/** Counts the deletions of a case for each principal that requested them, and raises the alarm on one that deletes repeatedly. */
export async function watchDeletions(watch: DeletionWatch, name: CaseName): Promise<void> {
  const stored = await watch.cases.read(name);
  for (const entry of stored?.chain.entries ?? [])
    if ((entry.kind === "deletion-detected" || entry.kind === "requester-learned") && entry.request !== undefined)
      await countDeletion(watch, name, entry.request);
}

async function countDeletion(
  { ledger, raise, log }: DeletionWatch,
  { keyArn }: CaseName,
  { eventId, at, requester }: DeletionRequest,
): Promise<void> {
  const principal = principalOf(requester);
  const { deletions, alarms } = await ledger.count(principal, { eventId, at, keyArn });
  const alarm = repeatedDeletions(principal, deletions, alarms, at);
  if (alarm === undefined) return;
  // Raised first: a crash in between raises it twice, and people are notified once all the same.
  await raise(alarm);
  await ledger.markAlarm(principal, at);
  log("DELETIONS_REPEATED", { ...alarm });
}
