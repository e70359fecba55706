import { createECDH, createHash, createHmac, createPublicKey } from "node:crypto";

/** Signs with a key on the curve P-256 and SHA-256; signatures in DER. */
export interface Signer {
  /** PEM. */
  readonly publicKey: string;
  sign(message: Buffer): Buffer;
}

/** The order of the curve P-256. */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/**
 * Makes an ECDSA signer whose key and nonces derive from `seed`: Node's own nonces are random, and a replayed run needs the same
 * signature again. For the local world alone: anyone who knows the seed has the key.
 */
export function deterministicSigner(seed: string): Signer {
  const secret = scalarFrom("key", seed);
  const point = pointOf(secret);
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((coordinate) => coordinate.toString("base64url"));
  const jwk = { kty: "EC", crv: "P-256", x: x ?? "", y: y ?? "" };
  const publicKey = createPublicKey({ key: jwk, format: "jwk" }).export({ type: "spki", format: "pem" }).toString();
  return { publicKey, sign: (message) => signed(secret, message, seed) };
}

function signed(secret: bigint, message: Buffer, seed: string): Buffer {
  const digest = createHash("sha256").update(message).digest();
  const nonce = scalarFrom(digest, seed);
  const r = numberIn(pointOf(nonce).subarray(1, 33)) % order;
  const s = (power(nonce, order - 2n) * (numberIn(digest) + r * secret)) % order;
  const parts = Buffer.concat([r, s].map(derInteger));
  return Buffer.concat([Buffer.from([0x30, parts.length]), parts]);
}

/** Returns a number from 1 to the order less one. */
function scalarFrom(text: string | Buffer, seed: string): bigint {
  return (numberIn(createHmac("sha512", seed).update(text).digest()) % (order - 1n)) + 1n;
}

/** Returns `scalar` times the base point, uncompressed: 0x04, x, y. */
function pointOf(scalar: bigint): Buffer {
  const curve = createECDH("prime256v1");
  curve.setPrivateKey(bytesOf(scalar));
  return curve.getPublicKey();
}

/** Returns `base` to the power of `exponent`, modulo the order. */
function power(base: bigint, exponent: bigint): bigint {
  if (exponent === 0n) return 1n;
  const root = power((base * base) % order, exponent >> 1n);
  return exponent & 1n ? (root * base) % order : root;
}

function derInteger(value: bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex");
  // A first bit that is set would make the number negative.
  const content = (bytes[0] ?? 0) < 0x80 ? bytes : Buffer.concat([Buffer.from([0]), bytes]);
  return Buffer.concat([Buffer.from([0x02, content.length]), content]);
}

function numberIn(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString("hex")}`);
}

function bytesOf(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, "0"), "hex");
}
