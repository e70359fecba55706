import { idOf } from "./items.ts";
import type { Item } from "./value.ts";

export interface IndexTiming {
  /** ms since the epoch. */
  readonly now: () => number;
  /** How long (ms) the next write takes until the index shows it. */
  readonly lagMs: () => number;
}

interface Replicated {
  readonly at: number;
  /** The keys as the index has them; absent for an item that is not in it. */
  readonly entry?: Item;
}

/** The global index `byStatus` (keys only): it follows the table after a while, and for each item in order. */
export class LaggingIndex {
  readonly #timing: IndexTiming;
  readonly #shown = new Map<string, Item>();
  readonly #pending = new Map<string, Replicated[]>();

  constructor(timing: IndexTiming) {
    this.#timing = timing;
  }

  follow(item: Item): void {
    const { pk, sk, status, dueAt } = item;
    const id = idOf(item);
    const waiting = this.#pending.get(id) ?? [];
    const at = Math.max(this.#timing.now() + this.#timing.lagMs(), waiting.at(-1)?.at ?? 0);
    const indexed = pk !== undefined && sk !== undefined && status?.S !== undefined && dueAt?.N !== undefined;
    this.#pending.set(id, [...waiting, { at, ...(indexed && { entry: { pk, sk, status, dueAt } }) }]);
  }

  /** What the index shows of one status, the longest due first. */
  entries(status: string): readonly Item[] {
    this.#catchUp();
    return [...this.#shown.values()]
      .filter((entry) => entry["status"]?.S === status)
      .sort((a, b) => Number(a["dueAt"]?.N) - Number(b["dueAt"]?.N) || (idOf(a) < idOf(b) ? -1 : 1));
  }

  #catchUp(): void {
    const now = this.#timing.now();
    for (const [id, waiting] of this.#pending) {
      const arrived = waiting.filter(({ at }) => at <= now);
      const last = arrived.at(-1);
      if (last === undefined) continue;
      if (last.entry === undefined) this.#shown.delete(id);
      else this.#shown.set(id, last.entry);
      if (arrived.length === waiting.length) this.#pending.delete(id);
      else this.#pending.set(id, waiting.slice(arrived.length));
    }
  }
}
