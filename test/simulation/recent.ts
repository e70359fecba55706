import { type Call, isRead } from "./fate.ts";
import type { Answer } from "./local.ts";

/** How old (ms) a stale answer may be. */
const maxAgeMs = 10_000;

/** The latest answers to reads, for a service that answers what was so some seconds ago. */
export class Recent {
  readonly #now: () => number;
  readonly #answers = new Map<string, { readonly at: number; readonly answer: Answer }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  keep(call: Call, answer: Answer): void {
    if (!isEventual(call) || answer.status !== 200) return;
    if (this.#answers.size > 1_000) this.#answers.clear();
    this.#answers.set(keyOf(call), { at: this.#now(), answer: structuredClone(answer) });
  }

  answerTo(call: Call): Answer | undefined {
    const kept = this.#answers.get(keyOf(call));
    return kept !== undefined && this.#now() - kept.at <= maxAgeMs ? kept.answer : undefined;
  }
}

/** Reads of the table are consistent; its index lags by itself. */
function isEventual(call: Call): boolean {
  return isRead(call) && ["control-plane", "history", "secrets", "archive"].includes(call.port);
}

function keyOf({ port, operation, body }: Call): string {
  return `${port}.${operation} ${JSON.stringify(body)}`;
}
