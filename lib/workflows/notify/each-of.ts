import { GuardError } from "../../domain/guard-error.ts";

/**
 * Takes every step, whatever happened to those before: one way to people that is closed closes no other. Then throws what went
 * wrong; of several, rather what a retry may mend, and of these the one that asks for the longest rest.
 */
export async function eachOf(steps: readonly (() => Promise<void>)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const step of steps)
    await step().catch((error: unknown) => {
      errors.push(error);
    });
  if (errors.length > 0) throw errors.sort((a, b) => rank(b) - rank(a))[0];
}

function rank(error: unknown): number {
  if (!(error instanceof GuardError)) return 0;
  return error.disposition === "retry" ? (error.retryAfterSeconds ?? 0) : -1;
}
