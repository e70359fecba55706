import { keyIn } from "../../domain/key/payment-key.ts";
import type { CaseFile } from "./case-file.ts";
import { decideCase } from "./decide-case.ts";
import { labelsOnce } from "./labels-once.ts";
import { policyFor } from "./pause-in-force.ts";
import type { Progress, Run } from "./run.ts";

/**
 * Judges an open question by the policy now in force, and records the decision only if it allows the deletion. Any other outcome leaves
 * the question as it was asked, so that no number of deployments adds entries. Labels that cannot be read never stop the question's own
 * deadline: they count as contested.
 */
export async function reconsiderQuestion(run: Run, file: CaseFile): Promise<Progress> {
  const { observation, guard, arn } = run;
  run.reconsidered = true;
  const key = keyIn(observation) ?? { arn };
  run.labels ??= labelsOnce(guard);
  const missing = { withoutRequester: true, withoutLabels: true };
  const decided = await decideCase(
    { ...guard, policy: policyFor(guard, file.state) },
    run.labels,
    file.state,
    key,
    missing,
  );
  if (decided?.effect.outcome === "allow") file.add(decided, guard.clock());
  return "go-on";
}
