import type { Result } from "./result.ts";

/** What one bench found. */
export interface Measured {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly seconds: number;
  readonly results: readonly Result[];
}
