import { execFileSync } from "node:child_process";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exampleIn } from "../../infra/infrastructure-as-code.ts";
import { fill, runProgram } from "../cache.ts";
import { type Check, equal } from "../part.ts";

export const cdkVersion = "2.275.0";
const constructsVersion = "10.8.1";

interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string }>>;
  readonly Parameters: Readonly<Record<string, { readonly Default?: unknown }>>;
  readonly Conditions: Readonly<Record<string, unknown>>;
  readonly Outputs: Readonly<Record<string, unknown>>;
}

/** Synthesizes the CDK example, and compares what comes out with the template that goes in. */
export async function cdkChecks(folder: string, text: string): Promise<readonly Check[]> {
  const installed = fill(`aws-cdk-lib_${cdkVersion}`, (partial) => {
    const packages = [`aws-cdk-lib@${cdkVersion}`, `constructs@${constructsVersion}`];
    const args = ["install", "--prefix", partial, "--ignore-scripts", "--no-audit", "--no-fund", ...packages];
    execFileSync("npm", args, { stdio: "inherit", timeout: 600_000 });
  });
  symlinkSync(join(installed, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "app.mts"), exampleIn("ts"));
  const env = { CDK_OUTDIR: join(folder, "cdk.out") };
  const ran = await runProgram(process.execPath, [join(folder, "app.mts")], { cwd: folder, env });
  if (ran.status !== 0) throw new Error(`the CDK example fails: ${ran.stderr}`);
  const made = JSON.parse(readFileSync(join(folder, "cdk.out/Reprieve.template.json"), "utf8")) as Template;
  return compared(made, JSON.parse(text) as Template);
}

/** The CDK adds its metadata, and the version of its own stack as a parameter. */
function compared(made: Template, template: Template): readonly Check[] {
  const { BootstrapVersion: _own, ...parameters } = made.Parameters;
  const resources = Object.entries(made.Resources).filter(([, { Type }]) => Type !== "AWS::CDK::Metadata");
  const different = resources.flatMap(([id, resource]) => (same(resource, template.Resources[id]) ? [] : [id]));
  const { CodeBucket, TableProtection, Monitoring } = parameters;
  return [
    equal(
      "the CDK's stack has the resources of the template",
      resources.map(([id]) => id).sort(),
      ids(template.Resources),
    ),
    equal("the CDK leaves every resource as it is", different, []),
    equal("the CDK keeps the template's parameters", ids(parameters), ids(template.Parameters)),
    equal(
      "the CDK keeps its conditions and outputs",
      [made.Conditions, made.Outputs].map(sorted),
      [template.Conditions, template.Outputs].map(sorted),
    ),
    equal(
      "the CDK gives the example's values",
      [CodeBucket, TableProtection, Monitoring].map((each) => each?.Default),
      ["acme-reprieve-us-east-1", "off", "full"],
    ),
  ];
}

const ids = (named: object) => Object.keys(named).sort();
const same = (one: unknown, other: unknown) => JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));

/** The value with the fields of every object in one order, and each dependency as a list. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    entries.map(([name, each]) => [name, name === "DependsOn" ? [each].flat().sort() : sorted(each)]),
  );
}
