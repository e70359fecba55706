import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { account, region } from "../../../local/world/people.ts";
import { root } from "../../../scripts/bundle.ts";
import { developmentSettings } from "../../../scripts/deploy/settings.ts";
import { packageStack } from "../../../scripts/package.ts";
import { runProgram } from "../cache.ts";
import { type Check, equal, failedCheck, type Outcome, type Part } from "../part.ts";
import { consoleChecks } from "./console-check.ts";
import { freePort, startEmulator, version } from "./emulator.ts";
import { type Gateway, startGateway } from "./gateway.ts";
import { withLocalStage } from "./local-stage.ts";
import { makeTrail } from "./make-trail.ts";
import { deployedStack } from "./ministack-stage.ts";
import type { Stage } from "./stage.ts";
import { type Ending, entriesOf, type Story, stories } from "./stories.ts";
import { workarounds } from "./workarounds.ts";

/** Deploys the stack by `npm run deploy` into MiniStack, and plays the same stories there and in the local world. */
export const ministack: Part = { name: "ministack", software: `MiniStack ${version}`, run };

const policyFile = resolve(root, "local/policy.yaml");

async function run(): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), "reprieve-interop-"));
  const port = await freePort();
  const gateway = await startGateway(`http://127.0.0.1:${port}`);
  try {
    return await runOn(port, gateway, folder);
  } finally {
    await gateway.stop();
    rmSync(folder, { recursive: true });
  }
}

async function runOn(port: number, gateway: Gateway, folder: string): Promise<Outcome> {
  const emulator = await startEmulator(port, gateway.url);
  try {
    await makeTrail(gateway.url);
    const checks = await deployAndPlay(gateway, folder).catch((error) => [failedCheck(error)]);
    const log = checks.every(({ holds }) => holds) ? {} : { log: emulator.logTail() };
    return { checks, deviations: workarounds, ...log };
  } finally {
    await emulator.stop();
  }
}

async function deployAndPlay(gateway: Gateway, folder: string): Promise<readonly Check[]> {
  const created = await deploy(gateway, folder, 1.5);
  if (!created.holds) return [created];
  const { stage, described, waiting } = deployedStack(gateway, "reprieve-dev");
  const [first, ...others] = Object.entries(stories);
  const before = await playAll(stage, first === undefined ? [] : [first]);
  const updated = await deploy(gateway, folder, 1.2);
  const { StackStatus, GuardCallsPerSecond } = await described();
  const found = { ...before, ...(await playAll(stage, others)) };
  const settings = developmentSettings;
  const stack = await packageStack({ policyFile, stage: "dev", settings, outDir: join(folder, "package") });
  const expected = await withLocalStage(stack, async (local) => await playAll(local, Object.entries(stories)));
  return [
    created,
    updated,
    equal("the update changed the stack's parameter", [StackStatus, GuardCallsPerSecond], ["UPDATE_COMPLETE", "1.2"]),
    ...Object.keys(stories).map((name) =>
      equal(`${name}, with the local world's records and calls`, found[name], expected[name]),
    ),
    ...Object.entries(found).map(([name, { enabled }]) => ({ name: `usable in the end: ${name}`, holds: enabled })),
    ...(await consoleChecks(gateway.url, await casesOf(stage))),
    equal("no message is left in any queue, dead letters included", await waiting(), {}),
  ];
}

/** The kinds of the entries of each case; every story's key was deleted once. */
async function casesOf(stage: Stage): Promise<Record<string, readonly string[]>> {
  const arns = stage.plane.keys().map(({ KeyArn }) => KeyArn);
  const read = await Promise.all(arns.map(async (arn) => [`${arn}#1`, await entriesOf(stage, arn)] as const));
  return Object.fromEntries(read.filter(([, entries]) => entries.length > 0));
}

async function playAll(stage: Stage, chosen: readonly (readonly [string, Story])[]): Promise<Record<string, Ending>> {
  const endings: Record<string, Ending> = {};
  for (const [name, story] of chosen)
    endings[name] = await story(stage).catch((error) => {
      throw new Error(`${name}: ${String(error)}`, { cause: error });
    });
  return endings;
}

/** Runs the deploy command as an operator does. */
async function deploy(gateway: Gateway, folder: string, callsPerSecond: number): Promise<Check> {
  const file = join(folder, "dev.yaml");
  writeFileSync(file, stageFile(callsPerSecond));
  // The emulator knows neither quotas nor simulations of IAM.
  const unchecked = "concurrency,leftovers,second-stage,permissions,policy";
  const args = ["--stage", "dev", "--file", file, "--endpoint-url", gateway.url, "--yes", "--unchecked", unchecked];
  const env = { AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local", AWS_REGION: region, NO_COLOR: "1" };
  const ran = await runProgram(process.execPath, [resolve(root, "cli/reprieve.ts"), "deploy", ...args], {
    env,
    cwd: root,
  });
  const output = `${ran.stdout}\n${ran.stderr}`;
  const name = `npm run deploy succeeds, at ${callsPerSecond} calls a second`;
  return { name, holds: ran.status === 0, ...(ran.status !== 0 && { found: output }) };
}

function stageFile(callsPerSecond: number): string {
  const { auditLock, retentionDays, functionPolicies } = developmentSettings;
  // Tags, a path and an account of few executions: what an organization asks for.
  const organization = {
    rolePath: "/reprieve/",
    tags: { team: "payments" },
    reservedConcurrency: "off",
    monitoring: "slim",
  };
  const none = [
    "alarmMail",
    "noticeMail",
    "signingKey",
    "witness",
    "auditKey",
    "slack",
    "deployerRole",
    "breakGlassRole",
    "permissionsBoundary",
    "cloudFormationRole",
  ];
  return `${JSON.stringify({
    stage: "dev",
    places: [{ account, region, profile: "none", slackApp: "none" }],
    policy: policyFile,
    auditLock,
    retentionDays,
    functionPolicies,
    ...organization,
    guardCallsPerSecond: callsPerSecond,
    ...Object.fromEntries(none.map((setting) => [setting, "none"])),
  })}\n`;
}
