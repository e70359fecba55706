import type { Command } from "commander";
import { logOrigin } from "../../lib/domain/log/origin.ts";
import { verifierKeyText } from "../../lib/domain/log/verifier-key.ts";
import { quoted } from "../../lib/domain/printable-text.ts";
import { UsageError } from "../shell/input-error.ts";
import type { End } from "../shell/terminal.ts";
import { casesTableOf, ofStack, type PlaceDefaults, type PlaceOptions, stackFrom } from "../stack/aws-place.ts";
import { publicKeyIn } from "../trail/expected-keys.ts";
import type { TrailContext } from "../trail/trail-context.ts";
import { digestFrom, expectedFrom, type KeyOptions, type TimeOptions, timeFrom } from "./asked.ts";
import type { StackToRead } from "./audit-command.ts";

interface JsonOption {
  readonly json?: true;
}

/** Adds the commands of the audit trail: export, verify, prove, key, report. */
export function addAuditCommands(program: Command, context: TrailContext, end: End): void {
  const audit = program.command("audit").description("the audit trail: export, verify, prove, report");
  addExportCommand(audit, context);
  addVerifyCommand(audit, context, end);
  addProveCommand(audit, context, end);
  addKeyCommand(audit, context);
  // Under both names: it is what most people come for.
  for (const parent of [audit, program]) addReportCommand(parent, context, end);
}

const running = async () => await import("./run-audit.ts");

function addExportCommand(audit: Command, context: TrailContext): void {
  asJson(forTime(ofStack(audit.command("export"))))
    .description("write the log of a stack into a folder for an assessor")
    .addHelpText(
      "after",
      `
Every object and checkpoint of the log as stored in the audit bucket, what the table adds to it, and a manifest over every file. Prints the
SHA-256 of the manifest: give it to the assessor by another way than the folder.`,
    )
    .option("--out <dir>", "the new folder")
    .action(async (options: PlaceOptions & TimeOptions & JsonOption & { out?: string }) => {
      const { out, json = false } = options;
      if (out === undefined) throw new UsageError("expected a new folder: --out DIR");
      const source = stackToRead(options, context);
      await (await running()).exporting({ out, ...timeFrom(options), source, json }, context);
    });
}

function addVerifyCommand(audit: Command, context: TrailContext, end: End): void {
  asJson(withKeys(forTime(ofStack(audit.command("verify")))))
    .description("check an export, offline, or the live trail of a stack")
    .addHelpText(
      "after",
      `
Exit status 0: whole, and anchored by --key for all of the time asked for. 1: damaged. 3: nothing was found changed, but that is not proven.
Without a folder the live trail of a stack is checked in the same way.`,
    )
    .argument("[dir]", "the export")
    .option("--digest <sha256>", "the digest that the export printed")
    .action(
      async (
        folder: string | undefined,
        options: PlaceOptions & TimeOptions & KeyOptions & JsonOption & { digest?: string },
      ) => {
        const asked = { ...timeFrom(options), ...expectedFrom(options), ...digestFrom(options.digest) };
        if (folder === undefined && options.digest !== undefined)
          throw new UsageError("expected a folder for --digest: a live trail has none");
        const source = folder === undefined ? stackToRead(options, context) : { folder };
        end(await (await running()).verifying({ source, json: options.json ?? false, ...asked }, context));
      },
    );
}

function addProveCommand(audit: Command, context: TrailContext, end: End): void {
  withKeys(audit.command("prove"))
    .description("write a .tlog-proof for each entry of a case")
    .addHelpText("after", "\nEach file holds an entry, its place in the log, and the signed checkpoint that covers it.")
    .argument("<case>", "its name, or the end of it")
    .argument("<dir>", "the export")
    .requiredOption("--out <dir>", "the new folder")
    .action(async (name: string, folder: string, options: KeyOptions & { out: string }) => {
      end(await (await running()).proving({ name, folder, out: options.out, ...expectedFrom(options) }, context));
    });
}

function addKeyCommand(audit: Command, context: TrailContext): void {
  ofStack(audit.command("key"))
    .description("print the verifier key of a log, for --key")
    .addHelpText(
      "after",
      `
Takes the public key as KMS gives it:
  aws kms get-public-key --key-id ARN --query PublicKey --output text | base64 -d > key.der`,
    )
    .argument("<file>", "the public key, in DER")
    .requiredOption("--account <id>", "the account of the stack")
    .action(async (file: string, options: PlaceOptions & { account: string }) => {
      const { stage, region } = stackFrom(options, context);
      const { account } = options;
      if (!/^\d{12}$/.test(account))
        throw new UsageError(`expected an account id of 12 digits, found ${quoted(account)}`);
      context.print(verifierKeyText(await publicKeyIn(file, logOrigin({ account, region, stage }))));
    });
}

function addReportCommand(parent: Command, context: TrailContext, end: End): void {
  asJson(withKeys(parent.command("report")))
    .description("write report.html and cases.csv of an export")
    .addHelpText("after", "\nOne page for people and paper, and a line for each case, in a new folder.")
    .argument("<dir>", "the export")
    .option("--out <dir>", "the new folder (default: DIR-report)")
    .action(async (folder: string, options: KeyOptions & JsonOption & { out?: string }) => {
      const out = options.out ?? `${folder.replace(/\/+$/, "")}-report`;
      const asked = { folder, out, json: options.json ?? false, ...expectedFrom(options) };
      end(await (await running()).reporting(asked, context));
    });
}

function asJson(command: Command): Command {
  return command.option("--json", "answer with one JSON object");
}

function forTime(command: Command): Command {
  return command
    .option("--from <date>", "such as 2026-07-01, in UTC (default: the beginning)")
    .option("--to <date>", "the first day that is not part of it (default: the end of the log)");
}

function withKeys(command: Command): Command {
  return command
    .option("--key <vkey>", "the verifier key that has to have signed the log: name+id+base64")
    .option(
      "--witness <vkey>",
      "the verifier key of a witness that has to have signed it too; may be repeated",
      // Not a list: it would take the folder after it too.
      (vkey: string, before: readonly string[] = []) => [...before, vkey],
    )
    .option("--since <file>", "a checkpoint that you kept: the log has to begin with it");
}

function stackToRead(options: PlaceOptions, defaults: PlaceDefaults): StackToRead {
  const stack = stackFrom(options, defaults);
  return { table: casesTableOf(stack), stack };
}
