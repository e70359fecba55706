import { verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import { LocalSigningKey } from "../../../local/aws/kms/signing-key.ts";

const keyArn = "arn:aws:kms:us-east-1:111122223333:key/1";
const signatureBy = (key: LocalSigningKey, message: string): Buffer => {
  const Message = Buffer.from(message).toString("base64");
  const { body } = key.handle("Sign", { KeyId: keyArn, Message, MessageType: "RAW" });
  return Buffer.from((body as { Signature: string }).Signature, "base64");
};

describe("the local signing key", () => {
  it.each([
    ["with a seed", { keyArn, seed: "7" }],
    ["without one", { keyArn }],
  ])("makes signatures that its public key verifies, %s", (_, options) => {
    const key = new LocalSigningKey(options);
    for (let n = 0; n < 100; n++) {
      const signature = signatureBy(key, `message ${n}`);
      expect(verify("sha256", Buffer.from(`message ${n}`), key.publicKey, signature)).toBe(true);
      expect(verify("sha256", Buffer.from("another"), key.publicKey, signature)).toBe(false);
    }
  });

  it("has the same key and the same signatures again for a seed, and others for another seed", () => {
    const [one, again, other] = ["7", "7", "8"].map((seed) => new LocalSigningKey({ keyArn, seed }));
    if (!one || !again || !other) throw new Error("there are three");
    expect(again.publicKey).toBe(one.publicKey);
    expect(signatureBy(again, "m")).toEqual(signatureBy(one, "m"));
    expect(other.publicKey).not.toBe(one.publicKey);
    expect(signatureBy(one, "m")).not.toEqual(signatureBy(one, "n"));
  });

  it("refuses another key and another operation", () => {
    const key = new LocalSigningKey({ keyArn });
    expect(key.handle("Sign", { KeyId: `${keyArn}2`, Message: "", MessageType: "RAW" })).toMatchObject({ status: 400 });
    expect(key.handle("Verify", { KeyId: keyArn, Message: "", MessageType: "RAW" })).toMatchObject({ status: 400 });
  });
});
