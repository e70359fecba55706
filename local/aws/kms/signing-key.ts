import { generateKeyPairSync, sign } from "node:crypto";
import type { ServiceResponse } from "../service-request.ts";
import { deterministicSigner, type Signer } from "./deterministic-ecdsa.ts";

export interface SigningKeyOptions {
  readonly keyArn: string;
  /** With a seed, the key and its signatures are the same in every run; without one, both are random. */
  readonly seed?: string;
}

/** KMS as far as signing goes. */
export class LocalSigningKey {
  readonly #keyArn: string;
  readonly #signer: Signer;

  constructor({ keyArn, seed }: SigningKeyOptions) {
    this.#keyArn = keyArn;
    this.#signer = seed === undefined ? randomSigner() : deterministicSigner(seed);
  }

  /** PEM, as `aws kms get-public-key` and openssl make it. */
  get publicKey(): string {
    return this.#signer.publicKey;
  }

  handle(operation: string, { KeyId, Message, MessageType }: Record<string, unknown>): ServiceResponse {
    if (operation !== "Sign" || MessageType !== "RAW")
      return { status: 400, body: { __type: "UnsupportedOperationException" } };
    if (KeyId !== this.#keyArn) return { status: 400, body: { __type: "NotFoundException" } };
    const Signature = this.#signer.sign(Buffer.from(String(Message), "base64")).toString("base64");
    return { status: 200, body: { KeyId, Signature, SigningAlgorithm: "ECDSA_SHA_256" } };
  }
}

function randomSigner(): Signer {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
    sign: (message) => sign("sha256", message, privateKey),
  };
}
