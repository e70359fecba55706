import { createHash, createPrivateKey, createPublicKey, type KeyObject, randomBytes, sign } from "node:crypto";
import type { ServiceResponse } from "../service-request.ts";

export interface SigningKeyOptions {
  readonly keyArn: string;
  /** With a seed, the key is the same in every run; without one, it is random. */
  readonly seed?: string;
}

/** DER before the 32 bytes of an Ed25519 private key (RFC 8410). */
const pkcs8Prefix = Buffer.from("302e020100300506032b657004220420", "hex");

/** KMS as far as signing with a key of ECC_NIST_EDWARDS25519 goes. */
export class LocalSigningKey {
  readonly #keyArn: string;
  readonly #privateKey: KeyObject;
  /** What every call is refused with, as long as it is set. */
  refusal: string | undefined;

  constructor({ keyArn, seed }: SigningKeyOptions) {
    this.#keyArn = keyArn;
    const secret = seed === undefined ? randomBytes(32) : createHash("sha256").update(seed).digest();
    this.#privateKey = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, secret]), format: "der", type: "pkcs8" });
  }

  /** DER (SPKI), as GetPublicKey answers. */
  get publicKey(): Buffer {
    return createPublicKey(this.#privateKey).export({ type: "spki", format: "der" });
  }

  handle(operation: string, body: Record<string, unknown>): ServiceResponse {
    if (this.refusal !== undefined) return failed(this.refusal);
    if (body["KeyId"] !== this.#keyArn) return failed("NotFoundException");
    if (operation === "GetPublicKey") return this.#answer({ PublicKey: this.publicKey.toString("base64") });
    const { Message, MessageType, SigningAlgorithm } = body;
    if (operation !== "Sign") return failed("UnsupportedOperationException");
    if (MessageType !== "RAW" || SigningAlgorithm !== "ED25519_SHA_512") return failed("ValidationException");
    const message = Buffer.from(String(Message), "base64");
    const Signature = sign(null, message, this.#privateKey).toString("base64");
    return this.#answer({ Signature, SigningAlgorithm });
  }

  #answer(body: object): ServiceResponse {
    return { status: 200, body: { KeyId: this.#keyArn, ...body } };
  }
}

function failed(type: string): ServiceResponse {
  return { status: 400, body: { __type: type } };
}
