import { GuardError } from "../../lib/domain/guard-error.ts";

/** Returns `error` with a code: UNEXPECTED, to be retried, for one that nobody foresaw. */
export function asGuardError(error: unknown): GuardError {
  if (error instanceof GuardError) return error;
  return new GuardError("UNEXPECTED", "retry", "unexpected error", { cause: error });
}
