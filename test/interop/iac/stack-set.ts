import { join } from "node:path";
import { stackSetCommands } from "../../../scripts/deploy/stack-set-commands.ts";
import { readStackSetOptions } from "../../../scripts/deploy/stack-set-plan.ts";
import { pythonTools, runProgram } from "../cache.ts";
import type { Check } from "../part.ts";

export const cliVersions = { boto3: "1.44.8", awscli: "1.46.3" };

/** Has the AWS CLI check the commands of a stack set against CloudFormation's model, without calling it. */
export async function stackSetChecks(): Promise<readonly Check[]> {
  const tools = pythonTools(`boto3==${cliVersions.boto3}`, `awscli==${cliVersions.awscli}`);
  const read = readStackSetOptions({
    ...{ bucket: "acme-reprieve", stage: "prod", units: "ou-ab12-cdef3456,r-ab12", regions: "us-east-1,eu-west-1" },
    ...{ maxConcurrent: "3", failureTolerance: "2", delegatedAdmin: true, parameter: ["Monitoring=slim"] },
  });
  if (!read.ok) throw new Error(read.faults.join("; "));
  const { create, deploy, protect, update } = stackSetCommands(read.plan, { "cost center": "42" });
  const env = { AWS_DEFAULT_REGION: "us-east-1", PATH: `${tools}:${process.env["PATH"] ?? ""}` };
  return await Promise.all(
    Object.entries({ create, deploy, protect, update }).map(async ([name, command]) => {
      const ran = await runProgram("bash", ["-c", `${command} --generate-cli-skeleton output`], {
        cwd: join(tools, ".."),
        env,
      });
      return {
        name: `the AWS CLI takes the command: ${name}`,
        holds: ran.status === 0 && ran.stdout.startsWith("{"),
        ...(ran.status !== 0 && { found: `${command}\n${ran.stderr}` }),
      };
    }),
  );
}
