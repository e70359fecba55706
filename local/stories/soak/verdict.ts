import { caseOf } from "../../../lib/domain/case/fold.ts";
import type { World } from "../../world/world.ts";
import { always, finally_, withinBudget, withinRoles } from "../invariants/invariants.ts";
import type { Witness } from "../invariants/witness.ts";

/** What every invariant found, and how much it looked at. */
export interface Verdict {
  readonly keys: number;
  readonly cases: number;
  readonly entries: number;
  readonly permitsUsed: number;
  readonly ends: Readonly<Record<string, number>>;
  /** In words, each with its key. */
  readonly violations: readonly string[];
}

export async function judge(
  world: World,
  witness: Witness,
  calls: readonly { readonly at: number }[],
): Promise<Verdict> {
  const violations = [...withinRoles(world.hub.denied), ...withinBudget(calls)];
  const ends: Record<string, number> = {};
  let [cases, entries, permitsUsed] = [0, 0, 0];
  for (const keyArn of witness.keyArns) {
    const seen = await witness.witnessed(keyArn);
    const wrong = [...always, ...finally_].flatMap((holds) => holds(seen));
    violations.push(...wrong.map((violation) => `${violation} (${keyArn})`));
    cases += seen.chains.length;
    for (const chain of seen.chains) {
      entries += chain.entries.length;
      permitsUsed += chain.entries.filter(({ kind }) => kind === "permit-used").length;
      const { end: ended = "open", whyLeftDisabled } = caseOf(chain);
      const end = ended === "key-left-disabled" ? `${ended} (${whyLeftDisabled})` : ended;
      ends[end] = (ends[end] ?? 0) + 1;
    }
  }
  return { keys: witness.keyArns.length, cases, entries, permitsUsed, ends, violations };
}
