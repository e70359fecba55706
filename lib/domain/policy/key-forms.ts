import { parseArn } from "../arn.ts";
import { parseKeyArn } from "../key/key-arn.ts";
import { anything } from "./match/arn-pattern.ts";
import { isGlob } from "./match/glob.ts";
import { regionFault } from "./match/region.ts";
import { accountFault, partitionFault } from "./principal-forms.ts";

const example = "arn:aws:payment-cryptography:us-east-1:111122223333:key/kwapwa6qaifllw2h";

/** Returns why `text` matches the ARN of no payment key; else undefined. */
export function keyArnFault(text: string): string | undefined {
  if (text === anything) return undefined;
  const arn = parseArn(text);
  if (arn === undefined)
    return `\`${text}\` does not have the parts of an ARN, and a wildcard never stands for a \`:\`; expected one such as ${example}`;
  const { service, region, account, resourceType, path, name } = arn;
  if (service !== "payment-cryptography")
    return `\`${text}\` is the ARN of no payment key; expected one such as ${example}`;
  if (resourceType === "alias")
    return `\`${text}\` is an alias, and keys are compared by their own ARN; expected key.alias: \`alias${path}${name}\``;
  const place = partitionFault(arn) ?? regionFault(region) ?? accountFault(text, account);
  if (place !== undefined) return place;
  const possible = resourceType === "key" && path === "/" && /^[0-9a-zA-Z*?]{1,64}$/.test(name);
  const whole = isGlob(text) || parseKeyArn(text) !== undefined;
  return possible && whole ? undefined : `\`${text}\` is the ARN of no payment key; expected one such as ${example}`;
}

/** Returns why no key check value matches `text`; else undefined. The service has 4 to 16 hex digits; usual are 6. */
export function kcvFault(text: string): string | undefined {
  const length = text.replaceAll("*", "").length;
  const possible = text.includes("*") ? length <= 16 : length >= 4 && length <= 16;
  return possible
    ? undefined
    : `no key check value is \`${text}\`; expected the whole value, such as A486ED, or one with \`*\``;
}

/** Returns why no alias of a payment key matches `text`; else undefined. */
export function aliasFault(text: string): string | undefined {
  const foreign = /[^a-zA-Z0-9/_*?-]/.exec(text.slice("alias/".length))?.[0];
  if (foreign !== undefined) return `no alias has \`${foreign}\` in it; expected letters, digits, /, _ and -`;
  return text === "alias/" ? "no alias is `alias/` alone; expected its name" : undefined;
}
