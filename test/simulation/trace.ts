import { createHash } from "node:crypto";
import { type Counted, measurementsIn } from "./metrics.ts";

/** Everything that happens, as one hash: requests, answers, records, log lines, acts. */
export class Trace {
  readonly #digest = createHash("sha256");
  readonly #now: () => number;
  readonly #keep: boolean;
  readonly lines: string[] = [];
  /** Every line the functions wrote. */
  readonly log: string[] = [];
  /** What CloudWatch counted, with its virtual time. */
  readonly counted: Counted[] = [];

  constructor(now: () => number, keep: boolean) {
    this.#now = now;
    this.#keep = keep;
  }

  get hash(): string {
    return this.#digest.copy().digest("hex").slice(0, 16);
  }

  note(line: string): void {
    this.#digest.update(line).update("\n");
    if (this.#keep) this.lines.push(line);
  }

  /** Notes a line that a function, `by`, wrote. */
  logged(line: string, by?: string): void {
    this.note(line);
    this.log.push(line);
    for (const { name, value } of measurementsIn(line)) this.count(name, value, by);
  }

  count(name: string, value = 1, by?: string): void {
    this.counted.push({ at: this.#now(), name, value, ...(by !== undefined && { by }) });
  }
}
