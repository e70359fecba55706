/** Numbers that depend on nothing but a seed and a name: each purpose draws from its own stream, so one more draw here shifts nothing there. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(seed: number, name: string) {
    let hash = 0x811c9dc5 ^ seed;
    for (const char of name) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
    [this.#a, this.#b, this.#c, this.#d] = [hash, seed ^ 0x9e3779b9, Math.imul(hash, 0x85ebca6b), 1];
    for (let n = 0; n < 12; n++) this.next();
  }

  /** Returns a number in [0, 1), by sfc32. */
  next(): number {
    const t = (((this.#a + this.#b) | 0) + this.#d) | 0;
    this.#d = (this.#d + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + t;
    return (t >>> 0) / 2 ** 32;
  }

  /** Returns an integer in [0, max). */
  upTo(max: number): number {
    return Math.floor(this.next() * max);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  one<Item>(items: readonly Item[]): Item {
    return items[this.upTo(items.length)] as Item;
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.upTo(256)));
  }

  uuid(): `${string}-${string}-${string}-${string}-${string}` {
    const hex = this.bytes(16).toString("hex");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
  }
}
