import { join, resolve } from "node:path";
import { mallory } from "../../../local/world/people.ts";
import { root } from "../../../scripts/bundle.ts";
import { pythonTools, runProgram } from "../cache.ts";
import type { Check, Outcome, Part } from "../part.ts";
import { commandLineChecks } from "./command-line.ts";
import { startLocally } from "./npm-start.ts";

const versions = { boto3: "1.44.8", awscli: "1.46.3" };

/** Leads keys through their life with AWS's Python SDK and command line, against `npm start`. */
export const clients: Part = {
  name: "clients",
  software: `boto3 ${versions.boto3}, AWS CLI ${versions.awscli}`,
  run,
};

async function run(): Promise<Outcome> {
  const tools = pythonTools(`boto3==${versions.boto3}`, `awscli==${versions.awscli}`);
  const local = await startLocally();
  try {
    const checks = [
      ...(await commandLineChecks(join(tools, "aws"), local.endpoint, mallory.accessKeyId)),
      ...(await boto3Checks(join(tools, "python"), local.endpoint)),
    ];
    return { checks, deviations: [] };
  } finally {
    await local.stop();
  }
}

async function boto3Checks(python: string, endpoint: string): Promise<readonly Check[]> {
  const script = resolve(root, "test/interop/clients/life_cycle.py");
  const { status, stdout, stderr } = await runProgram(python, [script, endpoint]);
  const lines = stdout.split("\n").filter((line) => line !== "");
  const ended = { name: "boto3: the script ended", holds: status === 0, ...(status !== 0 && { found: stderr }) };
  return [...lines.map((line) => JSON.parse(line) as Check), ended];
}
