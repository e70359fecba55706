/** Numbers in [0, 1) that depend on the seed alone (mulberry32): every run measures the same. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(part: number): boolean {
    return this.next() < part;
  }

  /** One of `values`. Throws a RangeError when there is none. */
  one<Value>(values: readonly Value[]): Value {
    const value = values[this.below(values.length)];
    if (value === undefined) throw new RangeError("nothing to choose from");
    return value;
  }

  /** One to `most` of `values`, each once. */
  some<Value>(values: readonly Value[], most: number): readonly Value[] {
    return [...new Set(Array.from({ length: 1 + this.below(most) }, () => this.one(values)))];
  }
}
