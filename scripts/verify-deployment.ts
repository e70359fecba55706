import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import pc from "picocolors";
import { createCloud } from "./deploy/cloud.ts";
import { lineOf, outcome } from "./deploy/preflight.ts";
import { createRunningStack } from "./deploy/running-stack.ts";
import { canary, verifyParts } from "./deploy/verify.ts";

const usage = `usage: npm run verify-deployment -- [--stage STAGE] [--region REGION] [--no-canary]

Looks whether a deployed stack works: stack, trail, rules, alarms, and a canary: DeleteKey on a key that does not exist, through the real trail and
rule, until the guard has it on record. No key is touched. CloudTrail takes minutes.

exit status: 0 all good or not to be seen, 1 something is bad, 2 usage.`;

if (process.argv.includes("--help")) {
  console.log(usage);
  process.exit(0);
}
const command = readCommand();
if (command === undefined) {
  console.error(usage);
  process.exit(2);
}
process.exitCode = (await verify(command)) ? 0 : 1;

function readCommand(): { stage: string; region: string; withCanary: boolean } | undefined {
  try {
    const options = {
      stage: { type: "string" },
      region: { type: "string" },
      "no-canary": { type: "boolean" },
    } as const;
    const { stage = "dev", region = process.env["AWS_REGION"] || "us-east-1", ...rest } = parseArgs({ options }).values;
    const sound = /^[a-z][a-z0-9-]{0,19}$/.test(stage) && /^[a-z]{2}(-[a-z]{1,16}){1,2}-\d{1,2}$/.test(region);
    return sound ? { stage, region, withCanary: rest["no-canary"] !== true } : undefined;
  } catch {
    return undefined;
  }
}

async function verify({ stage, region, withCanary }: NonNullable<typeof command>): Promise<boolean> {
  const cloud = createCloud(region);
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
