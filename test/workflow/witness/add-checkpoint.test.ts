import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import { checkpointText } from "../../../lib/domain/log/checkpoint.ts";
import { emptyRoot, leafHash } from "../../../lib/domain/log/hash.ts";
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

function request(before: number, size: number, root = leaves.root(0, size), more = ""): string {
  const note = signed(`${checkpointText({ origin, size, root })}${more}`, logPair);
  return cosignRequestText(before, consistencyProof(leaves, before, size), note);
}

/** The request with so many signatures of others below the log's own, as anyone may add them. */
function crowded(body: string, count: number): string {
  const signatureOf = (n: number) => ({ name: `other.example/${n}`, keyId: "0badf00d", bytes: Buffer.alloc(72, n) });
  const lines = noteText({ text: "", signatures: Array.from({ length: count }, (_, n) => signatureOf(n)) });
  return `${body}${lines.slice(1)}`;
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

  it("lets one of two histories of the same size win, and reports the other", async () => {
    const deps = witness();
    const answers = await Promise.all(
      [request(0, 3), request(0, 3, leafHash("fork"))].map((body) => addCheckpoint(deps, body)),
    );
    expect(answers).toMatchObject([{ status: 200 }, { status: 409, why: "inconsistent", size: 3 }]);
  });

  it("answers two requests with the same checkpoint at once, and the slower one with its size", async () => {
    const deps = witness();
    const answers = await Promise.all([request(0, 3), request(0, 3)].map((body) => addCheckpoint(deps, body)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const later = await Promise.all([request(3, 5), request(3, 9)].map((body) => addCheckpoint(deps, body)));
    expect(later).toMatchObject([{ status: 200 }, { status: 409, why: "other-size", size: 5 }]);
  });

  it.each([
    ["with the old size of the witness", 5],
    ["with any other old size", 0],
  ])("reports another tree of the size that it has, %s", async (_, before) => {
    const deps = witness();
    await addCheckpoint(deps, request(0, 5));
    const fork = cosignRequestText(before, [], request(5, 5, leafHash("fork")).split("\n\n").slice(1).join("\n\n"));
    expect(await addCheckpoint(deps, fork)).toEqual({ status: 409, why: "inconsistent", size: 5 });
  });

  it.each([
    ["the true root", emptyRoot, 200],
    ["another root", leafHash("x"), 422],
  ])("takes an empty log with %s: %#", async (_, root, status) => {
    expect(await addCheckpoint(witness(), request(0, 0, root))).toMatchObject({ status });
  });

  it.each([
    ["31 signatures of others", crowded(request(0, 3), 31)],
    ["the log's signature 32 times", `${request(0, 3)}${`${request(0, 3).trimEnd().split("\n").at(-1)}\n`.repeat(31)}`],
  ])("keeps none of what a requester adds, which would make its memory unreadable: %s", async (_, body) => {
    const deps = witness();
    expect(await addCheckpoint(deps, body)).toMatchObject({ status: 200 });
    const kept = await deps.book.last(origin);
    expect(readNote(kept?.noteText ?? "")?.signatures.map(({ name }) => name)).toEqual([
      logPair.key.name,
      ownPair.key.name,
    ]);
    expect(await addCheckpoint(deps, request(3, 9))).toMatchObject({ status: 200 });
  });

  it("refuses a checkpoint that would be too long with its own signature, and keeps the one before", async () => {
    const deps = witness();
    await addCheckpoint(deps, request(0, 3));
    // The log's own key may sign it: the sweep's role has that key.
    const lengths = Array.from({ length: 400 }, (_, n) => 15_900 + n);
    const answers = await Promise.all(
      lengths.map(
        async (length) => (await addCheckpoint(deps, request(3, 3, undefined, `${"x".repeat(length)}\n`))).status,
      ),
    );
    expect(new Set(answers)).toEqual(new Set([200, 400]));
    expect(readNote((await deps.book.last(origin))?.noteText ?? "")).toBeDefined();
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
