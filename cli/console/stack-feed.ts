import type { TableCursor } from "../trail/trail-source.ts";
import { KnownChains, type Versions } from "./known-chains.ts";
import type { Trouble } from "./parts.ts";
import type { TablePages } from "./table-pages.ts";

/** How often (ms) a stack is read while someone looks, and how rarely after failures. */
export const refreshEveryMs = 10_000;
const maxPauseMs = 120_000;

/** INVARIANT: a refresh makes at most so many requests to AWS. */
export const requestsPerRefresh = 3;

export interface FeedOptions {
  /** Name of the place; empty for a single stack. */
  readonly place: string;
  readonly pages: () => Promise<TablePages>;
  readonly versions: Versions;
  /** ms since the epoch. */
  readonly now: () => number;
  /** Returns what failed, and what to do. */
  readonly troubleOf: (error: unknown) => Pick<Trouble, "code" | "message">;
}

/**
 * What is known of one stack's table. A refresh reads at most three pages of 1 MB and goes on where the one before ended, so that a table of any
 * size is read round by round; the first round, and one that someone asks for, is read at once. A refresh that fails leaves what is known.
 */
export class StackFeed {
  readonly chains: KnownChains;
  readonly #options: FeedOptions;
  #pages: TablePages | undefined;
  #cursor: TableCursor | undefined;
  #readAt: number | undefined;
  #roundAt: number | undefined;
  /** When the round that is being read began. */
  #beganAt = 0;
  #trouble: Trouble | undefined;
  #failures = 0;
  #wantsRound = true;
  #restarts = false;
  #dueAt = 0;
  #working: Promise<void> | undefined;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.chains = new KnownChains(options.place, options.versions);
  }

  get known(): { readonly readAt?: number; readonly roundAt?: number; readonly trouble?: Trouble } {
    return {
      ...(this.#readAt !== undefined && { readAt: this.#readAt }),
      ...(this.#roundAt !== undefined && { roundAt: this.#roundAt }),
      ...(this.#trouble && { trouble: this.#trouble }),
    };
  }

  /** Has the whole table read with the next refresh, which is due at once. */
  askForRound(): void {
    this.#wantsRound = true;
    this.#restarts = true;
    this.#dueAt = 0;
  }

  /** Refreshes if that is due and no refresh is at work; a second caller waits for the same one. Never throws. */
  async refreshIfDue(): Promise<void> {
    if (this.#working === undefined && this.#options.now() < this.#dueAt) return;
    this.#working ??= this.#refresh().finally(() => {
      this.#working = undefined;
    });
    await this.#working;
  }

  /** Whether a refresh is due, and not one that someone waits for. */
  get isIdleDue(): boolean {
    return this.#working === undefined && !this.#wantsRound && this.#options.now() >= this.#dueAt;
  }

  /** Leaves out the refresh that is due: something else was asked in its place. */
  skip(): void {
    this.#dueAt = this.#options.now() + refreshEveryMs;
  }

  close(): void {
    this.#pages?.close();
    this.#pages = undefined;
  }

  async #refresh(): Promise<void> {
    const { now } = this.#options;
    try {
      await this.#read();
      this.#trouble = undefined;
      this.#failures = 0;
      this.#dueAt = this.#restarts ? 0 : now() + refreshEveryMs;
    } catch (error) {
      this.#failures += 1;
      this.#dueAt = now() + Math.min(maxPauseMs, refreshEveryMs * 2 ** (this.#failures - 1));
      const since = this.#trouble?.since ?? now();
      this.#trouble = { ...this.#options.troubleOf(error), since, nextAt: this.#dueAt };
      // The next try looks for credentials again: someone may have signed in meanwhile.
      this.close();
    }
  }

  async #read(): Promise<void> {
    const { now, pages } = this.#options;
    this.#pages ??= await pages();
    if (this.#restarts) this.#cursor = undefined;
    this.#restarts = false;
    const isWhole = this.#wantsRound;
    for (let n = 0; isWhole || n < requestsPerRefresh; n++) {
      if (this.#cursor === undefined) this.#beganAt = now();
      const { trails, next } = await this.#pages.read(this.#cursor);
      this.chains.take(trails);
      this.#readAt = now();
      this.#cursor = next;
      if (next !== undefined) continue;
      this.#roundAt = this.#beganAt;
      this.#wantsRound = this.#restarts;
      this.chains.endRound();
      return;
    }
  }
}
