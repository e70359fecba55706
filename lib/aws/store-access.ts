import { GuardError } from "../domain/guard-error.ts";

/** The answer of the table, or STORE_UNAVAILABLE. */
export async function unlessDown<Answer>(answer: Promise<Answer>): Promise<Answer> {
  return await answer.catch((error: unknown) => {
    throw storeUnavailable(error);
  });
}

export function storeUnavailable(error: unknown): GuardError {
  return new GuardError("STORE_UNAVAILABLE", "retry", "the case store cannot be reached", { cause: error });
}
