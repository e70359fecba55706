import type { StoredTrail } from "../trail/stored-trail.ts";
import type { Row, StackPart } from "./parts.ts";
import { readRow } from "./rows.ts";

interface Known {
  readonly trail: StoredTrail;
  /** Undefined for a chain that the list does not show, such as a pause. */
  readonly row: Row | undefined;
  readonly version: number;
  /** The last round in which the table held it. */
  round: number;
}

/** Counts the changes of all rows that a console shows. */
export interface Versions {
  next: () => number;
}

/**
 * The chains of one table as they were last read. Entries are only ever added to a chain, and no chain is ever removed: one that lost what it
 * held stays here as it was, and is marked.
 */
export class KnownChains {
  readonly #place: string;
  readonly #versions: Versions;
  readonly #known = new Map<string, Known>();
  #round = 1;
  #lastDecided: StackPart["lastDecided"];

  constructor(place: string, versions: Versions) {
    this.#place = place;
    this.#versions = versions;
  }

  get size(): number {
    return this.#known.size;
  }

  /** Takes chains as they are in the table now. */
  take(trails: readonly StoredTrail[]): void {
    for (const trail of trails) {
      const before = this.#known.get(trail.case);
      if (before === undefined || !isSame(before.trail, trail)) this.#replace(before, trail);
      else if (before.row?.tampered === "gone") this.#keep(trail, { ...before.row, tampered: "rewritten" });
      else before.round = this.#round;
    }
  }

  /** Every chain of the table was taken since the last call: what was not among them is gone from it. */
  endRound(): void {
    for (const known of this.#known.values())
      if (known.round < this.#round && known.row !== undefined && known.row.tampered !== "gone")
        this.#keep(known.trail, { ...known.row, tampered: "gone" }, known.round);
    this.#round += 1;
  }

  /** Mode and policy of the newest case that was decided. */
  get lastDecided(): StackPart["lastDecided"] {
    return this.#lastDecided;
  }

  trail(name: string): StoredTrail | undefined {
    return this.#known.get(name)?.trail;
  }

  rowsAfter(version: number): readonly Row[] {
    return [...this.#known.values()].flatMap((known) => (known.version > version && known.row ? [known.row] : []));
  }

  row(name: string): Row | undefined {
    return this.#known.get(name)?.row;
  }

  #replace(before: Known | undefined, trail: StoredTrail): void {
    const { row, decided } = readRow(trail, this.#place);
    if (decided && decided.at >= (this.#lastDecided?.at ?? 0)) this.#lastDecided = decided;
    const isTampered = before?.row?.tampered !== undefined || (before !== undefined && !isLonger(before.trail, trail));
    this.#keep(trail, row && (isTampered ? { ...row, tampered: "rewritten" } : row));
  }

  #keep(trail: StoredTrail, row: Row | undefined, round = this.#round): void {
    this.#known.set(trail.case, { trail, row, round, version: this.#versions.next() });
  }
}

function isSame(one: StoredTrail, other: StoredTrail): boolean {
  return one.head === other.head && one.texts.length === other.texts.length && one.texts.at(-1) === other.texts.at(-1);
}

/** INVARIANT: an entry names the hash of the one before it, so the last text identifies all of them. */
function isLonger(before: StoredTrail, now: StoredTrail): boolean {
  const last = before.texts.length - 1;
  return now.texts.length > before.texts.length && (last < 0 || now.texts[last] === before.texts[last]);
}
