import { GuardError } from "../../domain/guard-error.ts";
import { append, type Chain } from "../../domain/ledger/chain.ts";
import type { EntryBody } from "../../domain/ledger/entry.ts";
import type { ChangeDeps } from "./change-deps.ts";

/** How long (s) a message waits where another run wrote to the same chain: it may be at work on it. */
const conflictSeconds = 10;

/** Adds `entries` to `chain` in one conditional write. Throws CASE_CHANGED where another run was faster, or STORE_UNAVAILABLE. */
export async function record(
  { book, clock }: Pick<ChangeDeps, "book" | "clock">,
  chain: Chain,
  ...entries: readonly EntryBody[]
): Promise<Chain> {
  const now = clock();
  const longer = entries.reduce((before, body) => append(before, body, now), chain);
  const answer = await book.save({ chain: longer, expectedLength: chain.entries.length });
  if (answer === "saved") return longer;
  const retryAfterSeconds = conflictSeconds;
  throw new GuardError("CASE_CHANGED", "retry", `another run wrote to \`${chain.name}\``, { retryAfterSeconds });
}
