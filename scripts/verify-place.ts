import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { fromEnv } from "@aws-sdk/credential-provider-env";
import pc from "picocolors";
import { policyHashOf, readPolicyFile } from "./bundle.ts";
import { printError } from "./deploy/at-places.ts";
import { type Check, lineOf } from "./deploy/check.ts";
import { createCloud } from "./deploy/cloud.ts";
import { loadStage } from "./deploy/load-stage.ts";
import { accountCheck } from "./deploy/preflight.ts";
import { createRunningStack } from "./deploy/running-stack.ts";
import { canary, conclusion, verifyParts } from "./deploy/verify.ts";
import { readVerifyCommand, type VerifyCommand, verifyUsage } from "./deploy/verify-command.ts";
import { optionsOrUsage } from "./options.ts";

// Run by verify-deployment.ts, once per place, in an environment that holds the credentials to ask with and nothing else of the machine's AWS configuration.
const command = optionsOrUsage(verifyUsage, () => readVerifyCommand(process.argv.slice(2)));
process.exitCode = (await verify(command)) ? 0 : 1;

async function verify({ stage, stageFile, account, region = "us-east-1", endpointUrl, withCanary }: VerifyCommand) {
  const loaded = loadStage(stage, stageFile);
  const file = loaded.ok ? loaded.file : undefined;
  const place = file?.places.find((each) => each.account === account && each.region === region);
  if (file === undefined || place === undefined) {
    printError(`${stageFile} was changed meanwhile: verify again`);
    return false;
  }
  const access = { credentials: await fromEnv()(), region, ...(endpointUrl !== undefined && { endpointUrl }) };
  const cloud = createCloud(access);
  const stack = createRunningStack(stage, access);
  const identity = await accountCheck(cloud, place.account);
  console.log(lineOf(identity));
  if (identity.verdict !== "good") return false;
  const policy = readPolicyFile(file.policyFile);
  const policyHash = policyHashOf(policy);
  const { settings } = place;
  const intended = { stackName: `reprieve-${stage}`, region, settings, mode: policy.mode, policyHash };
  const checks: Check[] = [...(await verifyParts(cloud, stack, intended))];
  for (const check of checks) console.log(lineOf(check));
  const isThere = checks.length > 1;
  if (withCanary && isThere) {
    console.log(pc.dim("… canary                 waiting for CloudTrail; it may take some minutes"));
    const [, partition] = (await cloud.caller()).arn.split(":");
    const key = randomBytes(8).toString("hex");
    const keyArn = `arn:${partition}:payment-cryptography:${region}:${place.account}:key/${key}`;
    const flown = await canary(stack, keyArn, { clock: Date.now, pause });
    console.log(lineOf(flown));
    checks.push(flown);
  }
  const { passed, text } = conclusion(checks);
  if (text !== undefined) printError(text);
  return passed;
}
