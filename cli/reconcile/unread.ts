import type { Unread } from "../../lib/domain/reconcile/result.ts";

/** Counts what was not read or not believed, by reason. */
export class UnreadCounts {
  readonly #counts = new Map<string, { count: number; isHarmless: boolean }>();

  /** `isHarmless`: nothing of the time that is compared can be in it. */
  add(reason: string, count = 1, isHarmless = false): void {
    if (count === 0) return;
    const known = this.#counts.get(reason);
    if (known === undefined) this.#counts.set(reason, { count, isHarmless });
    else known.count += count;
  }

  get list(): readonly Unread[] {
    return [...this.#counts].map(([reason, counted]) => ({ reason, ...counted }));
  }
}
