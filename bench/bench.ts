import type { Result } from "./result.ts";

/** How much is measured, and whom to tell how it goes. */
export interface Effort {
  readonly quick: boolean;
  readonly progress: (text: string) => void;
  /** Entries that `verify` verifies, and megabytes that `replay` reads, where the command line names other numbers. */
  readonly entries?: number;
  readonly megabytes?: number;
}

/** One part of what `npm run bench` measures. */
export interface Bench {
  readonly name: string;
  readonly title: string;
  /** What is measured against what, and how, for the page. */
  readonly about: string;
  /** What the page says of a result whose target is missed, by the result's name: what a profile showed. */
  readonly ifMissed?: Readonly<Record<string, string>>;
  readonly measure: (effort: Effort) => Promise<readonly Result[]>;
}
