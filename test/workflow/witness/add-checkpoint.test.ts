import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import { checkpointText } from "../../../lib/domain/log/checkpoint.ts";
import { leafHash } from "../../../lib/domain/log/hash.ts";
import { consistencyProof, leafRange } from "../../../lib/domain/log/proofs.ts";
import { noteText, readNote } from "../../../lib/domain/log/signed-note.ts";
import { isSignedBy, verifierKey } from "../../../lib/domain/log/verifier-key.ts";
import { cosignRequestText } from "../../../lib/domain/log/witness.ts";
import type { WitnessBook } from "../../../lib/workflows/ports/witness.ts";
import { addCheckpoint, type WitnessDeps } from "../../../lib/workflows/witness/add-checkpoint.ts";
import { createMemoryWitnessBook } from "../../doubles/memory-witness-book.ts";

const origin = "reprieve/111122223333/eu-central-1/prod";
const t0 = 1_795_863_600_000;
const [logPair, ownPair] = [keyPair(origin), keyPair("witness/444455556666/eu-central-1")];
const leaves = leafRange(Array.from({ length: 9 }, (_, n) => leafHash(`entry ${n}`)));

function keyPair(name: string) {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return {
    privateKey,
    key: verifierKey(name, "ed25519", publicKey.export({ format: "der", type: "spki" }).subarray(-32)),
  };
}

function signed(text: string, { privateKey, key }: { privateKey: KeyObject; key: { name: string; keyId: string } }) {
  return noteText({
    text,
    signatures: [{ name: key.name, keyId: key.keyId, bytes: sign(null, Buffer.from(text), privateKey) }],
  });
}

function request(before: number, size: number, root = leaves.root(0, size)): string {
  const note = signed(checkpointText({ origin, size, root }), logPair);
  return cosignRequestText(before, consistencyProof(leaves, before, size), note);
}

function witness(book: WitnessBook = createMemoryWitnessBook()): WitnessDeps {
  return {
    logKeys: [logPair.key],
    ownKey: verifierKey(ownPair.key.name, "cosignature", ownPair.key.bytes),
    book,
    sign: async (text) => sign(null, Buffer.from(text), ownPair.privateKey),
    clock: () => t0,
  };
}

describe("a witness", () => {
  it("cosigns a log as it grows, with a line that verifies", async () => {
    const deps = witness();
    expect(await addCheckpoint(deps, request(0, 3))).toMatchObject({ status: 200, grownBy: 3 });
    const answer = await addCheckpoint(deps, request(3, 9));
    if (answer.status !== 200) throw new Error(answer.why);
    const note = readNote(
      `${signed(checkpointText({ origin, size: 9, root: leaves.root(0, 9) }), logPair)}${answer.line}`,
    );
    const signature = note?.signatures.at(-1);
    expect(note && signature && isSignedBy(deps.ownKey, note.text, signature)).toBe(true);
    expect((await deps.book.last(origin))?.size).toBe(9);
  });

  it("refuses a log that went back, and one with another history", async () => {
    const deps = witness();
    await addCheckpoint(deps, request(0, 5));
    expect(await addCheckpoint(deps, request(0, 3))).toMatchObject({ status: 409, size: 5 });
    expect(await addCheckpoint(deps, request(5, 9, leafHash("fork")))).toMatchObject({ status: 422 });
    expect(await addCheckpoint(deps, "garbage")).toMatchObject({ status: 400 });
    expect((await deps.book.last(origin))?.size).toBe(5);
  });

  it("lets one of two histories of the same size win", async () => {
    const deps = witness();
    const answers = await Promise.all(
      [request(0, 3), request(0, 3, leafHash("fork"))].map((body) => addCheckpoint(deps, body)),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  });

  it("gives no signature away when it cannot keep the checkpoint", async () => {
    const keep = async () => await Promise.reject(new Error("STORE_UNAVAILABLE"));
    await expect(addCheckpoint(witness({ ...createMemoryWitnessBook(), keep }), request(0, 3))).rejects.toThrow(
      "STORE",
    );
  });

  it("keeps nothing when it cannot sign", async () => {
    const deps = { ...witness(), sign: async () => await Promise.reject(new Error("ARCHIVE_UNAVAILABLE")) };
    await expect(addCheckpoint(deps, request(0, 3))).rejects.toThrow("ARCHIVE");
    expect(await deps.book.last(origin)).toBeUndefined();
  });

  it("cosigns again when its answer was lost", async () => {
    const deps = witness();
    await addCheckpoint(deps, request(0, 3));
    expect(await addCheckpoint(deps, request(0, 3))).toMatchObject({ status: 409, size: 3 });
    expect(await addCheckpoint(deps, request(3, 3))).toMatchObject({ status: 200, grownBy: 0 });
  });
});
