import { sha256 } from "../log/hash.ts";
import type { ReconciledPlace } from "./call.ts";
import { type Digest, type DigestName, digestNameIn, readDigest, signedText } from "./digest.ts";
import { keysFor, type PublicKey } from "./public-keys.ts";

/** A digest file with what S3 keeps beside it. */
export interface DigestFile {
  /** The key of the object. */
  readonly key: string;
  /** Unpacked. */
  readonly bytes: Uint8Array;
  /** `x-amz-meta-signature`, hex. */
  readonly signature: string;
  readonly algorithm: string;
  /** `x-amz-meta-backfill-generation-timestamp` (ms since the epoch), of a backfill digest. */
  readonly generatedAt?: number;
}

/** Returns whether an RSA key (PKCS #1, DER) signed `text` by PKCS #1 v1.5 with SHA-256. False for any key or signature that is malformed. */
export type VerifySignature = (text: string, signature: string, publicKey: Uint8Array) => boolean;

/** Why a digest is not believed. */
export type DigestFault =
  | "a digest that is malformed"
  | "a digest of another account or Region"
  | "a digest of another trail"
  | "a digest under another name than it was signed for"
  | "a digest whose public key is not given"
  | "a digest whose signature is wrong";

/** What a wrong digest proves: that someone changed it. The others only prove nothing. */
export const changedDigests: ReadonlySet<DigestFault> = new Set<DigestFault>([
  "a digest under another name than it was signed for",
  "a digest whose signature is wrong",
]);

/** A digest that CloudTrail signed. */
export interface ValidDigest {
  readonly key: string;
  readonly name: DigestName;
  readonly digest: Digest;
  readonly sha256: string;
  readonly signature: string;
  /** SHA-256 of the public key that verified it (hex). */
  readonly signer: string;
}

/** What digests are read by. */
export interface DigestOptions {
  readonly place: ReconciledPlace;
  readonly publicKeys: readonly PublicKey[];
  readonly verify: VerifySignature;
}

/** Returns the digest in a file if CloudTrail signed it for this place, or why it is not believed. */
export function validDigest(file: DigestFile, options: DigestOptions): ValidDigest | DigestFault {
  const { key, bytes, signature } = file;
  const digest = readDigest(bytes);
  const name = digestNameIn(digest?.digestS3Object ?? key);
  if (digest === undefined || name === undefined) return "a digest that is malformed";
  const { account, region } = options.place;
  const isOfPlace = digest.awsAccountId === account && name.account === account && name.region === region;
  if (!isOfPlace) return "a digest of another account or Region";
  const hash = sha256(bytes).toString("hex");
  const signer = signerOf(file, digest, hash, options);
  if (typeof signer === "string") return signer;
  if (digest.digestS3Object !== key) return "a digest under another name than it was signed for";
  return { key, name, digest, sha256: hash, signature, signer: sha256(signer.der).toString("hex") };
}

/** Returns the key that signed a digest, or why it cannot be found. */
function signerOf(
  { signature, algorithm, generatedAt }: DigestFile,
  digest: Digest,
  hash: string,
  { publicKeys, verify }: DigestOptions,
): PublicKey | DigestFault {
  // A backfill digest is signed when it is made, which may be long after its time.
  const signedAt = generatedAt ?? Date.parse(digest.digestEndTime);
  const keys = keysFor(publicKeys, digest.digestPublicKeyFingerprint, signedAt);
  if (keys.length === 0) return "a digest whose public key is not given";
  const text = signedText(digest, hash);
  const isKnown = algorithm === digest.digestSignatureAlgorithm;
  return (isKnown && keys.find(({ der }) => verify(text, signature, der))) || "a digest whose signature is wrong";
}
