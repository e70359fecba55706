import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { root } from "../../../scripts/bundle.ts";
import { exampleIn, parameterMistakes } from "../../infra/infrastructure-as-code.ts";
import { pythonTools, runProgram } from "../cache.ts";
import { type Check, equal } from "../part.ts";

export const hclVersion = "8.1.4";

/** Has python-hcl2 parse the Terraform example. */
export async function terraformChecks(folder: string, template: string): Promise<readonly Check[]> {
  const file = join(folder, "main.tf");
  writeFileSync(file, exampleIn("hcl"));
  const tools = pythonTools(`python-hcl2==${hclVersion}`);
  const script = resolve(root, "test/interop/iac/parameters.py");
  const { stdout, stderr } = await runProgram(join(tools, "python"), [script, file]);
  if (stdout === "") throw new Error(`python-hcl2: ${stderr}`);
  const { name, parameters } = JSON.parse(stdout) as { readonly name: string; readonly parameters: readonly string[] };
  return [
    equal("Terraform's stack is the one that the command looks for", name, "reprieve-prod"),
    equal(
      "Terraform gives parameters of the template, and all that it needs",
      parameterMistakes(parameters, JSON.parse(template)),
      [],
    ),
  ];
}
