/** One chain as stored in the table: nothing of it is judged here, a damaged one is evidence too. */
export interface StoredTrail {
  readonly case: string;
  readonly texts: readonly string[];
  readonly head: string;
}
