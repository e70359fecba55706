import { hash } from "node:crypto";

/** SHA-256 of the leaf that holds `line` (RFC 6962, 2.1): its UTF-8 bytes after a zero byte. */
export function leafHash(line: string | Uint8Array): Buffer {
  return typeof line === "string" ? hash("sha256", `\0${line}`, "buffer") : sha256(Buffer.concat([leafPrefix, line]));
}

/** SHA-256 of the node above two subtrees (RFC 6962, 2.1). Its first byte differs from a leaf's, so that no node passes for a leaf. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return sha256(Buffer.concat([nodePrefix, left, right]));
}

/** SHA-256 of `bytes`, 32 bytes. */
export function sha256(bytes: Uint8Array): Buffer {
  return hash("sha256", bytes, "buffer");
}

/** Root of the tree without a leaf. */
export const emptyRoot: Buffer = sha256(new Uint8Array());

const leafPrefix = Buffer.of(0);
const nodePrefix = Buffer.of(1);
