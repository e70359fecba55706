import { GuardError } from "../../domain/guard-error.ts";
import { append, type Chain, emptyChain } from "../../domain/ledger/chain.ts";
import { dayChainName } from "../../domain/ledger/chain-name.ts";
import type { DayName } from "../../domain/ledger/day-name.ts";
import type { Entry, EntryBody } from "../../domain/ledger/entry.ts";
import type { StackBook } from "../ports/stack.ts";
import { appendOnce, unlessDamaged } from "./append-once.ts";

/** One entry on its way to a chain of its day. */
export interface DayEntry extends Omit<DayName, "number"> {
  readonly body: EntryBody;
  /** Whether an entry records the same already. */
  readonly isSame: (entry: Entry) => boolean;
  /** When it is written (ms). */
  readonly now: number;
}

/** Entries of one chain: of 2 KB each they take 200 KB, and an item of the table takes 400 KB. */
const maxEntries = 100;
/** Chains of a series and day. */
const maxChains = 50;

/** Adds an entry to the first chain of its series and day that holds and has room, unless one of them has it. Throws CASE_FULL, CASE_CHANGED, or what the book throws. */
export async function recordOnDay(
  book: StackBook,
  { series, day, body, isSame, now }: DayEntry,
): Promise<"saved" | "recorded"> {
  for (let number = 1; number <= maxChains; number++) {
    const name = dayChainName({ series, day, number });
    const next = (before: Chain = emptyChain(name)) => {
      if (before.entries.some(isSame)) return "recorded";
      return before.entries.length >= maxEntries ? "full" : append(before, body, now);
    };
    const outcome = await unlessDamaged(appendOnce(book, name, next));
    if (outcome === "saved" || outcome === "recorded") return outcome;
  }
  throw new GuardError("CASE_FULL", "dead-letter", `the chains \`${series}#${day}\` are full`);
}
