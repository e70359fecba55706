import type { Command } from "commander";
import { quoted } from "../../lib/domain/printable-text.ts";
import { UsageError } from "../shell/input-error.ts";
import type { End } from "../shell/terminal.ts";
import { casesTableOf, ofStack, type PlaceDefaults, type PlaceOptions, stackFrom } from "../stack/aws-place.ts";
import type { TrailContext } from "../trail/trail-context.ts";
import type { StackToRead } from "./audit-command.ts";

interface ReadOptions extends PlaceOptions {
  readonly withoutCheckpoints?: true;
}

interface VerifyOptions extends ReadOptions {
  readonly digest?: string;
  readonly publicKey?: string;
  readonly json?: true;
}

/** The audit trail: exported, verified, reported. */
export function addAuditCommands(program: Command, context: TrailContext, end: End): void {
  const audit = program.command("audit").description("the audit trail: export, verify, report");
  const running = async () => await import("./run-audit.ts");
  readsTrail(audit.command("export"))
    .description("write the cases of a time into a folder for an assessor")
    .addHelpText(
      "after",
      `
Every case with an entry in that time, entry by entry as it was stored, the checkpoints of these hours out of the audit bucket, and a manifest
over every file. Prints the SHA-256 of the manifest: give it to the assessor by another way than the folder.`,
    )
    .option("--out <dir>", "the new folder")
    .option("--from <date>", "such as 2026-07-01, in UTC (default: the beginning)")
    .option("--to <date>", "the first day that is not part of it (default: now)")
    .option("--json", "answer with one JSON object")
    .action(async (options: ReadOptions & { out?: string; from?: string; to?: string; json?: true }) => {
      if (options.out === undefined) throw new UsageError("expected a new folder: --out DIR");
      const [from, to] = [dateOf(options.from, "--from") ?? 0, dateOf(options.to, "--to") ?? context.clock()];
      if (from >= to) throw new UsageError("expected --from before --to");
      const source = stackToRead(options, context);
      await (await running()).exporting({ out: options.out, from, to, source, json: options.json ?? false }, context);
    });
  readsTrail(audit.command("verify"))
    .description("check an export, offline, or the live trail of a stack")
    .addHelpText(
      "after",
      "\nFiles, links, heads, checkpoints. Without a folder the live trail of a stack is checked in the same way.",
    )
    .argument("[dir]", "the export")
    .option("--digest <sha256>", "the digest that the export printed")
    .option("--public-key <file>", "PEM of the key that signs checkpoints: each has to be signed by it")
    .option("--json", "answer with one JSON object")
    .action(async (folder: string | undefined, options: VerifyOptions) => {
      const { digest, publicKey, json = false } = options;
      if (digest !== undefined && !/^[0-9a-f]{64}$/.test(digest))
        throw new UsageError(`expected a SHA-256 of 64 digits for --digest, found ${quoted(digest)}`);
      if (folder === undefined && digest !== undefined)
        throw new UsageError("expected a folder for --digest: a live trail has none");
      const source = folder === undefined ? stackToRead(options, context) : { folder };
      const asked = { source, json, ...(digest && { digest }), ...(publicKey && { publicKey }) };
      end((await (await running()).verifying(asked, context)) ? 0 : 1);
    });
  // Under both names: it is what most people come for.
  for (const parent of [audit, program]) addReportCommand(parent, context, end);
}

function addReportCommand(parent: Command, context: TrailContext, end: End): void {
  parent
    .command("report")
    .description("write report.html and cases.csv of an export")
    .addHelpText("after", "\nOne page for people and paper, and a line for each case, in a new folder.")
    .argument("<dir>", "the export")
    .option("--out <dir>", "the new folder (default: DIR-report)")
    .option("--json", "answer with one JSON object")
    .action(async (folder: string, options: { out?: string; json?: true }) => {
      const out = options.out ?? `${folder.replace(/\/+$/, "")}-report`;
      end(
        (await (await import("./run-audit.ts")).reporting({ folder, out, json: options.json ?? false }, context))
          ? 0
          : 1,
      );
    });
}

function readsTrail(command: Command): Command {
  return ofStack(command).option(
    "--without-checkpoints",
    "for anyone who may not read the bucket: a case rewritten as a whole is not found then",
  );
}

function stackToRead(options: ReadOptions, defaults: PlaceDefaults): StackToRead {
  const stack = stackFrom(options, defaults);
  return { table: casesTableOf(stack), stack, withCheckpoints: options.withoutCheckpoints !== true };
}

function dateOf(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  const at = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new UsageError(`expected a date such as 2026-07-01 for ${name}, found ${quoted(text)}`);
  return at;
}
