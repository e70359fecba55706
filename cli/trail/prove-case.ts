import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readCheckpoint } from "../../lib/domain/log/checkpoint.ts";
import { checkpointOf, proofText } from "../../lib/domain/log/entry-proof.ts";
import { inclusionProof, leafRange } from "../../lib/domain/log/proofs.ts";
import { readNote } from "../../lib/domain/log/signed-note.ts";
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

/**
 * Writes a proof file (C2SP tlog-proof) for each entry of the chain `name` into the new folder `out`: the entry, its place in the log, and the
 * checkpoint that covers it. Throws an InputError where there is no such chain, or no checkpoint that covers it.
 */
export async function proveCase(folder: string, name: string, out: string, options: VerifyOptions): Promise<Proven> {
  if (existsSync(out)) throw new InputError(`\`${out}\` exists already: name a new folder`);
  const leaves: Buffer[] = [];
  const found = new Map<string, { readonly text: string; readonly index: number; readonly seq: number }[]>();
  const verification = await verifyTrail(folder, {
    ...options,
    onLeaf: (leaf) => leaves.push(leaf),
    onEntry: ({ chain, seq }, text, index) => {
      if (index !== undefined && chain.endsWith(name))
        found.set(chain, [...(found.get(chain) ?? []), { text, index, seq }]);
    },
  });
  const [chain, entries] = oneOf(found, name);
  const { anchor } = verification;
  const note = anchor && readNote(anchor.text);
  const checkpoint = note && readCheckpoint(note.text);
  if (note === undefined || checkpoint === undefined)
    throw new InputError("the export has no checkpoint that holds: nothing can be proven");
  if (leaves.length < checkpoint.size)
    throw new InputError("the log begins after its first object: the hashes of the entries before it are not there");
  const range = leafRange(leaves);
  const covered = entries.filter(({ index }) => index < checkpoint.size);
  await makeFolder(out);
  for (const { text, index, seq } of covered) {
    const proof = { entry: text, index, path: inclusionProof(range, index, checkpoint.size), note };
    if (checkpointOf(proof) === undefined)
      throw new InputError("the checkpoint does not cover the log: verify the export");
    await writeFile(join(out, `${String(seq).padStart(4, "0")}.tlog-proof`), proofText(proof));
  }
  return { name: chain, proofs: covered.length, later: entries.length - covered.length, verification };
}

/** Returns the chain of that name, or the only one that ends with it. */
function oneOf<Value>(found: ReadonlyMap<string, Value>, name: string): readonly [string, Value] {
  const exact = found.get(name);
  if (exact !== undefined) return [name, exact];
  const [first, ...others] = [...found];
  if (first === undefined) throw new InputError(`the log has no chain ${quoted(name)}: reprieve cases list names them`);
  if (others.length > 0) throw new InputError(`${found.size} chains end with ${quoted(name)}: name more of it`);
  return first;
}
