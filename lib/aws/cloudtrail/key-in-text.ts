import type { KeyHint } from "../../domain/deletion/request.ts";
import { parseKeyArn } from "../../domain/key/key-arn.ts";

/** The account and Region whose keys are meant. */
export interface TextPlace {
  readonly account: string;
  readonly region: string;
}

const service = "arn:aws:payment-cryptography:([a-z0-9-]*):(\\d*):";
const keyArns = new RegExp(`${service}key/([0-9a-zA-Z]{16,64})(?![0-9a-zA-Z])`, "g");
const aliases = new RegExp(`"(?:${service})?(alias/[a-zA-Z0-9/_-]{1,250})"`, "g");
const keyIds = /"key_?(?:id|identifier|arn)"\s*:\s*"(?:key\/)?([0-9a-zA-Z]{16,64})"/i;

/**
 * Returns the key of `place` that JSON text names, however its members are called or nested, and though an ARN lacks its account or Region:
 * by ARN, else by alias, else by key id. Such a text is no proof of anything. Takes time in proportion to the text.
 */
export function keyNamedIn(text: string, place: TextPlace): KeyHint | undefined {
  const plain = unescaped(text);
  const id = firstOf(keyArns, plain, ["", place.region], ["", place.account]);
  if (id !== undefined) return hintAt(place, id);
  const alias = firstOf(aliases, plain, ["", place.region], ["", place.account]);
  return alias === undefined ? hintAt(place, keyIds.exec(plain)?.[1]) : { kind: "alias", alias };
}

/** Returns the key of `place` that JSON text names by its whole ARN: the same for a text that names another account or Region. */
export function keyArnIn(text: string, place: TextPlace): KeyHint | undefined {
  return hintAt(place, firstOf(keyArns, unescaped(text), [place.region], [place.account]));
}

/** JSON inside a string of JSON has its quotes and slashes escaped. */
function unescaped(text: string): string {
  return text.replaceAll("\\", "");
}

function firstOf(pattern: RegExp, text: string, regions: readonly string[], accounts: readonly string[]) {
  for (const [, region = "", account = "", name] of text.matchAll(pattern))
    if (regions.includes(region) && accounts.includes(account)) return name;
  return undefined;
}

function hintAt({ region, account }: TextPlace, keyId: string | undefined): KeyHint | undefined {
  const arn = parseKeyArn(`arn:aws:payment-cryptography:${region}:${account}:key/${keyId ?? ""}`);
  return arn === undefined ? undefined : { kind: "hint", arn };
}
