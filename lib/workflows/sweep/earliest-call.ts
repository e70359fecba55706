import type { Case } from "../../domain/case/case.ts";
import { waitingPeriod } from "../../domain/key/waiting-period.ts";
import { dayMs, hourMs } from "../../domain/time.ts";
import type { Guard } from "../guard/run.ts";

/** How far (ms) `DeletePendingTimestamp` may lie from request time plus waiting period. */
const slackMs = dayMs;
/** The inventory reads for some minutes, and notes the time at which it began. */
const inventorySlackMs = hourMs;

/**
 * Returns the earliest time (ms) of the call that led to the deletion of `state`: by the longest waiting period, and by when the inventory
 * last saw the key alive. An inventory that cannot be read only makes it earlier.
 */
export async function earliestCall({ inventory }: Pick<Guard, "inventory">, state: Case): Promise<number> {
  const { keyArn, deletePendingAt, openedAt } = state;
  const seen = await inventory.lastSeen(keyArn).catch(() => undefined);
  const byWaiting = (deletePendingAt ?? openedAt) - waitingPeriod.longest - slackMs;
  // The inventory may have seen the key since, if it was restored.
  return seen === undefined || seen.at > openedAt ? byWaiting : Math.max(byWaiting, seen.at - inventorySlackMs);
}
