import { type KMSClient, SignCommand } from "@aws-sdk/client-kms";
import { GuardError } from "../../domain/guard-error.ts";
import type { SignText } from "../../workflows/ports/archive.ts";

/** Signs with an asymmetric KMS key (ECC_NIST_P256, SIGN_VERIFY), which nobody can take out of KMS. `key` is its ARN. */
export function createSigner(client: Pick<KMSClient, "send">, key: string): SignText {
  return async (text) => {
    const request = new SignCommand({
      ...{ KeyId: key, Message: Buffer.from(text) },
      ...{ MessageType: "RAW", SigningAlgorithm: "ECDSA_SHA_256" },
    });
    const { Signature } = await client.send(request).catch((error: unknown) => {
      throw new GuardError("ARCHIVE_UNAVAILABLE", "retry", "the signing key cannot be used", { cause: error });
    });
    if (Signature === undefined) throw new GuardError("ARCHIVE_UNAVAILABLE", "retry", "KMS gave no signature");
    return { key, algorithm: "ECDSA_SHA_256", value: Buffer.from(Signature).toString("base64") };
  };
}
