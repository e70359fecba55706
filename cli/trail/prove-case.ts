import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Checkpoint, readCheckpoint } from "../../lib/domain/log/checkpoint.ts";
import { checkpointOf, proofText } from "../../lib/domain/log/entry-proof.ts";
import { inclusionProof, type LeafRange, leafRange } from "../../lib/domain/log/proofs.ts";
import { readNote, type SignedNote } from "../../lib/domain/log/signed-note.ts";
import { quoted } from "../../lib/domain/printable-text.ts";
import { InputError } from "../shell/input-error.ts";
import { makeFolder } from "../shell/make-folder.ts";
import { type Verification, type VerifyOptions, verifyTrail } from "./verify-trail.ts";

/** What was written of a case. */
export interface Proven {
  readonly name: string;
  readonly proofs: number;
  /** Entries that no checkpoint covers yet. */
  readonly later: number;
  readonly verification: Verification;
}

/** An entry of a case, and its place in the log. */
export interface Logged {
  readonly text: string;
  readonly index: number;
  readonly seq: number;
}

export interface SignedTree {
  readonly note: SignedNote;
  readonly checkpoint: Checkpoint;
}

/**
 * Writes a proof file (C2SP tlog-proof) for each entry of the chain `name` into the new folder `out`: the entry, its place in the log, and the
 * checkpoint that covers it. Throws an InputError where there is no such chain, or no checkpoint that covers it.
 */
export async function proveCase(folder: string, name: string, out: string, options: VerifyOptions): Promise<Proven> {
  if (existsSync(out)) throw new InputError(`\`${out}\` exists already: name a new folder`);
  const leaves: Buffer[] = [];
  const found = new Map<string, Logged[]>();
  const verification = await verifyTrail(folder, {
    ...options,
    onLeaf: (leaf) => leaves.push(leaf),
    onEntry: ({ chain, seq }, text, index) => {
      if (index === undefined || !chain.endsWith(name)) return;
      const known = found.get(chain) ?? [];
      known.push({ text, index, seq });
      found.set(chain, known);
    },
  });
  const [chain, entries] = oneOf(found, name);
  const prover = proverOf(verification, leaves);
  const proofs = await prover.write(out, entries);
  return { name: chain, proofs, later: entries.length - proofs, verification };
}

/** Writes proofs of entries of one log. */
export interface Prover {
  /** Writes a proof of each entry that the checkpoint covers into the new folder `out`; returns how many. */
  readonly write: (out: string, entries: readonly Logged[]) => Promise<number>;
}

/** Returns what proves entries of a log with these leaves. Throws an InputError where nothing can be proven. */
export function proverOf({ anchor }: Verification, leaves: readonly Buffer[]): Prover {
  const note = anchor && readNote(anchor.text);
  const checkpoint = note && readCheckpoint(note.text);
  if (note === undefined || checkpoint === undefined)
    throw new InputError("the export has no checkpoint that holds: nothing can be proven");
  if (leaves.length < checkpoint.size)
    throw new InputError("the log begins after its first object: the hashes of the entries before it are not there");
  const range = leafRange(leaves);
  const write = async (out: string, entries: readonly Logged[]) => {
    const covered = entries.filter(({ index }) => index < checkpoint.size);
    const proofs = covered.map(({ seq, ...entry }) => {
      return { file: `${String(seq).padStart(4, "0")}.tlog-proof`, text: proofOf(entry, range, { note, checkpoint }) };
    });
    await makeFolder(out);
    for (const { file, text } of proofs) await writeFile(join(out, file), text);
    return covered.length;
  };
  return { write };
}

function proofOf({ text, index }: Omit<Logged, "seq">, range: LeafRange, { note, checkpoint }: SignedTree): string {
  const proof = { entry: text, index, path: inclusionProof(range, index, checkpoint.size), note };
  if (checkpointOf(proof) === undefined)
    throw new InputError("the checkpoint does not cover the log: verify the export");
  return proofText(proof);
}

/** Returns the chain of that name, or the only one that ends with it. */
function oneOf<Value>(found: ReadonlyMap<string, Value>, name: string): readonly [string, Value] {
  const exact = found.get(name);
  if (exact !== undefined) return [name, exact];
  const [first, ...others] = [...found];
  if (first === undefined)
    throw new InputError(
      `the export's log has no chain ${quoted(name)}: heads.jsonl names those that it has; newer ones are in an export of an hour later`,
    );
  if (others.length > 0) throw new InputError(`${found.size} chains end with ${quoted(name)}: name more of it`);
  return first;
}
