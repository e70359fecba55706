import { parseArgs } from "node:util";
import { printableText } from "../../lib/domain/printable-text.ts";
import { InputError, UsageError } from "../shell/input-error.ts";
import { verifyFolder } from "./verify-folder.ts";

// Entry point of reprieve-verify.mjs: `reprieve audit verify DIR` in one file, for assessors. It reads files and asks no network.
const usage = `usage: node reprieve-verify.mjs DIR [--digest SHA256] [--public-key FILE] [--json]

Checks an export of reprieve's audit trail, offline: files, links, heads, checkpoints.
  --digest SHA256     the digest that the export printed
  --public-key FILE   PEM of the key that signs checkpoints: each has to be signed by it
  --json              print one JSON object
exit status: 0 the export is whole, 1 it is not, 2 nothing was verified: usage or input error`;

const colours = Boolean(process.stdout.isTTY) && process.env["NO_COLOR"] === undefined;
process.exitCode = await run(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof InputError)) throw error;
  console.error(`✗ ${error.message}${error instanceof UsageError ? `\n\n${usage}` : ""}`);
  return 2;
});

async function run(args: string[]): Promise<0 | 1 | 2> {
  const { help, folder, ...asked } = optionsFrom(args);
  if (help) {
    console.log(usage);
    return 0;
  }
  if (folder === undefined) throw new UsageError("expected one folder, the export");
  const progress = (text: string) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${text}`);
  };
  const context = { colours, progress, print: console.log, printError: console.error };
  return (await verifyFolder(folder, asked, context)) ? 0 : 1;
}

function optionsFrom(args: string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const options = { digest: text, "public-key": text, json: flag, help: { ...flag, short: "h" } } as const;
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const { digest, "public-key": publicKey, json = false, help = false } = values;
    if (digest !== undefined && !/^[0-9a-f]{64}$/.test(digest))
      throw new UsageError("expected a SHA-256 of 64 digits for --digest");
    const folder = positionals.length === 1 ? positionals[0] : undefined;
    return { help, folder, json, ...(digest && { digest }), ...(publicKey && { publicKey }) };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(printableText(error instanceof Error ? error.message : String(error), 200));
  }
}
