import type { Command } from "commander";
import { quoted } from "../../lib/domain/printable-text.ts";
import { isStage } from "../../lib/domain/stack-place.ts";
import { defaultPolicyFile } from "../policy/policy-defaults.ts";
import { UsageError } from "../shell/input-error.ts";
import type { End } from "../shell/terminal.ts";
import type { PackageContext, PackageOptions } from "./package-options.ts";

/** A released stack and a checked policy, made into what is deployed. */
export function addPackageCommand(program: Command, context: PackageContext, end: End): void {
  program
    .command("package")
    .description("put a checked policy into the released functions: zips and a template to deploy")
    .option("--policy <file>", "the policy, or - for standard input", defaultPolicyFile)
    .option("--stage <stage>", "the stage in the names of the stack", "dev")
    .option("--out <dir>", "the new folder", "reprieve-package")
    .option("--release <dir>", "the released zips and template (default: those that came with this command)")
    .option(
      "--from-source",
      "build the sources of this checkout into .build/package, with the settings of a development stack",
    )
    .option("--json", "answer with one JSON object")
    .addHelpText(
      "after",
      `
Needs no checkout, bundler, credentials or network. Checks the released files against their SHA256SUMS and the policy as \`reprieve policy check\`
does, and prints the AWS commands that deploy the result. A released zip holds no policy: unless one is put in, its function does not start.`,
    )
    .action(async (options: PackageOptions) => {
      if (!isStage(options.stage))
        throw new UsageError(`expected a stage such as prod, found ${quoted(options.stage)}`);
      if (options.fromSource) {
        end((await (await context.deploymentTools()).packageFromSource(options)) ? 0 : 1);
        return;
      }
      end(await (await import("./run-package.ts")).packaging(options, context));
    });
}
