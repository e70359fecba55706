import type { Case } from "../domain/case/case.ts";
import { type KeyArn, keyArnParts } from "../domain/key/key-arn.ts";
import type { RecordedAliases } from "../domain/ledger/recorded-labels.ts";
import { printableText } from "../domain/printable-text.ts";

type Named = Pick<Case, "keyArn" | "key" | "aliases" | "decision" | "question" | "requests">;

/**
 * Returns what people call the key of a case: the first alias that the inventory saw before the deletion, else one read when the case was
 * decided, else the one in the call, else usage and end of the key id. An attack: an alias is pointed at the key, and the key deleted by
 * that harmless name. So a name that only the call used is a remark beside the title, never the title of a key that is known by another.
 */
export function keyTitle(named: Named): string {
  const { aliases, keyArn, key } = named;
  const present = presentAliases(named);
  const known = aliases ?? present;
  const called = calledAs(named);
  const first = known?.listed[0];
  const title = first ?? (known === undefined ? called : undefined);
  const remarks = [
    ...(title !== undefined && (known?.count ?? 1) > 1 ? [`and ${(known?.count ?? 1) - 1} more`] : []),
    ...(called !== undefined && called !== title && !isListed(known, called) ? [`deleted as ${short(called)}`] : []),
    ...(aliases !== undefined && present !== undefined ? renamed(first, present) : []),
  ];
  const shown = title === undefined ? keyShort(keyArn, key?.usage) : short(title);
  return remarks.length === 0 ? shown : `${shown} (${remarks.join(", ")})`;
}

/** Returns usage and end of the id of a key, such as `CVK …00000001`. */
export function keyShort(keyArn: KeyArn, usage?: string): string {
  return `${usage === undefined ? "key" : usageShort(usage)} …${keyArnParts(keyArn).keyId.slice(-8)}`;
}

/** Returns a key by the first of its aliases, with its id: `alias/prod/cvk-1 (kwapwa6qaifllw2h)`; `key kwapwa6qaifllw2h` where it has none. */
export function keyKnownAs(keyArn: KeyArn, aliases: readonly string[] = []): string {
  const { keyId } = keyArnParts(keyArn);
  const [first, ...more] = aliases;
  if (first === undefined) return `key ${keyId}`;
  return `${short(first)} (${keyId}${more.length === 0 ? "" : `, and ${more.length} more aliases`})`;
}

/** Returns what the trade calls a key usage, or the usage itself. */
export function usageShort(usage: string): string {
  const code = /^TR31_([A-Z]\d)_/.exec(usage)?.[1];
  return printableText(names.get(code ?? "") ?? usage, 48);
}

const names: ReadonlyMap<string, string> = new Map([
  ...([
    ["B0", "BDK"],
    ["C0", "CVK"],
    ["D0", "DEK"],
    ["D1", "RSA data key"],
    ["E0", "IMK-AC"],
    ["E1", "IMK-SMC"],
  ] as const),
  ...([
    ["E2", "IMK-SMI"],
    ["E4", "IMK-IDN"],
    ["E5", "IMK-CP"],
    ["E6", "IMK"],
    ["K0", "KEK"],
    ["K1", "KBPK"],
  ] as const),
  ...([
    ["K2", "TR-34 key"],
    ["K3", "ECDH key"],
    ["M0", "MAC key"],
    ["M1", "MAC key"],
    ["M3", "MAC key"],
  ] as const),
  ...([
    ["M6", "CMAC key"],
    ["M7", "HMAC key"],
    ["P0", "PEK"],
    ["P1", "PGK"],
    ["S0", "signing key"],
  ] as const),
  ...([
    ["V1", "IBM PVK"],
    ["V2", "Visa PVK"],
  ] as const),
]);

/** The aliases as they were when people were asked, or the case decided. */
function presentAliases({ question, decision }: Named): RecordedAliases | undefined {
  return question?.aliases ?? decision?.aliases;
}

function calledAs({ requests }: Named): string | undefined {
  const request = requests.at(-1);
  return request?.target.kind === "alias" ? request.target.alias : request?.namedAs;
}

function renamed(first: string | undefined, present: RecordedAliases): readonly string[] {
  if (first === undefined || isListed(present, first) || present.count > present.listed.length) return [];
  const [now] = present.listed;
  return [now === undefined ? "alias removed since" : `now ${short(now)}`];
}

function isListed(aliases: RecordedAliases | undefined, alias: string): boolean {
  return aliases?.listed.includes(alias) ?? false;
}

/** Whole names up to 48 characters; of longer ones both ends, since names of keys differ in either. */
function short(alias: string): string {
  const characters = Array.from(printableText(alias, 256));
  if (characters.length <= 48) return characters.join("");
  return `${characters.slice(0, 31).join("")}…${characters.slice(-16).join("")}`;
}
