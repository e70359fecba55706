import { GetPublicKeyCommand, type KMSClient, SignCommand, type SigningAlgorithmSpec } from "@aws-sdk/client-kms";
import { GuardError } from "../../domain/guard-error.ts";
import { type VerifierKey, verifierKeyFrom } from "../../domain/log/verifier-key.ts";
import type { LogSigner } from "../../workflows/ports/log-store.ts";

/** KMS is newer than the types of the SDK, which sends the name as it is. */
const algorithm = "ED25519_SHA_512" as SigningAlgorithmSpec;

/** Signs with a KMS key of the spec ECC_NIST_EDWARDS25519, by its ARN. `origin` names the log, and so the key. */
export function createLogSigner(client: Pick<KMSClient, "send">, keyArn: string, origin: string): LogSigner {
  // The public key of a KMS key never changes.
  let known: VerifierKey | undefined;
  return {
    key: async () => {
      known ??= await readKey(client, keyArn, origin);
      return known;
    },
    sign: async (text) => {
      // RAW: a digest would be signed by Ed25519ph, which no reader of notes verifies.
      const request = { KeyId: keyArn, Message: Buffer.from(text), MessageType: "RAW" } as const;
      const { Signature } = await unlessDown(client.send(new SignCommand({ ...request, SigningAlgorithm: algorithm })));
      if (Signature?.length !== 64) throw new GuardError("SIGNING_UNAVAILABLE", "retry", "KMS gave no signature");
      return Buffer.from(Signature);
    },
  };
}

async function readKey(client: Pick<KMSClient, "send">, keyArn: string, origin: string): Promise<VerifierKey> {
  const { PublicKey } = await unlessDown(client.send(new GetPublicKeyCommand({ KeyId: keyArn })));
  const key = verifierKeyFrom(origin, Buffer.from(PublicKey ?? []));
  if (key !== undefined) return key;
  throw new GuardError("SIGNING_UNAVAILABLE", "retry", `\`${keyArn}\` is not a key of ECC_NIST_EDWARDS25519`);
}

async function unlessDown<Value>(answer: Promise<Value>): Promise<Value> {
  return await answer.catch((error: unknown) => {
    throw new GuardError("SIGNING_UNAVAILABLE", "retry", "the signing key cannot be used", { cause: error });
  });
}
