import { type Checkpoint, readCheckpoint } from "./checkpoint.ts";
import type { LogFinding } from "./finding.ts";
import { judgeCheckpoint } from "./signed-checkpoint.ts";
import { readNote } from "./signed-note.ts";
import type { VerifierKey } from "./verifier-key.ts";

/** The keys that a log is checked with. */
export interface ExpectedKeys {
  /** The key that has to have signed the log. Its name is the log's. */
  readonly key?: VerifierKey;
  readonly witnesses: readonly VerifierKey[];
}

/** Checks the checkpoint after each object. */
export class CheckpointChecker {
  readonly #keys: ExpectedKeys;
  readonly #add: (finding: LogFinding) => void;
  /** Objects since the last checkpoint that holds. */
  #missing: number[] = [];
  /** The last checkpoint that holds, with its text. */
  last: { readonly object: number; readonly checkpoint: Checkpoint; readonly text: string } | undefined;
  readonly #witnessed = new Set<VerifierKey>();

  constructor(keys: ExpectedKeys, add: (finding: LogFinding) => void) {
    this.#keys = keys;
    this.#add = add;
  }

  take(object: number, tree: Omit<Checkpoint, "origin">, text: string | undefined, cosigned: string | undefined): void {
    const checkpoint = { ...tree, origin: this.#originIn(text) };
    if (text === undefined) this.#missing.push(object);
    else if (!this.#holds(text, checkpoint)) this.#add({ finding: "checkpoint-wrong", object });
    else {
      for (const missing of this.#missing) this.#add({ finding: "checkpoint-missing", object: missing });
      this.#missing = [];
      this.last = { object, checkpoint, text };
      for (const witness of this.#keys.witnesses)
        if (this.#isCosigned(witness, checkpoint, text, cosigned)) this.#witnessed.add(witness);
    }
  }

  /** Reports what is missing after the last checkpoint that holds. */
  end(): void {
    for (const object of this.#missing) this.#add({ finding: "checkpoint-unsigned", object });
    if (this.#keys.key === undefined) this.#add({ finding: "no-expected-key" });
    for (const witness of this.#keys.witnesses)
      if (!this.#witnessed.has(witness)) this.#add({ finding: "not-witnessed", detail: witness.name });
  }

  #originIn(text: string | undefined): string {
    const note = text === undefined ? undefined : readNote(text);
    return this.#keys.key?.name ?? (note && readCheckpoint(note.text)?.origin) ?? "";
  }

  #holds(text: string, expected: Checkpoint): boolean {
    const { key } = this.#keys;
    if (key !== undefined) return judgeCheckpoint(text, expected, key) === "right";
    const found = readCheckpoint(readNote(text)?.text ?? "");
    return found !== undefined && found.size === expected.size && found.root.equals(expected.root);
  }

  #isCosigned(witness: VerifierKey, expected: Checkpoint, text: string, cosigned: string | undefined): boolean {
    return [text, cosigned].some((each) => each !== undefined && judgeCheckpoint(each, expected, witness) === "right");
  }
}
