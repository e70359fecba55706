/** A function as the services that call it see it. */
export interface Invocable {
  /** How many invocations may run at once. */
  readonly concurrency: number;
  /** Invocations under way. */
  readonly running: number;
  /** Runs the handler; throws what it throws, or that it timed out or died. */
  invoke(event: unknown): Promise<unknown>;
}
