import { createPublicKey, type KeyObject, verify } from "node:crypto";
import type { PublicKey } from "../../lib/domain/reconcile/public-keys.ts";
import type { VerifySignature } from "../../lib/domain/reconcile/read-digests.ts";

/** Returns whether a public key is one of RSA that node can read. */
export function isRsaKey({ der }: Pick<PublicKey, "der">): boolean {
  return keyOf(der) !== undefined;
}

/** Returns what verifies signatures of CloudTrail (RSA PKCS #1 v1.5, SHA-256). Reads each key once. */
export function signatureVerifier(): VerifySignature {
  const keys = new Map<Uint8Array, KeyObject | undefined>();
  return (text, signature, der) => {
    const key = keys.has(der) ? keys.get(der) : keyOf(der);
    keys.set(der, key);
    try {
      return key !== undefined && verify("sha256", Buffer.from(text), key, Buffer.from(signature, "hex"));
    } catch {
      return false;
    }
  };
}

function keyOf(der: Uint8Array): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(der), format: "der", type: "pkcs1" });
    return key.asymmetricKeyType === "rsa" ? key : undefined;
  } catch {
    return undefined;
  }
}
