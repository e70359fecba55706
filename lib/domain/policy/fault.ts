/** One thing wrong with a policy: where, and what was expected. */
export interface PolicyFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}
