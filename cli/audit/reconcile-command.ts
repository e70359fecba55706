import type { Command } from "commander";
import { UsageError } from "../shell/input-error.ts";
import type { End } from "../shell/terminal.ts";
import { digestFrom, expectedFrom, type KeyOptions, type TimeOptions, timeFrom } from "./asked.ts";
import { type AuditContext, asJson, forTime, repeated, withKeys } from "./audit-options.ts";

type Options = KeyOptions &
  TimeOptions & {
    readonly cloudtrail: readonly string[];
    readonly digests?: string;
    readonly publicKeys?: string;
    readonly trail?: string;
    readonly guardRole?: readonly string[];
    readonly digest?: string;
    readonly out?: string;
    readonly json?: true;
  };

/** Adds the command that compares an export with CloudTrail. */
export function addReconcileCommand(audit: Command, context: AuditContext, end: End): void {
  asJson(withKeys(forTime(audit.command("reconcile"))))
    .description("compare an export with CloudTrail's own log files, offline")
    .addHelpText(
      "after",
      `
Every successful DeleteKey that CloudTrail recorded has to be in exactly one case, and no case may name another; the same for what the guard did.
CloudTrail's files are believed only as far as its digests are signed and name them: see docs/audit-trail.md for how to fetch them.
Exit status 0: complete, and proven for all of the time. 1: an exception. 3: nothing contradicts the trail, but that is not proven.`,
    )
    .argument("<dir>", "the export")
    .requiredOption("--cloudtrail <path>", "log files of CloudTrail, or a folder of them; may be repeated", repeated)
    .option("--digests <file>", "the digest files with their signatures, as JSON Lines")
    .option("--public-keys <file>", "the output of aws cloudtrail list-public-keys")
    .option("--trail <name>", "the trail, where the digests are of more than one")
    .option(
      "--guard-role <arn>",
      "a role of the stack's functions; may be repeated (default: the names of the template)",
      repeated,
    )
    .option("--digest <sha256>", "the digest that the export printed")
    .option("--out <file>", "write the result as JSON to this new file")
    .action(async (folder: string, options: Options) => {
      const { cloudtrail, guardRole = [], out, json = false } = options;
      const { optionsFrom } = await import("./verify-folder.ts");
      const asked = { ...timeFrom(options), ...expectedFrom(options), ...digestFrom(options.digest) };
      const digests = digestSourcesFrom(options);
      const verify = await optionsFrom(asked, context);
      const { reconciling } = await import("../reconcile/run-reconcile.ts");
      const command = { folder, verify, logs: cloudtrail, guardRoles: guardRole, json };
      end(await reconciling({ ...command, ...(digests && { digests }), ...(out !== undefined && { out }) }, context));
    });
}

function digestSourcesFrom({ digests, publicKeys, trail }: Options) {
  if (digests === undefined) {
    if (publicKeys !== undefined || trail !== undefined)
      throw new UsageError("expected --digests with --public-keys and --trail");
    return undefined;
  }
  if (publicKeys === undefined) throw new UsageError("expected --public-keys with --digests");
  return { digests, publicKeys, ...(trail !== undefined && { trail }) };
}
