import type { Command } from "commander";
import { quoted } from "../../lib/domain/printable-text.ts";
import type { PackageContext } from "../package/package-options.ts";
import { UsageError } from "../shell/input-error.ts";
import type { End } from "../shell/terminal.ts";
import type { WitnessPackageOptions } from "./package-witness.ts";

/** The witness of the audit log, which is deployed into another account. */
export function addWitnessCommands(program: Command, context: PackageContext, end: End): void {
  const witness = program.command("witness").description("the witness of the audit log, for another account");
  witness
    .command("package")
    .description("write the witness's zip and template, to deploy into another account")
    .option("--out <dir>", "the new folder", "reprieve-witness")
    .option("--release <dir>", "the released files (default: those that came with this command)")
    .option("--json", "answer with one JSON object")
    .addHelpText(
      "after",
      `
Needs no checkout, bundler, credentials or network. Checks the released files against their SHA256SUMS, and prints the AWS commands that
deploy the result. The account has to have other administrators than the stack's: docs/witness.md.`,
    )
    .action(async (options: WitnessPackageOptions) => {
      end(await (await import("./package-witness.ts")).packageWitness(options, context));
    });
  witness
    .command("key")
    .description("print the verifier key of a witness, for `witness.key` and --witness")
    .addHelpText(
      "after",
      `
Takes the public key as KMS gives it, in the witness's account:
  aws kms get-public-key --key-id ARN --query PublicKey --output text | base64 -d > witness.der`,
    )
    .argument("<file>", "the public key, in DER")
    .requiredOption("--name <name>", "the name that the witness was deployed with (WitnessName)")
    .action(async (file: string, { name }: { name: string }) => {
      if (!/^[\w./@:-]{1,200}$/.test(name))
        throw new UsageError(`expected a name such as witness.example.com/payments-prod, found ${quoted(name)}`);
      context.print(await (await import("./package-witness.ts")).witnessKeyText(file, name));
    });
}
