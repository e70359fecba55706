import { createPublicKey, verify } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { VerifySignature } from "../../lib/domain/trail/checkpoint-chain.ts";
import { InputError } from "../shell/input-error.ts";

/** What holds signatures of checkpoints to the public key in a PEM file. Throws an InputError. */
export async function signatureVerifier(file: string): Promise<VerifySignature> {
  const pem = await readFile(file, "utf8").catch(() => {
    throw new InputError(`\`${file}\` cannot be read`);
  });
  const key = publicKeyIn(pem);
  if (key?.asymmetricKeyType !== "ec")
    throw new InputError(
      `\`${file}\` holds no public key of an elliptic curve in PEM: aws kms get-public-key gives it in DER`,
    );
  return (text, { value }) => verify("sha256", Buffer.from(text), key, Buffer.from(value, "base64"));
}

function publicKeyIn(pem: string) {
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
}
