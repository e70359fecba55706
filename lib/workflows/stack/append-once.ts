import { codeOf, GuardError } from "../../domain/guard-error.ts";
import type { Chain } from "../../domain/ledger/chain.ts";
import type { ChainName } from "../../domain/ledger/chain-name.ts";
import type { StackBook } from "../ports/stack.ts";

/**
 * Returns what `read` does, or "damaged" for a chain that cannot be trusted: it must not keep what happens later off the record. The log, every export
 * and the verification report what was changed in it. Throws STORE_UNAVAILABLE.
 */
export async function unlessDamaged<Value>(read: Promise<Value>): Promise<Value | "damaged"> {
  return await read.catch((error: unknown) => {
    if (codeOf(error) === "CASE_UNREADABLE") return "damaged";
    throw error;
  });
}

/** Each conflict is a write by another instance. */
const maxRounds = 5;

/**
 * Reads the chain `name` and saves what `next` makes of it, again for as long as others write between. Returns what `next` returned instead of a chain, or "saved".
 * Throws CASE_CHANGED, or what the book throws.
 */
export async function appendOnce<Reason extends string>(
  book: StackBook,
  name: ChainName,
  next: (before: Chain | undefined) => Chain | Reason,
): Promise<Reason | "saved"> {
  for (let round = 0; round < maxRounds; round++) {
    const before = await book.read(name);
    const chain = next(before);
    if (typeof chain === "string") return chain;
    const expectedLength = before?.entries.length ?? 0;
    if ((await book.save({ chain, expectedLength })) === "saved") return "saved";
  }
  throw new GuardError("CASE_CHANGED", "retry", `others kept changing the chain \`${name}\``);
}
