import { generateKeyPairSync, sign } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkpointText, readCheckpoint } from "../../../lib/domain/log/checkpoint.ts";
import { checkpointOf, proofText, readProof } from "../../../lib/domain/log/entry-proof.ts";
import { noteText, readNote } from "../../../lib/domain/log/signed-note.ts";
import {
  cosignedAt,
  cosignedText,
  isSignedBy,
  readVerifierKey,
  verifierKey,
  verifierKeyText,
} from "../../../lib/domain/log/verifier-key.ts";
import { vectors } from "./vectors.ts";

const keyVectors = [vectors.ed25519, vectors.ecdsa_p256, vectors.cosignature_v1];

describe("a checkpoint as a signed note", () => {
  it("reads the published one, and writes it again byte for byte", () => {
    const note = readNote(vectors.checkpoint_both);
    expect(note?.signatures).toHaveLength(3);
    expect(note && noteText(note)).toBe(vectors.checkpoint_both);
    const checkpoint = readCheckpoint(note?.text ?? "");
    expect(checkpoint).toMatchObject({ origin: vectors.origin, size: 3 });
    expect(checkpoint && checkpointText(checkpoint)).toBe(vectors.checkpoint_body);
  });

  it.each(keyVectors)("verifies the signature of the key $vkey, and none over another text", ({ vkey, keyId }) => {
    const key = readVerifierKey(vkey);
    const note = readNote(vectors.checkpoint_both);
    const signature = note?.signatures.find((one) => one.keyId === keyId);
    if (key === undefined || note === undefined || signature === undefined) throw new Error("vectors are not readable");
    expect(verifierKeyText(key)).toBe(vkey);
    expect(isSignedBy(key, note.text, signature)).toBe(true);
    expect(isSignedBy(key, note.text.replace("\n3\n", "\n4\n"), signature)).toBe(false);
    expect(isSignedBy({ ...key, name: "other" }, note.text, signature)).toBe(false);
    const cut = { ...signature, bytes: signature.bytes.subarray(0, 7) };
    expect(isSignedBy(key, note.text, cut)).toBe(false);
  });

  it("reads the time of a witness's signature, and signs the text that the vectors name", () => {
    const { time, message, keyId } = vectors.cosignature_v1;
    const signature = readNote(vectors.signed_checkpoint)?.signatures.find((one) => one.keyId === keyId);
    expect(signature && cosignedAt(signature.bytes)).toBe(time);
    expect(cosignedText(time, vectors.checkpoint_body)).toBe(message);
  });
});

describe("a key", () => {
  it.each([
    ["of a type without support", vectors.ml_dsa_44.vkey],
    ["with another id", vectors.ed25519.vkey.replace("6093e1fc", "6093e1fd")],
    ["with a shorter key", verifierKeyText(verifierKey("log", "ed25519", Buffer.alloc(31)))],
    ["of P-384", verifierKeyText(verifierKey("log", "ecdsa-p256", p384()))],
    ["without a name", "+6093e1fc+AYa4"],
    ["that is empty", ""],
  ])("is refused %s", (_name, text) => {
    expect(readVerifierKey(text)).toBeUndefined();
  });

  it("verifies what node:crypto signs", () => {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-32);
    const key = verifierKey("log", "ed25519", raw);
    const signature = { name: "log", keyId: key.keyId, bytes: sign(null, Buffer.from("text\n"), privateKey) };
    expect(isSignedBy(key, "text\n", signature)).toBe(true);
  });
});

describe("bad input", () => {
  const good = vectors.signed_checkpoint;
  it.each([
    ["without signatures", vectors.checkpoint_body],
    ["with a carriage return", good.replace("\n3\n", "\r\n3\r\n")],
    ["without the last newline", good.slice(0, -1)],
    ["with a signature that is not base64", good.replace("YJPh/", "YJPh*")],
    ["with padding that base64 does not need", good.replace("AF6QM=", "AF6QM==")],
    ["with a plus in the name of a key", good.replaceAll("\u2014 witness", "\u2014 wit+ness")],
    ["longer than any note", `${"x".repeat(20_000)}\n\n${good.split("\n\n")[1] ?? ""}`],
    ["that is empty", ""],
    ["with more signatures than a reader takes", `${good}${good.split("\n\n")[1]?.repeat(20) ?? ""}`],
  ])("is no note %s", (_name, text) => {
    expect(readNote(text)).toBeUndefined();
  });

  it.each([
    "a\n03\nAA==\n",
    "a\n-1\nAA==\n",
    "a\n1e3\nAA==\n",
    "a\n3\nAA==\n",
    "\n3\n\n",
    "a\n99999999999999999999\nAA==\n",
  ])("is no checkpoint %j", (text) => {
    expect(readCheckpoint(text)).toBeUndefined();
  });

  it("never throws, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: "binary" }), damaged(good), damaged(vectors.tlog_proof_with_entry)),
        (text) => {
          readNote(text);
          readCheckpoint(text);
          readProof(text);
          readVerifierKey(text);
        },
      ),
    );
  });
});

describe("the proof of an entry", () => {
  it("reads the published one, and writes it again byte for byte", () => {
    const proof = readProof(vectors.tlog_proof_with_entry);
    expect(proof?.entry).toBe(vectors.entries[1]);
    expect(proof && proofText(proof)).toBe(vectors.tlog_proof_with_entry);
    expect(proof && checkpointOf(proof)).toMatchObject({ size: 3, origin: vectors.origin });
  });

  it("leads to no checkpoint for another entry, or another place", () => {
    const proof = readProof(vectors.tlog_proof_with_entry);
    if (proof === undefined) throw new Error("vectors are not readable");
    expect(checkpointOf({ ...proof, entry: vectors.entries[0] ?? "" })).toBeUndefined();
    expect(checkpointOf({ ...proof, index: 0 })).toBeUndefined();
    expect(checkpointOf({ ...proof, index: 3 })).toBeUndefined();
    expect(checkpointOf({ ...proof, path: proof.path.slice(1) })).toBeUndefined();
  });
});

function p384(): Buffer {
  return generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey.export({ format: "der", type: "spki" });
}

/** `text` with one character exchanged. */
function damaged(text: string): fc.Arbitrary<string> {
  return fc
    .tuple(fc.nat(text.length - 1), fc.string({ unit: "binary", maxLength: 2 }))
    .map(([at, by]) => `${text.slice(0, at)}${by}${text.slice(at + 1)}`);
}
