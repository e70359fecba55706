import * as v from "valibot";
import { parseKeyArn } from "../../lib/domain/key/key-arn.ts";
import type { Facts } from "../../lib/domain/policy/decision.ts";

const text = v.optional(v.string());

/** A key as CloudTrail's record of DeleteKey has it in its answer: all that decides, but for labels. */
const recordedKey = v.object({
  keyArn: v.string(),
  keyAttributes: v.optional(v.object({ keyUsage: text, keyClass: text, keyAlgorithm: text }), {}),
  keyCheckValue: text,
  keyOrigin: text,
  exportable: v.optional(v.boolean()),
  multiRegionKeyType: v.fallback(v.optional(v.picklist(["PRIMARY", "REPLICA"])), undefined),
});

/** What the command line of AWS prints of a key: get-key, list-tags-for-resource and list-aliases in one object. */
const printedKey = v.object({
  Key: v.object({
    KeyArn: v.string(),
    KeyAttributes: v.optional(v.object({ KeyUsage: text, KeyClass: text, KeyAlgorithm: text }), {}),
    KeyCheckValue: text,
    KeyOrigin: text,
    Exportable: v.optional(v.boolean()),
    MultiRegionKeyType: v.fallback(v.optional(v.picklist(["PRIMARY", "REPLICA"])), undefined),
    DeletePendingTimestamp: v.optional(v.union([v.string(), v.number()])),
  }),
  Tags: v.optional(v.array(v.object({ Key: v.string(), Value: v.optional(v.string(), "") }))),
  Aliases: v.optional(v.array(v.object({ AliasName: v.string() }))),
});

export type KeyFacts = Pick<Facts, "key" | "deletePendingAt" | "tags" | "aliases">;

/** The key in the answer of a DeleteKey record, or undefined where it holds none. What it does not say is empty, and matches nothing. */
export function keyInRecord(responseElements: unknown): KeyFacts | undefined {
  const parsed = v.safeParse(v.object({ key: recordedKey }), responseElements);
  if (!parsed.success) return undefined;
  const { keyArn, keyAttributes, keyCheckValue, keyOrigin, exportable, multiRegionKeyType } = parsed.output.key;
  const { keyUsage: usage, keyClass, keyAlgorithm: algorithm } = keyAttributes;
  return factsOf(
    keyArn,
    { usage, keyClass, algorithm, kcv: keyCheckValue, origin: keyOrigin, exportable },
    multiRegionKeyType,
  );
}

/** Returns the key that a file of `aws payment-cryptography` output describes, or what is wrong with the file. */
export function keyInOutput(json: unknown): KeyFacts | string {
  const parsed = v.safeParse(printedKey, json);
  if (!parsed.success) return problemIn(parsed.issues);
  const { Key, Tags, Aliases } = parsed.output;
  const { KeyUsage: usage, KeyClass: keyClass, KeyAlgorithm: algorithm } = Key.KeyAttributes;
  const attributes = {
    usage,
    keyClass,
    algorithm,
    kcv: Key.KeyCheckValue,
    origin: Key.KeyOrigin,
    exportable: Key.Exportable,
  };
  const facts = factsOf(Key.KeyArn, attributes, Key.MultiRegionKeyType);
  if (facts === undefined) return `\`Key.KeyArn\` is not the ARN of a payment key: ${expectedKey}`;
  const pending = timeOf(Key.DeletePendingTimestamp);
  return {
    ...facts,
    ...(pending !== undefined && { deletePendingAt: pending }),
    ...(Tags && { tags: Object.fromEntries(Tags.map((tag) => [tag.Key, tag.Value])) }),
    ...(Aliases && { aliases: Aliases.map(({ AliasName }) => AliasName) }),
  };
}

const expectedKey = "expected the output of aws payment-cryptography get-key";

function problemIn([issue]: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]): string {
  const path = v.getDotPath(issue) ?? "";
  if (/^Tags/.test(path)) return `\`${path}\` is not valid: expected Tags as [{"Key": "...", "Value": "..."}]`;
  if (/^Aliases/.test(path)) return `\`${path}\` is not valid: expected Aliases as [{"AliasName": "alias/..."}]`;
  return `holds no key${path === "" ? "" : ` (\`${path}\`)`}: ${expectedKey}`;
}

interface PrintedAttributes {
  readonly usage: string | undefined;
  readonly keyClass: string | undefined;
  readonly algorithm: string | undefined;
  readonly kcv: string | undefined;
  readonly origin: string | undefined;
  readonly exportable: boolean | undefined;
}

function factsOf(
  arn: string,
  attributes: PrintedAttributes,
  multiRegion: "PRIMARY" | "REPLICA" | undefined,
): KeyFacts | undefined {
  const parsed = parseKeyArn(arn);
  if (parsed === undefined) return undefined;
  const { usage = "", keyClass = "", algorithm = "", kcv = "", origin = "", exportable = false } = attributes;
  const key = { arn: parsed, usage, keyClass, algorithm, kcv, origin, exportable };
  return { key: { ...key, ...(multiRegion && { multiRegion }) } };
}

/** Seconds, as JSON has them, or a date, as the command line prints it; ms since the epoch. */
function timeOf(value: string | number | undefined): number | undefined {
  const ms = typeof value === "number" ? value * 1000 : Date.parse(value ?? "");
  return Number.isFinite(ms) ? ms : undefined;
}
