import { recordedState } from "../../domain/change/change-entries.ts";
import { foldChange } from "../../domain/change/change-state.ts";
import type { Chain } from "../../domain/ledger/chain.ts";
import { hourOfChange } from "../../domain/ledger/change-name.ts";
import { isUndoing } from "../../domain/policy/change-outcome.ts";
import type { ChangeDeps } from "./change-deps.ts";
import { readable } from "./recorded-before.ts";
import type { Sight } from "./see-change.ts";

/**
 * Returns whether it is on record that a later change, which nothing undoes, led to the same state: a key that someone stopped was stopped again by a person
 * who may. INVARIANT: what the policy or people let stand is never undone with an earlier change. Reads the chain of the next hour too, where that has begun.
 */
export async function isMadeSince(
  { book, clock }: Pick<ChangeDeps, "book" | "clock">,
  { recorded, seen }: Pick<Sight, "recorded" | "seen">,
  chain: Chain,
): Promise<boolean> {
  const name = foldChange(chain)?.name;
  if (name === undefined || seen.after === undefined) return false;
  const next = hourOfChange(clock()) > name.hour ? await readable(book, { ...name, hour: name.hour + 1 }) : undefined;
  const { sha256 } = recordedState(seen.after);
  const isLater = isLaterThan(recorded);
  return [chain, next].some((each) =>
    standingIn(each).some((change) => isLater(change) && change.after?.sha256 === sha256),
  );
}

function isLaterThan({ eventId, at }: Sight["recorded"]) {
  return (change: { readonly eventId?: string | undefined; readonly changedAt: number }) =>
    change.eventId !== eventId && change.changedAt >= at;
}

/** The changes of a chain that neither policy nor people want undone. */
function standingIn(chain: Chain | undefined) {
  const { detected = [], verdicts = [] } = (chain && foldChange(chain)) ?? {};
  return detected.filter((_, n) => {
    const outcome = verdicts[n]?.outcome;
    return outcome !== undefined && !isUndoing(outcome);
  });
}
