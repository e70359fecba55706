import type { Call } from "./fate.ts";

/** Calls by which the stack changes a key. */
const effects: readonly string[] = ["RestoreKey", "StartKeyUsage"];

interface InFlight {
  readonly key: string;
  readonly instance: { readonly dead: boolean };
}

/** Two environments that change the same key at the same time, which the lease of its case must prevent. */
export class Overlaps {
  readonly #inFlight = new Set<InFlight>();
  readonly #now: () => number;
  readonly found: { readonly key: string; readonly at: number }[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Notes that a call leaves `instance`. The result is called when its answer is there. */
  begin({ port, operation, body }: Call, instance: InFlight["instance"]): () => void {
    if (port !== "control-plane" || !effects.includes(operation)) return () => {};
    const own = { key: String(body["KeyIdentifier"]), instance };
    const others = [...this.#inFlight].filter((each) => each.key === own.key && !each.instance.dead);
    if (others.some((each) => each.instance !== instance)) this.found.push({ key: own.key, at: this.#now() });
    this.#inFlight.add(own);
    return () => this.#inFlight.delete(own);
  }
}
