/** The stack that a log belongs to. */
export interface LogOwner {
  readonly account: string;
  readonly region: string;
  readonly stage: string;
}

/** Returns the name of a stack's log, which every checkpoint bears: `reprieve/<account>/<region>/<stage>`. */
export function logOrigin({ account, region, stage }: LogOwner): string {
  return `reprieve/${account}/${region}/${stage}`;
}
