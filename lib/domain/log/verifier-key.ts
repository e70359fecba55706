import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { sha256 } from "./hash.ts";
import type { NoteSignature } from "./signed-note.ts";

/** Kinds of keys by the type byte of C2SP signed-note and tlog-cosignature. */
const typeBytes = { ed25519: 1, "ecdsa-p256": 2, cosignature: 4 } as const;

export type KeyType = keyof typeof typeBytes;

/** A public key that verifies notes. */
export interface VerifierKey {
  readonly name: string;
  readonly type: KeyType;
  /** Eight lower-case hex digits. */
  readonly keyId: string;
  /** The key as the format carries it: 32 bytes of Ed25519, or the SPKI (DER) of P-256. */
  readonly bytes: Buffer;
}

/** DER before the 32 bytes of an Ed25519 key (RFC 8410). */
const ed25519Prefix = Buffer.from("302a300506032b6570032100", "hex");
const pattern = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/u;

/** Returns the key named `name`. `bytes`: 32 bytes of Ed25519, or the SPKI (DER) of P-256. */
export function verifierKey(name: string, type: KeyType, bytes: Buffer): VerifierKey {
  return { name, type, bytes, keyId: keyIdOf(name, type, bytes) };
}

/** Returns the key named `name` in an SPKI (DER) of Ed25519, as KMS gives it; undefined for anything else. */
export function verifierKeyFrom(
  name: string,
  spki: Buffer,
  type: "ed25519" | "cosignature" = "ed25519",
): VerifierKey | undefined {
  const isEd25519 =
    spki.length === ed25519Prefix.length + 32 && spki.subarray(0, ed25519Prefix.length).equals(ed25519Prefix);
  return isEd25519 ? verifierKey(name, type, spki.subarray(ed25519Prefix.length)) : undefined;
}

/** Returns the key in `text` (`name+id+base64`); undefined where it is not one, its id is wrong, or its type is not supported. */
export function readVerifierKey(text: string): VerifierKey | undefined {
  const [, name, keyId, base64] = pattern.exec(text) ?? [];
  if (name === undefined || base64 === undefined) return undefined;
  const all = Buffer.from(base64, "base64");
  const type = keyTypes.find((known) => typeBytes[known] === all[0]);
  if (type === undefined) return undefined;
  const key = verifierKey(name, type, all.subarray(1));
  return key.keyId === keyId && publicKeyOf(key) !== undefined ? key : undefined;
}

/** Returns the key as text: `name+id+base64`. */
export function verifierKeyText({ name, keyId, type, bytes }: VerifierKey): string {
  return `${name}+${keyId}+${Buffer.concat([Buffer.of(typeBytes[type]), bytes]).toString("base64")}`;
}

/** Returns whether `signature` is this key's over `text`. A cosignature covers the time it carries. */
export function isSignedBy(key: VerifierKey, text: string, { name, keyId, bytes }: NoteSignature): boolean {
  if (name !== key.name || keyId !== key.keyId) return false;
  const publicKey = publicKeyOf(key);
  if (publicKey === undefined) return false;
  if (key.type === "ecdsa-p256") return verify("sha256", Buffer.from(text), publicKey, bytes);
  if (key.type === "ed25519") return verify(null, Buffer.from(text), publicKey, bytes);
  const at = cosignedAt(bytes);
  return at !== undefined && verify(null, Buffer.from(cosignedText(at, text)), publicKey, bytes.subarray(8));
}

/** Returns when a witness made its signature (seconds since the epoch); undefined where `bytes` is too short to carry a time. */
export function cosignedAt(bytes: Buffer): number | undefined {
  const at = bytes.length < 8 ? undefined : Number(bytes.readBigUInt64BE(0));
  return Number.isSafeInteger(at) ? at : undefined;
}

/** Returns what a witness signs of the note `text` at a time (seconds since the epoch; C2SP tlog-cosignature). */
export function cosignedText(at: number, text: string): string {
  return `cosignature/v1\ntime ${at}\n${text}`;
}

const keyTypes = Object.keys(typeBytes) as KeyType[];

function keyIdOf(name: string, type: KeyType, bytes: Buffer): string {
  const named = Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(typeBytes[type]), bytes]);
  return sha256(type === "ecdsa-p256" ? bytes : named).toString("hex", 0, 4);
}

function publicKeyOf({ type, bytes }: VerifierKey): KeyObject | undefined {
  const der = type === "ecdsa-p256" ? bytes : Buffer.concat([ed25519Prefix, bytes]);
  try {
    const key = createPublicKey({ key: der, format: "der", type: "spki" });
    return isOfType(key, type) ? key : undefined;
  } catch {
    return undefined;
  }
}

function isOfType({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject, type: KeyType): boolean {
  if (type !== "ecdsa-p256") return asymmetricKeyType === "ed25519";
  return asymmetricKeyType === "ec" && asymmetricKeyDetails?.namedCurve === "prime256v1";
}
