import { type CountedCall, isDeletion } from "./calls.ts";
import { type Compared, isWithin } from "./compared.ts";
import { type Matching, matchCalls, placeOf, reportUnnamed } from "./match-calls.ts";
import type { Population } from "./result.ts";
import type { CaseClaims, Claim } from "./trail-claims.ts";

/** Compares the DeleteKey calls with the cases. */
export function compareDeletions(compared: Compared): Population {
  const { trail, calls, differences } = compared;
  const matching: Matching = {
    claims: trail.deletions,
    calls: calls.calls(isDeletion),
    isSameKey,
    onMatch: (call, claim) => {
      const { outside } = trail.cases.get(claim.chain) ?? {};
      if (outside === undefined) return;
      const why = outside === "paused" ? "enforcement was paused" : "the policy only observed";
      differences.add({ class: "K", says: `on record, and not acted on: ${why}`, ...placeOf(call, claim) });
    },
  };
  const population = matchCalls(compared, matching);
  reportUnnamed(compared, matching, isDeletion);
  for (const each of trail.cases.values()) {
    if (each.hasRequest || !isWithin(compared.time, each.detectedAt)) continue;
    differences.add({
      class: "E",
      at: each.detectedAt,
      keyArn: each.keyArn,
      chain: each.chain,
      says: withoutEvent(each),
    });
  }
  return population;
}

/** The key that CloudTrail names by its ARN; by its alias only where it names nothing else. */
function isSameKey({ versions }: CountedCall, claim: Claim): boolean {
  return versions.some(({ keyArn, alias }) =>
    keyArn === undefined
      ? alias !== undefined && alias === claim.alias
      : claim.keyArns.every((claimed) => claimed === keyArn),
  );
}

function withoutEvent({ isMissed }: CaseClaims): string {
  return isMissed
    ? "no event arrived and the event history had none either: find the call that scheduled the deletion"
    : "the case names no call, and does not say that one was looked for in vain";
}
