import type { EntryPart, InclusionPart } from "../parts.ts";

/** What this browser computed of the evidence that a console gave. */
export type InclusionVerdict =
  | { readonly kind: "broken"; readonly why: string }
  | {
      readonly kind: "included";
      /** Entries that the path of each leads to the root of the checkpoint. */
      readonly entries: number;
      readonly later: number;
      readonly origin: string;
      readonly size: number;
      /** `unknown`: no key was given, or this browser knows no Ed25519. */
      readonly signature: "right" | "unknown";
    };

/**
 * Verifies that entries are in the log of the checkpoint (RFC 6962) and, with a key, that the key signed it (C2SP signed-note). Takes the very
 * texts of the page: nothing that the server says of them is believed.
 */
export async function verifyInclusion(
  entries: readonly EntryPart[],
  { proofs, later, note, key }: InclusionPart,
): Promise<InclusionVerdict> {
  const cut = note.lastIndexOf("\n\n");
  const text = note.slice(0, cut + 1);
  const [origin = "", sizeText = "", root = ""] = text.split("\n");
  const size = Number(sizeText);
  if (cut < 1 || !/^\d{1,15}$/.test(sizeText)) return { kind: "broken", why: "the checkpoint is not one" };
  const proven = new Map(proofs.map((proof) => [proof.seq, proof]));
  const unproven = entries.filter(({ seq }) => !proven.has(seq)).map(({ seq }) => seq);
  if (proofs.length === 0) return { kind: "broken", why: "no checkpoint covers an entry of this chain yet" };
  const last = Math.max(...proven.keys());
  const missing = unproven.find((seq) => seq < last);
  if (missing !== undefined) return { kind: "broken", why: `entry ${missing} is not in the log, and later ones are` };
  for (const { seq, text: entry } of entries) {
    const proof = proven.get(seq);
    if (proof === undefined) continue;
    const found = await rootFrom(await leafHash(entry), proof.index, size, proof.path.map(bytesOf));
    if (found === undefined || base64Of(found) !== root)
      return { kind: "broken", why: `entry ${seq} is not in the log of this checkpoint as it is shown here` };
  }
  const signature = key === undefined ? "unknown" : await signatureOf(key, { origin, text, note: note.slice(cut + 2) });
  if (signature === "wrong") return { kind: "broken", why: "the checkpoint is not signed by the key of --key" };
  const covered = entries.length - unproven.length;
  return {
    kind: "included",
    entries: covered,
    later: Math.max(later.length, unproven.length),
    origin,
    size,
    signature,
  };
}

/** Returns the root that a path leads to; undefined where it has another length than such a tree needs (RFC 9162, 2.1.3.2). */
async function rootFrom(leaf: Bytes, index: number, size: number, path: readonly Bytes[]): Promise<Bytes | undefined> {
  if (!(Number.isSafeInteger(index) && 0 <= index && index < size)) return undefined;
  let [at, last, root] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (last === 0) return undefined;
    if (at % 2 === 1 || at === last) {
      root = await nodeHash(sibling, root);
      while (at % 2 === 0 && at !== 0) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
    } else root = await nodeHash(root, sibling);
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 ? root : undefined;
}

type Bytes = Uint8Array<ArrayBuffer>;

async function signatureOf(
  vkey: string,
  { origin, text, note }: { readonly origin: string; readonly text: string; readonly note: string },
): Promise<"right" | "wrong" | "unknown"> {
  // Base64 may hold a `+` itself.
  const [name = "", keyId = "", ...rest] = vkey.split("+");
  const all = bytesOf(rest.join("+"));
  if (name !== origin) return "wrong";
  // A type byte of 1 is Ed25519; another one is left to reprieve audit verify.
  if (all[0] !== 1) return "unknown";
  try {
    const key = await crypto.subtle.importKey("raw", all.slice(1), "Ed25519", false, ["verify"]);
    for (const line of note.split("\n")) {
      const [, signer, signed = ""] = /^\u2014 (\S+) (\S+)$/u.exec(line) ?? [];
      const bytes = bytesOf(signed);
      if (signer !== name || hexOf(bytes.slice(0, 4)) !== keyId) continue;
      if (await crypto.subtle.verify("Ed25519", key, bytes.slice(4), utf8(text))) return "right";
    }
    return "wrong";
  } catch {
    return "unknown";
  }
}

async function leafHash(text: string): Promise<Bytes> {
  return await sha256(joined(Uint8Array.of(0), utf8(text)));
}

async function nodeHash(left: Bytes, right: Bytes): Promise<Bytes> {
  return await sha256(joined(Uint8Array.of(1), left, right));
}

async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

function joined(...parts: readonly Bytes[]): Bytes {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function utf8(text: string): Bytes {
  return new TextEncoder().encode(text);
}

function bytesOf(base64: string): Bytes {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}

function base64Of(bytes: Bytes): string {
  return btoa(String.fromCharCode(...bytes));
}

function hexOf(bytes: Bytes): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
