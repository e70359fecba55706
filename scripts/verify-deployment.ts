import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import pc from "picocolors";
import { isRegion, isStage } from "../lib/domain/stack-place.ts";
import { createCloud } from "./deploy/cloud.ts";
import { lineOf, outcome } from "./deploy/preflight.ts";
import { createRunningStack } from "./deploy/running-stack.ts";
import { canary, verifyParts } from "./deploy/verify.ts";
import { optionsOrUsage } from "./options.ts";

const usage = `usage: npm run verify-deployment -- [--stage STAGE] [--region REGION] [--no-canary]

Looks whether a deployed stack works: stack, trail, rules, alarms, and a canary: DeleteKey on a key that does not exist, through the real trail and
rule, until the guard has it on record. No key is touched. CloudTrail takes minutes.

exit status: 0 all good or not to be seen, 1 something is bad, 2 usage.`;

interface Command {
  readonly stage: string;
  readonly region: string;
  readonly withCanary: boolean;
}

process.exitCode = (await verify(optionsOrUsage(usage, readCommand))) ? 0 : 1;

function readCommand(): Command | undefined {
  const options = { stage: { type: "string" }, region: { type: "string" }, "no-canary": { type: "boolean" } } as const;
  const { stage = "dev", region = process.env["AWS_REGION"] || "us-east-1", ...rest } = parseArgs({ options }).values;
  return isStage(stage) && isRegion(region) ? { stage, region, withCanary: rest["no-canary"] !== true } : undefined;
}

async function verify({ stage, region, withCanary }: Command): Promise<boolean> {
  const cloud = createCloud({ region });
  const stack = createRunningStack(stage, region);
  const caller = await outcome(cloud.caller());
  if (!caller.ok) {
    console.error(`${pc.red("✗")} ${caller.why}: sign in with \`aws sso login\`, or set AWS_PROFILE`);
    return false;
  }
  const checks = [...(await verifyParts(cloud, stack))];
  for (const check of checks) console.log(lineOf(check));
  if (withCanary) {
    console.log(pc.dim("… canary                 waiting for CloudTrail; it may take some minutes"));
    const keyArn = `arn:aws:payment-cryptography:${region}:${caller.value.account}:key/${randomBytes(8).toString("hex")}`;
    const flown = await canary(stack, keyArn, { clock: Date.now, pause });
    console.log(lineOf(flown));
    checks.push(flown);
  }
  return checks.every(({ verdict }) => verdict !== "bad");
}
