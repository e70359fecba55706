import type { Command } from "commander";
import { logOrigin } from "../../lib/domain/log/origin.ts";
import { verifierKeyText } from "../../lib/domain/log/verifier-key.ts";
import { quoted } from "../../lib/domain/printable-text.ts";
import { UsageError } from "../shell/input-error.ts";
import type { End } from "../shell/terminal.ts";
import { casesTableOf, ofStack, type PlaceOptions, stackFrom } from "../stack/aws-place.ts";
import { keyFrom, publicKeyIn } from "../trail/expected-keys.ts";
import type { TrailContext } from "../trail/trail-context.ts";
import type { AskedTime, Expected, StackToRead } from "./audit-command.ts";

interface TimeOptions {
  readonly from?: string;
  readonly to?: string;
}

interface KeyOptions {
  readonly key?: string;
  readonly witness?: readonly string[];
  readonly since?: string;
}

interface VerifyOptions extends PlaceOptions, TimeOptions, KeyOptions {
  readonly digest?: string;
  readonly json?: true;
}

/** Adds the commands of the audit trail: export, verify, prove, report. */
export function addAuditCommands(program: Command, context: TrailContext, end: End): void {
  const audit = program.command("audit").description("the audit trail: export, verify, prove, report");
  const running = async () => await import("./run-audit.ts");
  forTime(ofStack(audit.command("export")))
    .description("write the log of a stack into a folder for an assessor")
    .addHelpText(
      "after",
      `
Every object and checkpoint of the log as it lies in the audit bucket, what the table adds to it, and a manifest over every file. Prints the
SHA-256 of the manifest: give it to the assessor by another way than the folder.`,
    )
    .option("--out <dir>", "the new folder")
    .action(async (options: PlaceOptions & TimeOptions & { out?: string }) => {
      if (options.out === undefined) throw new UsageError("expected a new folder: --out DIR");
      const source = stackToRead(options, context.region);
      await (await running()).exporting({ out: options.out, ...timeFrom(options), source }, context);
    });
  withKeys(forTime(ofStack(audit.command("verify"))))
    .description("check an export, offline, or the live trail of a stack")
    .addHelpText(
      "after",
      `
Exit status 0: whole, and anchored by --key for all of the time asked for. 1: damaged. 3: nothing was found changed, but that is not proven.
Without a folder the live trail of a stack is checked in the same way.`,
    )
    .argument("[dir]", "the export")
    .option("--digest <sha256>", "the digest that the export printed")
    .option("--json", "answer with one JSON object")
    .action(async (folder: string | undefined, options: VerifyOptions) => {
      const { digest, json = false } = options;
      if (digest !== undefined && !/^[0-9a-f]{64}$/.test(digest))
        throw new UsageError(`expected a SHA-256 of 64 digits for --digest, found ${quoted(digest)}`);
      if (folder === undefined && digest !== undefined)
        throw new UsageError("expected a folder for --digest: a live trail has none");
      const source = folder === undefined ? stackToRead(options, context.region) : { folder };
      const asked = { source, json, ...timeFrom(options), ...expectedFrom(options), ...(digest && { digest }) };
      end(await (await running()).verifying(asked, context));
    });
  withKeys(audit.command("prove"))
    .description("write a .tlog-proof for each entry of a case")
    .addHelpText("after", "\nEach file holds an entry, its place in the log, and the signed checkpoint that covers it.")
    .argument("<case>", "its name, or the end of it")
    .argument("<dir>", "the export")
    .requiredOption("--out <dir>", "the new folder")
    .action(async (name: string, folder: string, options: KeyOptions & { out: string }) => {
      end(await (await running()).proving({ name, folder, out: options.out, ...expectedFrom(options) }, context));
    });
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
      const { stage, region } = stackFrom(options, context.region);
      const { account } = options;
      if (!/^\d{12}$/.test(account))
        throw new UsageError(`expected an account id of 12 digits, found ${quoted(account)}`);
      context.print(verifierKeyText(await publicKeyIn(file, logOrigin({ account, region, stage }))));
    });
  // Under both names: it is what most people come for.
  for (const parent of [audit, program]) addReportCommand(parent, context, end);
}

function addReportCommand(parent: Command, context: TrailContext, end: End): void {
  withKeys(parent.command("report"))
    .description("write report.html and cases.csv of an export")
    .addHelpText("after", "\nOne page for people and paper, and a line for each case, in a new folder.")
    .argument("<dir>", "the export")
    .option("--out <dir>", "the new folder (default: DIR-report)")
    .action(async (folder: string, options: KeyOptions & { out?: string }) => {
      const out = options.out ?? `${folder.replace(/\/+$/, "")}-report`;
      end(await (await import("./run-audit.ts")).reporting({ folder, out, ...expectedFrom(options) }, context));
    });
}

function forTime(command: Command): Command {
  return command
    .option("--from <date>", "such as 2026-07-01, in UTC (default: the beginning)")
    .option("--to <date>", "the first day that is not part of it (default: the end of the log)");
}

function withKeys(command: Command): Command {
  return command
    .option("--key <vkey>", "the verifier key that has to have signed the log: name+id+base64")
    .option("--witness <vkey...>", "the verifier key of a witness that has to have signed it too")
    .option("--since <file>", "a checkpoint that you kept: the log has to begin with it");
}

function stackToRead(options: PlaceOptions, defaultRegion: string): StackToRead {
  const stack = stackFrom(options, defaultRegion);
  return { table: casesTableOf(stack), stack };
}

function expectedFrom({ key, witness = [], since }: KeyOptions): Expected {
  const witnesses = witness.map((text) => keyFrom(text, "--witness"));
  return { ...(key && { key: keyFrom(key, "--key") }), witnesses, ...(since && { since }) };
}

function timeFrom(options: TimeOptions): AskedTime {
  const [from, to] = [dateOf(options.from, "--from"), dateOf(options.to, "--to")];
  if (from !== undefined && to !== undefined && from >= to) throw new UsageError("expected --from before --to");
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

function dateOf(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  const at = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new UsageError(`expected a date such as 2026-07-01 for ${name}, found ${quoted(text)}`);
  return at;
}
