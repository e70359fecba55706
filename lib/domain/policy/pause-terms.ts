/** Who may pause the guard, and for how long at most. */
export interface PauseTerms {
  /** A group of the policy's `people`; two of it are needed. */
  readonly from: string;
  readonly atMostMs: number;
}
