import { generateKeyPairSync, sign } from "node:crypto";
import type { Answer } from "../world/hub/request.ts";
import { account, region } from "../world/people.ts";

/** The one asymmetric KMS key of the local world. */
export const signingKeyArn = `arn:aws:kms:${region}:${account}:key/5f0f2a4c-0000-4000-8000-00000000c0de`;

/** KMS as far as signing goes. */
export class LocalSigningKey {
  readonly #pair = generateKeyPairSync("ec", { namedCurve: "P-256" });

  /** PEM, as `aws kms get-public-key` and openssl make it. */
  get publicKey(): string {
    return this.#pair.publicKey.export({ type: "spki", format: "pem" }).toString();
  }

  handle(operation: string, { KeyId, Message, MessageType }: Record<string, unknown>): Answer {
    if (operation !== "Sign" || MessageType !== "RAW")
      return { status: 400, body: { __type: "UnsupportedOperationException" } };
    if (KeyId !== signingKeyArn) return { status: 400, body: { __type: "NotFoundException" } };
    const Signature = sign("sha256", Buffer.from(String(Message), "base64"), this.#pair.privateKey).toString("base64");
    return { status: 200, body: { KeyId, Signature, SigningAlgorithm: "ECDSA_SHA_256" } };
  }
}
