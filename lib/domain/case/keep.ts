/** A recorded Keep: one person decided that the key lives. */
export interface Keep {
  /** ms since the epoch. */
  readonly at: number;
  /** The person who keeps the key. */
  readonly by: string;
}

/** Returns the latest of `keeps`. */
export function latestKeep(keeps: readonly (Keep | undefined)[]): Keep | undefined {
  return keeps.reduce((latest, keep) => ((keep?.at ?? 0) > (latest?.at ?? 0) ? keep : latest), undefined);
}
