import { hourOf } from "../../domain/deletion/repeated-deletions.ts";
import { dayText } from "../../domain/ledger/day-name.ts";
import { keysList } from "../../domain/stack/keys-list.ts";
import type { PolicyInForce } from "../../domain/stack/policy-record.ts";
import type { InventoriedKey } from "../ports/guard.ts";
import type { CallBook, StackBook } from "../ports/stack.ts";
import type { ListedAlias } from "../ports/sweep.ts";
import { recordCounts } from "./record-counts.ts";
import { hasKeysOf, recordKeys } from "./record-keys.ts";
import { type PolicyDeps, recordPolicy } from "./record-policy.ts";

/** What the sweep records of the stack itself. */
export interface StackRecords {
  /** Once an hour: the policy in force, if it is new, and failed calls that were only counted. Throws what the books throw; then the next sweep tries again. */
  readonly recordHourly: () => Promise<void>;
  /** Records the list of all keys, as seen at `at` (ms); `aliases` is undefined where they could not be listed. Throws what the book throws. */
  readonly recordKeys: (
    keys: readonly InventoriedKey[],
    aliases: readonly ListedAlias[] | undefined,
    at: number,
  ) => Promise<void>;
  /** Answers whether the list of the day of `at` (ms) is recorded. Throws what the book throws. */
  readonly hasKeysOf: (at: number) => Promise<boolean>;
}

interface StackRecordsDeps extends PolicyDeps {
  readonly book: StackBook;
  readonly calls: Pick<CallBook, "counted" | "save">;
  readonly policy: PolicyInForce;
}

/** What it remembers between sweeps only saves reading. */
export function createStackRecords(deps: StackRecordsDeps): StackRecords {
  let recordedIn: number | undefined;
  let listedOn: string | undefined;
  return {
    recordHourly: async () => {
      const now = deps.clock();
      if (hourOf(now) === recordedIn) return;
      // A policy that cannot be recorded keeps no count off the record: counts are looked at for some hours alone.
      const [ofPolicy, ofCounts] = await Promise.allSettled([
        recordPolicy(deps, deps.policy),
        recordCounts(deps.calls, now),
      ]);
      for (const each of [ofPolicy, ofCounts]) if (each.status === "rejected") throw each.reason;
      recordedIn = hourOf(now);
    },
    recordKeys: async (keys, aliases, at) => {
      await recordKeys(deps.book, keysList(keys, aliases && countByKey(aliases)), at);
      listedOn = dayText(at);
    },
    hasKeysOf: async (at) => {
      if (listedOn !== dayText(at) && (await hasKeysOf(deps.book, at))) listedOn = dayText(at);
      return listedOn === dayText(at);
    },
  };
}

function countByKey(aliases: readonly ListedAlias[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { target } of aliases) if (target !== undefined) counts.set(target, (counts.get(target) ?? 0) + 1);
  return counts;
}
