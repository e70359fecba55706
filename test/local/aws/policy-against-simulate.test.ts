import { runSimulation, type Simulation } from "@cloud-copilot/iam-simulate";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PolicyDocument } from "../../../local/aws/iam/policy/document.ts";
import { isPermitted, judgeByPolicy } from "../../../local/aws/iam/policy/evaluate.ts";
import { contextOf, keyArnOfPolicy, type RandomCall, randomCall, randomPolicy } from "../../doubles/random-policy.ts";

/** `npm run test:deep` compares more. */
const numRuns = process.env["REPRIEVE_DEEP"] === undefined ? 500 : 5_000;
const keyAccount = "111122223333";

function decidedHere(policy: PolicyDocument, call: RandomCall): boolean {
  const context = new Map(Object.entries(contextOf(call)).map(([key, value]) => [key.toLowerCase(), value]));
  const { principal, operation, identityAllows } = call;
  const action = `payment-cryptography:${operation}`;
  const verdict = judgeByPolicy(policy, { principal, action, resource: keyArnOfPolicy, context });
  return isPermitted(verdict, { identityAllows, sameAccount: principal.account === keyAccount });
}

async function decidedBySimulate(policy: PolicyDocument, call: RandomCall): Promise<boolean> {
  const everything = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
  const simulation: Simulation = {
    request: {
      principal: call.principal.arn,
      action: `payment-cryptography:${call.operation}`,
      resource: { resource: keyArnOfPolicy, accountId: keyAccount },
      contextVariables: Object.fromEntries(
        Object.entries(contextOf(call)).map(([key, value]) => [key, typeof value === "string" ? value : [...value]]),
      ),
    },
    identityPolicies: call.identityAllows ? [{ name: "identity", policy: everything }] : [],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    resourcePolicy: policy,
  };
  const answer = await runSimulation(simulation, {});
  if (answer.resultType === "error") throw new Error(JSON.stringify(answer.errors));
  return answer.overallResult === "Allowed";
}

describe("the evaluator of resource policies", () => {
  it(`decides as iam-simulate does, on ${numRuns} random policies`, async () => {
    let allowed = 0;
    await fc.assert(
      fc.asyncProperty(randomPolicy, randomCall, async (policy, call) => {
        const here = decidedHere(policy, call);
        allowed += Number(here);
        expect(here).toBe(await decidedBySimulate(policy, call));
      }),
      { numRuns, seed: 20_240_527 },
    );
    // Neither answer is so frequent that always giving it would pass.
    expect(allowed / numRuns).toBeGreaterThan(0.15);
    expect(allowed / numRuns).toBeLessThan(0.85);
  });
});
