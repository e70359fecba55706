/** A call to a port that waits for the scheduler to let it happen. */
export interface ParkedCall {
  readonly label: string;
  /** Lets it happen, at once and as a whole. */
  readonly perform: () => Promise<void>;
  readonly fail: (error: Error) => void;
}

/** One run of real workflow code, whose every port call is parked. */
export class Actor {
  readonly name: string;
  readonly parked: ParkedCall[] = [];
  /** What it was answered so far: together with the code this is its whole inner state. */
  answers = "";
  outcome: "running" | "done" | "failed" | "dead" = "running";
  error: unknown;

  constructor(name: string) {
    this.name = name;
  }

  start(work: () => Promise<unknown>): void {
    work().then(
      () => this.#end("done"),
      (error: unknown) => {
        this.error = error;
        this.#end("failed");
      },
    );
  }

  /** The function dies: nothing it waits forever comes. */
  die(): void {
    this.parked.length = 0;
    this.outcome = "dead";
  }

  /** `port` with every method parked. */
  park<Port extends object>(port: Port): Port {
    const methods = Object.entries(port).map(([name, method]) =>
      typeof method === "function"
        ? [name, (...args: unknown[]) => this.#wait(name, () => method(...args))]
        : [name, method],
    );
    return Object.fromEntries(methods) as Port;
  }

  async #wait(label: string, call: () => Promise<unknown>): Promise<unknown> {
    return await new Promise((resolve, reject) => {
      this.parked.push({
        label,
        perform: async () => {
          const answer = await call();
          this.answers += `|${label}=${textOf(answer)}`;
          resolve(answer);
        },
        fail: (error) => {
          this.answers += `|${label}!${error.message}`;
          reject(error);
        },
      });
    });
  }

  #end(outcome: "done" | "failed"): void {
    if (this.outcome === "running") this.outcome = outcome;
  }
}

function textOf(answer: unknown): string {
  const text: unknown = JSON.stringify(answer, (_, value: unknown) => {
    if (value instanceof Set) return [...value];
    if (value instanceof Map) return [...value];
    // The hash of the last entry stands for all of them.
    return typeof value === "object" && value !== null && "head" in value ? (value as { head: unknown }).head : value;
  });
  return String(text);
}
