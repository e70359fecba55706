/** A request that DynamoDB refuses. */
export class RefusedError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

export function invalid(message: string): RefusedError {
  return new RefusedError("ValidationException", message);
}

const token = /\s*(<>|<=|>=|[=<>(),]|[#:]?[A-Za-z_]\w*)/gy;

/** The tokens of one expression, taken from left to right. */
export class Tokens {
  readonly #all: readonly string[];
  #next = 0;

  /** Throws a ValidationException for text that is not made of tokens. */
  constructor(expression: string) {
    this.#all = [...expression.matchAll(token)].map(([, text = ""]) => text);
    if (this.#all.join("") !== expression.replace(/\s+/g, "")) throw invalid(`cannot read \`${expression}\``);
  }

  get ended(): boolean {
    return this.#next >= this.#all.length;
  }

  /** Whether a function call comes next; returns its name. */
  get call(): string | undefined {
    return this.#all[this.#next + 1] === "(" ? this.#all[this.#next] : undefined;
  }

  peek(): string | undefined {
    return this.#all[this.#next];
  }

  take(): string {
    const text = this.#all[this.#next];
    if (text === undefined) throw invalid("the expression ends too early");
    this.#next += 1;
    return text;
  }

  /** Takes `expected` if it comes next. */
  skip(expected: string): boolean {
    if (this.peek()?.toUpperCase() !== expected) return false;
    this.#next += 1;
    return true;
  }

  expect(expected: string): void {
    if (!this.skip(expected)) throw invalid(`expected \`${expected}\`, found \`${this.peek() ?? "the end"}\``);
  }

  expectEnd(): void {
    if (!this.ended) throw invalid(`\`${this.peek()}\` is left over`);
  }
}
