import { setTimeout as pause } from "node:timers/promises";
import { fromEnv } from "@aws-sdk/credential-provider-env";
import { stackProbes } from "../cli/health/stack-probes.ts";
import { callTimeouts } from "../cli/stack/call-timeouts.ts";
import { policyHashOf, readPolicyFile } from "./bundle.ts";
import type { Check } from "./deploy/check.ts";
import { createCloud } from "./deploy/cloud.ts";
import { loadStage } from "./deploy/load-stage.ts";
import { accountCheck } from "./deploy/preflight.ts";
import { createRunningStack } from "./deploy/running-stack.ts";
import { printing } from "./deploy/shown.ts";
import { canary, canaryKeyArn, conclusion, verifyParts } from "./deploy/verify.ts";
import { readVerifyCommand, type VerifyCommand } from "./deploy/verify-command.ts";

// Run once per place, in an environment that holds the credentials to ask with and nothing else of the machine's AWS configuration.
const read = readVerifyCommand(process.argv.slice(2));
if (!read.ok) throw new Error(read.faults.join("\n"));
process.exitCode = (await verify(read.command)) ? 0 : 1;

async function verify(command: VerifyCommand): Promise<boolean> {
  const { stage, stageFile, account, region = "us-east-1", endpointUrl, withCanary, json } = command;
  const show = printing(json);
  const loaded = loadStage(stage, stageFile);
  const file = loaded.ok ? loaded.file : undefined;
  const place = file?.places.find((each) => each.account === account && each.region === region);
  if (file === undefined || place === undefined) {
    show({ kind: "error", text: `${stageFile} was changed meanwhile: verify again` });
    return false;
  }
  const credentials = await fromEnv()();
  const access = { credentials, region, ...(endpointUrl !== undefined && { endpointUrl }) };
  const cloud = createCloud(access);
  const stack = createRunningStack(stage, access);
  const endpoint = endpointUrl !== undefined && { endpoint: endpointUrl };
  const settings = { region, maxAttempts: 2, credentials: async () => credentials, ...endpoint, ...callTimeouts };
  const identity = await accountCheck(cloud, place.account);
  show({ kind: "check", ...identity });
  if (identity.verdict !== "good") return false;
  const policy = readPolicyFile(file.policyFile);
  const stackName = `reprieve-${stage}`;
  const built = { mode: policy.mode, policyHash: policyHashOf(policy), settings: place.settings };
  const health = stackProbes(stage, settings, Date.now);
  const checks: Check[] = [...(await verifyParts(cloud, stack, health, { stackName, stage, region, ...built }))];
  for (const check of checks) show({ kind: "check", ...check });
  const isThere = checks.length > 1;
  if (withCanary && isThere) {
    if (!json) console.log("… canary                 waiting for CloudTrail; it may take some minutes");
    const [, partition = "aws"] = (await cloud.caller()).arn.split(":");
    const keyArn = canaryKeyArn({ partition, account: place.account, region });
    const flown = await canary(stack, keyArn, { clock: Date.now, pause });
    show({ kind: "check", ...flown });
    checks.push(flown);
  }
  const { passed, text } = conclusion(checks);
  if (text !== undefined) show({ kind: "error", text });
  return passed;
}
