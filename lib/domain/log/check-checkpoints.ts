import { type Checkpoint, readCheckpoint } from "./checkpoint.ts";
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

/** Checks the checkpoint after each object. */
export class CheckpointChecker {
  readonly #keys: ExpectedKeys;
  readonly #add: (finding: LogFinding) => void;
  /** Objects since the last checkpoint that holds. */
  #missing: number[] = [];
  /** The last checkpoint that holds, with its text. */
  last: { readonly object: number; readonly checkpoint: Checkpoint; readonly text: string } | undefined;
  /** For each witness the time (ms) up to which the last checkpoint that it signed covers the log. */
  readonly #witnessed = new Map<VerifierKey, number | undefined>();

  constructor(keys: ExpectedKeys, add: (finding: LogFinding) => void) {
    this.#keys = keys;
    this.#add = add;
  }

  /** `coveredAt`: time of the last closing of the whole table before it (ms). */
  take(
    object: number,
    tree: Omit<Checkpoint, "origin">,
    { checkpoint: text, cosigned }: { readonly checkpoint?: string; readonly cosigned?: string },
    coveredAt: number | undefined,
  ): void {
    const checkpoint = { ...tree, origin: this.#originIn(text) };
    if (text === undefined) this.#missing.push(object);
    else if (!this.#holds(text, checkpoint)) this.#add({ finding: "checkpoint-wrong", object });
    else {
      for (const missing of this.#missing) this.#add({ finding: "checkpoint-missing", object: missing });
      this.#missing = [];
      this.last = { object, checkpoint, text };
      const notes = [text, ...(cosigned === undefined ? [] : [cosigned])];
      for (const witness of this.#keys.witnesses) {
        const judged = notes.map((note) => judgeCosigned(note, checkpoint, witness));
        if (judged.includes("wrong")) this.#add({ finding: "cosignature-wrong", object });
        else if (judged.includes("right")) this.#witnessed.set(witness, coveredAt);
      }
    }
  }

  /** Reports what is missing after the last checkpoint that holds, for a time that has to be covered up to `to` (ms). */
  end(to: number): void {
    for (const object of this.#missing) this.#add({ finding: "checkpoint-unsigned", object });
    if (this.#keys.key === undefined) this.#add({ finding: "no-expected-key" });
    for (const witness of this.#keys.witnesses)
      if (!((this.#witnessed.get(witness) ?? Number.NEGATIVE_INFINITY) >= to))
        this.#add({ finding: "not-witnessed", detail: witness.name });
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
