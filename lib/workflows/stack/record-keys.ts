import { GuardError } from "../../domain/guard-error.ts";
import { append, emptyChain } from "../../domain/ledger/chain.ts";
import { dayChainName } from "../../domain/ledger/chain-name.ts";
import { dayText } from "../../domain/ledger/day-name.ts";
import type { Entry } from "../../domain/ledger/entry.ts";
import { isListed, type KeysList, type KeysListed, keysEntries } from "../../domain/stack/keys-list.ts";
import { dayMs } from "../../domain/time.ts";
import type { StackBook } from "../ports/stack.ts";
import { appendOnce, unlessDamaged } from "./append-once.ts";

/** Chains of a day: 2,000 keys take 9, and a list that was broken off is begun again behind them. */
const maxChains = 200;

/** Records the list of all keys of the day of `at` (ms), one part a chain. Writes no part twice, so that a list that was broken off is completed. Throws CASE_FULL, or what the book throws. */
export async function recordKeys(book: StackBook, list: KeysList, at: number): Promise<void> {
  const before = await entriesOfDay(book, dayText(at - dayMs));
  let number = 1;
  for (const part of keysEntries(list, at, before)) {
    let outcome: "saved" | "recorded" | "taken" = "taken";
    for (; outcome === "taken" && number <= maxChains; number++) outcome = await recordPart(book, part, number, at);
    // A list that finds no room is not on record, and nobody would notice.
    if (outcome === "taken")
      throw new GuardError("CASE_FULL", "dead-letter", `the chains \`keys#${part.day}\` are full`);
  }
}

/** Answers whether a whole list was recorded for the day of `at` (ms). Throws what the book throws. */
export async function hasKeysOf(book: Pick<StackBook, "read">, at: number): Promise<boolean> {
  return isListed(await entriesOfDay(book, dayText(at)));
}

async function recordPart(book: StackBook, part: KeysListed, number: number, at: number) {
  const name = dayChainName({ series: "keys", day: part.day, number });
  const written = appendOnce(book, name, (stored) => {
    if (stored === undefined) return append(emptyChain(name), part, at);
    const [entry] = stored.entries;
    const isSame = entry?.kind === "keys-listed" && entry.sha256 === part.sha256 && entry.part === part.part;
    return isSame && entry.parts === part.parts ? "recorded" : "taken";
  });
  const outcome = await unlessDamaged(written);
  return outcome === "damaged" ? "taken" : outcome;
}

async function entriesOfDay(book: Pick<StackBook, "read">, day: string): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (let number = 1; number <= maxChains; number++) {
    const chain = await unlessDamaged(book.read(dayChainName({ series: "keys", day, number })));
    if (chain === undefined) break;
    if (chain !== "damaged") entries.push(...chain.entries);
  }
  return entries;
}
