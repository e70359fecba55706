import { verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import { LocalSigningKey } from "../../../local/aws/kms/signing-key.ts";

const keyArn = "arn:aws:kms:us-east-1:111122223333:key/1";
const ed25519 = { MessageType: "RAW", SigningAlgorithm: "ED25519_SHA_512" };
const publicKeyOf = ({ publicKey }: LocalSigningKey) => ({ key: publicKey, format: "der", type: "spki" }) as const;
const signatureBy = (key: LocalSigningKey, message: string): Buffer => {
  const Message = Buffer.from(message).toString("base64");
  const { body } = key.handle("Sign", { KeyId: keyArn, Message, ...ed25519 });
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
      expect(verify(null, Buffer.from(`message ${n}`), publicKeyOf(key), signature)).toBe(true);
      expect(verify(null, Buffer.from("another"), publicKeyOf(key), signature)).toBe(false);
    }
  });

  it("has the same key and the same signatures again for a seed, and others for another seed", () => {
    const [one, again, other] = ["7", "7", "8"].map((seed) => new LocalSigningKey({ keyArn, seed }));
    if (!one || !again || !other) throw new Error("there are three");
    expect(again.publicKey).toEqual(one.publicKey);
    expect(signatureBy(again, "m")).toEqual(signatureBy(one, "m"));
    expect(other.publicKey).not.toEqual(one.publicKey);
    expect(signatureBy(one, "m")).not.toEqual(signatureBy(one, "n"));
  });

  it("refuses another key, another operation, and every other way to sign", () => {
    const key = new LocalSigningKey({ keyArn });
    const refused = (operation: string, body: object) => key.handle(operation, { KeyId: keyArn, Message: "", ...body });
    expect(refused("Sign", { ...ed25519, KeyId: `${keyArn}2` })).toMatchObject({
      body: { __type: "NotFoundException" },
    });
    expect(refused("Verify", ed25519)).toMatchObject({ body: { __type: "UnsupportedOperationException" } });
    for (const other of [{ MessageType: "DIGEST" }, { SigningAlgorithm: "ECDSA_SHA_256" }])
      expect(refused("Sign", { ...ed25519, ...other })).toMatchObject({ body: { __type: "ValidationException" } });
  });

  it("gives its public key, and refuses everything while it is said to", () => {
    const key = new LocalSigningKey({ keyArn });
    const asked = () => key.handle("GetPublicKey", { KeyId: keyArn });
    expect(asked()).toMatchObject({ status: 200, body: { PublicKey: key.publicKey.toString("base64") } });
    key.refusal = "DisabledException";
    expect(asked()).toMatchObject({ status: 400, body: { __type: "DisabledException" } });
  });
});
