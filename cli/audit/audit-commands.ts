import type { Command } from "commander";
import { logOrigin } from "../../lib/domain/log/origin.ts";
import { verifierKeyText } from "../../lib/domain/log/verifier-key.ts";
import { quoted } from "../../lib/domain/printable-text.ts";
import { everywhere } from "../places/everywhere.ts";
import { type Place, sourceText } from "../places/place.ts";
import { ofAccounts, stackOptions } from "../places/places-options.ts";
import { UsageError } from "../shell/input-error.ts";
import type { End } from "../shell/terminal.ts";
import { ofStack, type PlaceOptions, stackFrom } from "../stack/aws-place.ts";
import { publicKeyIn } from "../trail/expected-keys.ts";
import { digestFrom, expectedFrom, type KeyOptions, type TimeOptions, timeFrom } from "./asked.ts";
import type { ReportOptions } from "./audit-command.ts";
import {
  type AnswerOptions,
  type AuditContext,
  asJson,
  expectedAt,
  folderOf,
  forTime,
  oneLog,
  stackToRead,
  withKeys,
} from "./audit-options.ts";
import { addFlatCommand } from "./flat-command.ts";
import { addReconcileCommand } from "./reconcile-command.ts";
import { addReportCommand } from "./report-command.ts";

/** Adds the commands of the audit trail: export, verify, prove, key, reconcile, flat, report. */
export function addAuditCommands(program: Command, context: AuditContext, end: End): void {
  const audit = program.command("audit").description("the audit trail: export, verify, prove, reconcile, flat, report");
  addExportCommand(audit, context, end);
  addVerifyCommand(audit, context, end);
  addProveCommand(audit, context, end);
  addKeyCommand(audit, context);
  addReconcileCommand(audit, context, end);
  addFlatCommand(audit, context, end);
  // Under both names: it is what most people come for.
  for (const parent of [audit, program]) addReportCommand(parent, context, end);
}

const running = async () => await import("./run-audit.ts");

function addExportCommand(audit: Command, context: AuditContext, end: End): void {
  asJson(ofAccounts(forTime(ofStack(audit.command("export"))), [...stackOptions, "endpoint"]))
    .description("write the log of a stack into a folder for an assessor")
    .addHelpText(
      "after",
      `
Every object and checkpoint of the log as stored in the audit bucket, what the table adds to it, and a manifest over every file. Prints the
SHA-256 of the manifest: give it to the assessor by another way than the folder. Reports the export to the stack, in the name of your AWS credentials,
so that the trail shows who exported it. If that is not possible, the command says so and the export is still valid. With --accounts each place has a folder of its name below --out,
and is reported to the endpoint that the file names for it.`,
    )
    .option("--out <dir>", "the new folder")
    .option("--endpoint <url>", "where the stack listens, to put the export on its trail (default: REPRIEVE_ENDPOINT)")
    .option("--reason <text>", "why, for the trail (default: audit export)")
    .option("--sts-url <url>", "sign the report for this STS, such as one on this machine")
    .action(async (options: PlaceOptions & TimeOptions & AnswerOptions & ReportOptions & { out?: string }) => {
      const { out, json = false } = options;
      if (out === undefined) throw new UsageError("expected a new folder: --out DIR");
      const time = timeFrom(options);
      const exported = async (here: AuditContext, place?: Place) => {
        const source = stackToRead(options, here);
        const report = { ...options, region: here.region };
        return await (await running()).exporting({ out: folderOf(out, place), ...time, source, json, report }, here);
      };
      end(await everywhere(options, context, { json: "object" }, exported));
    });
}

function addVerifyCommand(audit: Command, context: AuditContext, end: End): void {
  asJson(ofAccounts(withKeys(forTime(ofStack(audit.command("verify")))), [...stackOptions, ...oneLog, "digest"]))
    .description("check an export, offline, or the live trail of a stack")
    .addHelpText(
      "after",
      `
Exit status 0: whole, and anchored by --key for all of the time asked for. 1: damaged. 3: nothing was found changed, but that is not proven.
Without a folder the live trail of a stack is checked in the same way. With --accounts each place is checked by the key that the file gives for
it: live, or its folder below DIR as audit export --accounts wrote it.`,
    )
    .argument("[dir]", "the export")
    .option("--digest <sha256>", "the digest that the export printed")
    .action(
      async (
        folder: string | undefined,
        options: PlaceOptions & TimeOptions & KeyOptions & AnswerOptions & { digest?: string },
      ) => {
        const asked = { ...timeFrom(options), ...expectedFrom(options), ...digestFrom(options.digest) };
        if (folder === undefined && options.digest !== undefined)
          throw new UsageError("expected a folder for --digest: a live trail has none");
        const verified = async (here: AuditContext, place?: Place) => {
          const source = folder === undefined ? stackToRead(options, here) : { folder: folderOf(folder, place) };
          const atPlace = place && {
            ...expectedAt(place, options),
            ...(folder !== undefined && { exportOf: sourceText(place) }),
          };
          const command = { source, json: options.json ?? false, ...asked, ...atPlace };
          return await (await running()).verifying(command, here);
        };
        end(await everywhere(options, context, { json: "object", isOffline: folder !== undefined }, verified));
      },
    );
}

function addProveCommand(audit: Command, context: AuditContext, end: End): void {
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

function addKeyCommand(audit: Command, context: AuditContext): void {
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
