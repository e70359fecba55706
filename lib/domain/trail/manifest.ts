import * as v from "valibot";
import { canonicalJson, sha256Hex } from "../ledger/canonical-json.ts";
import { ownFormat } from "./own-format.ts";

/** Layout of an export; a newer one is not read. */
const version = 2;

const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "expected a SHA-256"));
/** As `toISOString` writes it: other spellings of a time are read in other ways, or as none. */
const time = v.pipe(v.string(), v.check(isTime, "expected a time"));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const schema = v.strictObject({
  format: v.literal("reprieve-audit-export"),
  version: v.literal(version),
  /** The time asked for, ISO 8601; without an end where none was. */
  from: v.exactOptional(time),
  to: v.exactOptional(time),
  exportedAt: time,
  /** The stack that it was read from. */
  source: v.string(),
  /** What the log holds: objects, chains and entries. */
  objects: count,
  chains: count,
  entries: count,
  files: v.array(v.strictObject({ name: v.string(), bytes: count, sha256 })),
  /** SHA-256 over the canonical JSON of all the rest. */
  self: sha256,
});

/** What an export holds: every file with its hash, and itself. */
export type TrailManifest = v.InferOutput<typeof schema>;

function isTime(text: string): boolean {
  const ms = Date.parse(text);
  return !Number.isNaN(ms) && new Date(ms).toISOString() === text;
}

/** The manifest as the text of its file. */
export function manifestText(rest: Omit<TrailManifest, "format" | "version" | "self">): string {
  const body = { format: "reprieve-audit-export" as const, version, ...rest };
  return `${canonicalJson({ ...body, self: sha256Hex(canonicalJson(body)) })}\n`;
}

/** Returns the manifest in `text`; else why it is not valid: of another tool, of a newer version, or changed since it was written. */
export function readManifest(text: string): TrailManifest | "foreign" | "newer" | "changed" {
  const own = ownFormat(text, "reprieve-audit-export", version);
  if (typeof own === "string") return own;
  const parsed = v.safeParse(schema, own.value);
  if (!parsed.success) return "changed";
  const { self: _self, ...body } = parsed.output;
  return text === manifestText(body) ? parsed.output : "changed";
}
