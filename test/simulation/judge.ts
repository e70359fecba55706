import { caseOf } from "../../lib/domain/case/fold.ts";
import { always, chainsIntact, everyCaseEnds, everythingTold, intentBeforeEffect, withinRoles } from "./local.ts";
import { promises } from "./promise/all.ts";
import { mayHaveDied } from "./promise/no-unallowed-death.ts";
import { type Evidence, hasLastingFault } from "./promise/promise.ts";
import type { Simulation } from "./world.ts";

/** The result of a run. */
export interface Verdict {
  readonly violations: readonly string[];
  /** How many cases came to each end. */
  readonly ends: Readonly<Record<string, number>>;
}

/** Judges a run: by the promise, which reads no case, and beside it by the project's own invariants. */
export async function judge(sim: Simulation, evidence: Evidence): Promise<Verdict> {
  const violations = [...promises.flatMap((holds) => holds(evidence)), ...withinRoles(sim.denied)];
  const ends: Record<string, number> = {};
  for (const [key, { KeyArn, KeyState }] of evidence.keys.entries()) {
    const seen = await sim.witness.witnessed(KeyArn);
    const isOver = KeyState !== "DELETE_PENDING" && !hasLastingFault(evidence.plan);
    const holding = [...always, chainsIntact, ...(isOver ? [everyCaseEnds, everythingTold] : [])];
    const found = holding.flatMap((holds) => holds(seen)).filter((text) => !isExcused(evidence, key, text));
    violations.push(...found.map((text) => `${text} (key ${key})`));
    for (const chain of seen.chains) {
      const end = caseOf(chain).end ?? "open";
      ends[end] = (ends[end] ?? 0) + 1;
    }
  }
  for (const alias of new Set(evidence.chronicle.changes.flatMap((change) => change.alias ?? []))) {
    const found = intentBeforeEffect(await sim.witness.witnessed(alias));
    violations.push(...found.map((text) => `${text} (${alias})`));
  }
  return { violations, ends };
}

/** Whether I1 names a key that nothing could restore. */
function isExcused(evidence: Evidence, key: number, text: string): boolean {
  const at = evidence.chronicle.deaths.find((death) => death.key === key)?.at ?? 0;
  const deletion = evidence.chronicle.deletionsOf(key).findLast((each) => each.at < at);
  return text.startsWith("I1:") && deletion !== undefined && mayHaveDied(evidence, deletion, at);
}

/** Returns whether nothing is left to be done for the keys. */
export async function isSettled(sim: Simulation, arns: readonly string[]): Promise<boolean> {
  for (const arn of arns) if (everyCaseEnds(await sim.witness.witnessed(arn)).length > 0) return false;
  return true;
}
