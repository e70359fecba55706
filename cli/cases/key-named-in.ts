import { keyArnParts, parseKeyArn } from "../../lib/domain/key/key-arn.ts";

/** Returns the account and Region of the key in a case's whole name, with or without its generation; undefined for any other text. */
export function keyNamedIn(name: string): { readonly account: string; readonly region: string } | undefined {
  const arn = parseKeyArn(name.replace(/#[^#]*$/, ""));
  return arn && keyArnParts(arn);
}
