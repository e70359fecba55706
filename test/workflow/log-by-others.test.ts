import type { KeyObject } from "node:crypto";
import { createRequire } from "node:module";
import { beforeAll, describe, expect, it } from "vitest";
import { checkpointOf, type EntryProof, proofText, readProof } from "../../lib/domain/log/entry-proof.ts";
import { leafHash } from "../../lib/domain/log/hash.ts";
import { readObject } from "../../lib/domain/log/object.ts";
import { logNameIn } from "../../lib/domain/log/object-name.ts";
import { inclusionProof, leafRange } from "../../lib/domain/log/proofs.ts";
import { noteText, readNote } from "../../lib/domain/log/signed-note.ts";
import type { LogWorld } from "../doubles/log-world.ts";
import { loggedHours } from "../doubles/logged-cases.ts";
import { type Copy, copyOf } from "../doubles/read-world.ts";

interface Log {
  readonly logID: Buffer;
  readonly baseURL: string;
  readonly publicKey: KeyObject;
}
interface Included {
  readonly canonicalizedBody: Buffer;
  readonly inclusionProof: {
    readonly logIndex: string;
    readonly hashes: readonly Buffer[];
    readonly checkpoint: { readonly envelope: string };
  };
}

// Sigstore's verifier of its own transparency log: nobody here wrote it. This is not its public interface, so its version is pinned.
const require = createRequire(import.meta.url);
const { verifyCheckpoint } = require("@sigstore/verify/dist/tlog/checkpoint.js") as {
  readonly verifyCheckpoint: (entry: Included, logs: readonly Log[]) => unknown;
};
const { verifyMerkleInclusion } = require("@sigstore/verify/dist/tlog/merkle.js") as {
  readonly verifyMerkleInclusion: (entry: Included, checkpoint: unknown) => void;
};

function holdsForSigstore({ key, publicKey }: LogWorld, proof: EntryProof): boolean {
  const entry: Included = {
    canonicalizedBody: Buffer.from(proof.entry),
    inclusionProof: {
      ...{ logIndex: String(proof.index), hashes: proof.path },
      checkpoint: { envelope: noteText(proof.note) },
    },
  };
  const logs = [{ logID: Buffer.from(key.keyId, "hex"), baseURL: `https://${key.name}`, publicKey }];
  try {
    verifyMerkleInclusion(entry, verifyCheckpoint(entry, logs));
    return true;
  } catch {
    return false;
  }
}

describe("software that nobody here wrote", () => {
  let world: LogWorld;
  let copy: Copy;
  let lines: readonly string[];
  beforeAll(async () => {
    world = await loggedHours(12);
    copy = await copyOf(world);
    lines = copy.flatMap(({ name, bytes }) =>
      logNameIn(name)?.kind === "jsonl" ? (readObject(bytes)?.lines ?? []) : [],
    );
  });
  const notes = () =>
    copy.flatMap(({ name, bytes }) => {
      const note = logNameIn(name)?.kind === "checkpoint" ? readNote(Buffer.from(bytes).toString()) : undefined;
      return note ?? [];
    });
  const proofOf = (index: number, size: number, note: EntryProof["note"]): EntryProof => {
    const leaves = leafRange(lines.map((line) => leafHash(line)));
    return { entry: lines[index] ?? "", index, path: inclusionProof(leaves, index, size), note };
  };

  it("verifies every checkpoint that we sign, and the proof of every entry under each", () => {
    let proven = 0;
    for (const note of notes()) {
      const size = Number(note.text.split("\n")[1]);
      for (let index = 0; index < size; index++) {
        const proof = readProof(proofText(proofOf(index, size, note)));
        if (proof === undefined) throw new TypeError("no proof");
        expect([index, size, holdsForSigstore(world, proof), checkpointOf(proof)?.size]).toEqual([
          index,
          size,
          true,
          size,
        ]);
        proven += 1;
      }
    }
    expect(proven).toBe((12 * 13 * 5) / 2);
  });

  it("refuses another entry, another place, another path, another text and another key", async () => {
    const note = notes().at(-1);
    if (note === undefined) throw new TypeError("no checkpoint");
    const proof = proofOf(7, 60, note);
    const other = await loggedHours(1);
    expect(holdsForSigstore(world, proof)).toBe(true);
    expect(holdsForSigstore(other, proof)).toBe(false);
    const wrong: readonly Partial<EntryProof>[] = [
      { entry: lines[8] ?? "" },
      { index: 8 },
      { path: proof.path.slice(1) },
      { note: { ...note, text: note.text.replace("\n60\n", "\n61\n") } },
    ];
    for (const change of wrong) {
      expect(holdsForSigstore(world, { ...proof, ...change })).toBe(false);
    }
  });
});
