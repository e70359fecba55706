import type { Result } from "./result.ts";

/** What one bench found. */
export interface Measured {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly seconds: number;
  /** The day, where it is another one than that of the whole run. */
  readonly measuredAt?: string;
  /** How many processes ran or waited, on the average of the last minute before and after; the bench's own is one of them. */
  readonly load?: number;
  readonly results: readonly Result[];
}
