declare const brand: unique symbol;

/** The ARN of a payment key, checked against the pattern of the service model. Make one with `parseKeyArn`. */
export type KeyArn = string & { readonly [brand]: "KeyArn" };

const keyArnPattern =
  /^arn:aws:payment-cryptography:([a-z]{2}-[a-z]{1,16}-\d{1,2}):(\d{12}):key\/([0-9a-zA-Z]{16,64})$/;

/** `text` as a key ARN, or undefined when it is anything else (an alias ARN, another service, not a string). */
export function parseKeyArn(text: unknown): KeyArn | undefined {
  return typeof text === "string" && keyArnPattern.test(text) ? (text as KeyArn) : undefined;
}

/** The parts of a key ARN: the region to act in is the ARN's own, whatever an event says. */
export function keyArnParts(arn: KeyArn): { region: string; account: string; keyId: string } {
  const [, , , region = "", account = "", resource = ""] = arn.split(":");
  return { region, account, keyId: resource.slice("key/".length) };
}
