import { createSign, createVerify, generateKeyPairSync } from "node:crypto";
import type { SignCommand } from "@aws-sdk/client-kms";
import { describe, expect, it } from "vitest";
import { createSigner } from "../../lib/aws/s3-kms/checkpoint-signer.ts";

const key = "arn:aws:kms:us-east-1:111122223333:key/12345678-1234-1234-1234-123456789012";
const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });

/** KMS as far as it signs: it hashes a RAW message itself. */
function kms(
  answer = async ({ input }: SignCommand): Promise<object> => {
    const { MessageType, Message, SigningAlgorithm, KeyId } = input;
    if (MessageType !== "RAW" || SigningAlgorithm !== "ECDSA_SHA_256" || KeyId !== key)
      throw new Error("ValidationException");
    return {
      Signature: createSign("sha256")
        .update(Message ?? "")
        .sign(privateKey),
    };
  },
) {
  return { send: answer } as unknown as Parameters<typeof createSigner>[0];
}

describe("a signature by KMS", () => {
  it("is one over the text that any other software can check, and names its key", async () => {
    const signature = await createSigner(kms(), key)("the text");
    expect(signature).toMatchObject({ key, algorithm: "ECDSA_SHA_256" });
    const checked = (text: string) => createVerify("sha256").update(text).verify(publicKey, signature.value, "base64");
    expect([checked("the text"), checked("another")]).toEqual([true, false]);
  });

  it.each<[string, () => Promise<object>]>([
    ["refuses", async () => await Promise.reject(new Error("AccessDeniedException"))],
    ["answers without one", async () => ({})],
  ])("is ARCHIVE_UNAVAILABLE where KMS %s", async (_, answer) => {
    await expect(createSigner(kms(answer), key)("the text")).rejects.toMatchObject({
      code: "ARCHIVE_UNAVAILABLE",
      disposition: "retry",
    });
  });
});
