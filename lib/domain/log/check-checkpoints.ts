import { type Checkpoint, readCheckpoint } from "./checkpoint.ts";
import type { TreeHead } from "./consistency.ts";
import { judgeCosigned } from "./cosigned.ts";
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

/** What is signed of the log after the object `number`. */
interface NotesOfObject {
  readonly number: number;
  readonly checkpoint?: string;
  readonly cosigned?: string;
}

/** Checks the checkpoint after each object. */
export class CheckpointChecker {
  readonly #keys: ExpectedKeys;
  readonly #add: (finding: LogFinding) => void;
  /** Objects since the last checkpoint that holds. */
  #missing: number[] = [];
  /** The last checkpoint that holds, with its text. */
  last: { readonly checkpoint: Checkpoint; readonly text: string; readonly allAt: number | undefined } | undefined;
  /** Time of the last closing of the whole table (ms) that each witness has cosigned. */
  readonly #witnessed = new Map<VerifierKey, number | undefined>();

  constructor(keys: ExpectedKeys, add: (finding: LogFinding) => void) {
    this.#keys = keys;
    this.#add = add;
  }

  /** Time of the last closing of the whole table (ms) that all keys vouch for; undefined where one of them vouches for none. */
  get anchoredAt(): number | undefined {
    const { key, witnesses } = this.#keys;
    const witnessed = witnesses.map((each) => this.#witnessed.get(each) ?? Number.NEGATIVE_INFINITY);
    const signed = key === undefined ? Number.POSITIVE_INFINITY : (this.last?.allAt ?? Number.NEGATIVE_INFINITY);
    const anchored = Math.min(signed, ...witnessed);
    return Number.isFinite(anchored) ? anchored : undefined;
  }

  /** Takes the notes after an object, whose tree is `tree`, and whose last closing of the whole table was at `allAt` (ms). */
  take({ number: object, checkpoint: text, cosigned }: NotesOfObject, tree: TreeHead, allAt: number | undefined): void {
    const checkpoint = { ...tree, origin: this.#originIn(text) };
    if (text === undefined) this.#missing.push(object);
    else if (!this.#holds(text, checkpoint)) this.#add({ finding: "checkpoint-wrong", object });
    else {
      for (const missing of this.#missing) this.#add({ finding: "checkpoint-missing", object: missing });
      this.#missing = [];
      this.last = { checkpoint, text, allAt };
      const notes = [text, ...(cosigned === undefined ? [] : [cosigned])];
      for (const witness of this.#keys.witnesses) {
        const judged = notes.map((note) => judgeCosigned(note, checkpoint, witness));
        if (judged.includes("wrong")) this.#add({ finding: "cosignature-wrong", object });
        else if (judged.includes("right")) this.#witnessed.set(witness, allAt);
      }
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
}
