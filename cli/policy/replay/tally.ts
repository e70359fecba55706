/** Counts by name. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  /** The most frequent first; `most` of them at most. */
  top(most = Number.POSITIVE_INFINITY): readonly (readonly [string, number])[] {
    return [...this.#counts].toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, most);
  }
}
