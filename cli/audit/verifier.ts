import { parseArgs } from "node:util";
import { printableText } from "../../lib/domain/printable-text.ts";
import { InputError, UsageError } from "../shell/input-error.ts";
import type { Status } from "../shell/terminal.ts";
import { digestFrom, expectedFrom, timeFrom } from "./asked.ts";
import { verifyFolder } from "./verify-folder.ts";

// Entry point of reprieve-verify.mjs: `reprieve audit verify DIR` in one file, for assessors. It reads files and asks no network.
const usage = `usage: node reprieve-verify.mjs DIR [--key VKEY] [--witness VKEY]... [--since FILE] [--from DATE] [--to DATE] [--digest SHA256] [--json]

Checks an export of reprieve's audit trail, offline: every object of the log, its tree, its chains, its checkpoints.
  --key VKEY       the verifier key that has to have signed the log: name+id+base64
  --witness VKEY   the verifier key of a witness that has to have signed it too
  --since FILE     a checkpoint that you kept: the log has to begin with it
  --from DATE      such as 2026-07-01, in UTC (default: the beginning)
  --to DATE        the first day that is not part of it (default: the end of the log)
  --digest SHA256  the digest that the export printed
  --json           print one JSON object
exit status: 0 whole, and anchored by --key for all of the time asked for; 1 damaged; 2 nothing was verified: usage or input error;
3 nothing was found changed, but that is not proven`;

const colours = Boolean(process.stdout.isTTY) && process.env["NO_COLOR"] === undefined;
process.exitCode = await run(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof InputError)) throw error;
  console.error(`✗ ${error.message}${error instanceof UsageError ? `\n\n${usage}` : ""}`);
  return 2;
});

async function run(args: string[]): Promise<Status> {
  const { values, folder } = optionsFrom(args);
  const { help, json = false, digest } = values;
  if (help) {
    console.log(usage);
    return 0;
  }
  if (folder === undefined) throw new UsageError("expected one folder, the export");
  const progress = (text: string) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${text}`);
  };
  const context = { colours, progress, print: console.log, printError: console.error };
  const asked = { json, ...timeFrom(values), ...expectedFrom(values), ...digestFrom(digest) };
  return await verifyFolder(folder, asked, context);
}

function optionsFrom(args: string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const checked = { key: text, witness: { ...text, multiple: true }, since: text, digest: text } as const;
  const options = { ...checked, from: text, to: text, json: flag, help: { ...flag, short: "h" } } as const;
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    return { values, folder: positionals.length === 1 ? positionals[0] : undefined };
  } catch (error) {
    // The first sentence names the option; the next ones advise on options that take positional arguments.
    const [first = ""] = (error instanceof Error ? error.message : String(error)).split(". ");
    throw new UsageError(printableText(first.charAt(0).toLowerCase() + first.slice(1).replaceAll("'", "`"), 200));
  }
}
