/** An account and region: where a stack is. */
export interface Place {
  readonly account: string;
  readonly region: string;
}
