import { quoted } from "../../lib/domain/printable-text.ts";
import { type AwsPlace, type PlaceValues, placeOptions, stackFrom } from "../aws-place.ts";
import { UsageError } from "../input-error.ts";
import { parseOptions } from "../parse-options.ts";

export const auditUsage = `usage: reprieve audit export --out DIR [--from DATE] [--to DATE] [--stage STAGE] [--region REGION] [--endpoint-url URL]
                             [--without-checkpoints]
       reprieve audit verify DIR [--digest SHA256] [--public-key FILE] [--json]
       reprieve audit verify [--stage STAGE] [--region REGION] [--endpoint-url URL] [--public-key FILE] [--json]
       reprieve audit report DIR [--out DIR]

export writes every case with an entry in that time into a new folder, entry by entry as it was stored, with the checkpoints of these hours out
of the audit bucket, and a manifest over every file. It
prints the SHA-256 of the manifest: give it to the assessor by another way than the folder.

  --out DIR            the new folder
  --from, --to DATE    such as 2026-07-01, in UTC; \`to\` is not part of it (default: everything up to now)
  --stage STAGE        the stage of the stack (default: dev)
  --region REGION      its region (default: AWS_REGION, else us-east-1)
  --endpoint-url URL   another endpoint, such as the local world's
  --without-checkpoints  for whoever may not read the bucket: a case rewritten as a whole is not found then

verify checks such a folder, offline: files, links, heads, checkpoints. Without a folder it checks the live trail of a stack in the same way.

  --digest SHA256      the digest that the export printed
  --public-key FILE    PEM of the key that signs checkpoints: each has to be signed by it
  --json               answer with one JSON object

report reads such a folder and writes report.html (one page, for people and paper) and cases.csv into a new one (default: DIR-report).

exit status: 0 whole, 1 damaged, 2 not to be verified, or nothing was exported`;

/** A stack whose trail is read, with or without its checkpoints. */
export interface StackToRead {
  readonly table: string;
  readonly stack: AwsPlace & { readonly stage: string };
  readonly withCheckpoints: boolean;
}

export type AuditCommand =
  | {
      readonly do: "export";
      readonly out: string;
      /** ms since the epoch. */
      readonly from: number;
      readonly to: number;
      readonly of: StackToRead;
    }
  | {
      readonly do: "verify";
      /** The folder, or the stack whose live trail is meant. */
      readonly of: { readonly folder: string } | StackToRead;
      readonly digest?: string;
      readonly publicKey?: string;
      readonly json: boolean;
    }
  | { readonly do: "report"; readonly folder: string; readonly out: string }
  | { readonly do: "help" };

const options = {
  out: { type: "string" },
  from: { type: "string" },
  to: { type: "string" },
  ...placeOptions,
  "without-checkpoints": { type: "boolean" },
  digest: { type: "string" },
  "public-key": { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** What `args` ask for; `now` in ms. Throws a UsageError. */
export function readAuditCommand(args: readonly string[], now: number, defaultRegion: string): AuditCommand {
  const { values, positionals } = parseOptions(args, options);
  const [what, folder, ...more] = positionals;
  if (values.help || what === "help") return { do: "help" };
  if (what === "verify") {
    if (more.length > 0) throw new UsageError("expected one folder: reprieve audit verify DIR");
    const { digest, json = false, "public-key": publicKey } = values;
    if (folder === undefined && digest !== undefined)
      throw new UsageError("expected a folder for --digest: a live trail has none");
    if (digest !== undefined && !/^[0-9a-f]{64}$/.test(digest))
      throw new UsageError(`expected a SHA-256 of 64 digits for --digest, found ${quoted(digest)}`);
    const of = folder === undefined ? stackToRead(values, defaultRegion) : { folder };
    return { do: "verify", of, json, ...(digest !== undefined && { digest }), ...(publicKey && { publicKey }) };
  }
  if (what === "report") {
    if (folder === undefined || more.length > 0) throw new UsageError("expected one folder: reprieve audit report DIR");
    return { do: "report", folder, out: values.out ?? `${folder.replace(/\/+$/, "")}-report` };
  }
  if (what !== "export")
    throw new UsageError(
      `expected \`export\`, \`verify\` or \`report\`${what === undefined ? "" : `, found ${quoted(what)}`}`,
    );
  if (values.out === undefined || folder !== undefined) throw new UsageError("expected a new folder: --out DIR");
  const [from, to] = [dateOf(values.from, "--from") ?? 0, dateOf(values.to, "--to") ?? now];
  if (from >= to) throw new UsageError("expected --from before --to");
  return { do: "export", out: values.out, from, to, of: stackToRead(values, defaultRegion) };
}

function stackToRead(
  values: PlaceValues & { readonly "without-checkpoints"?: boolean },
  defaultRegion: string,
): StackToRead {
  const stack = stackFrom(values, defaultRegion);
  const withCheckpoints = values["without-checkpoints"] !== true;
  return { table: `reprieve-${stack.stage}-cases`, stack, withCheckpoints };
}

function dateOf(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  const at = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new UsageError(`expected a date such as 2026-07-01 for ${name}, found ${quoted(text)}`);
  return at;
}
