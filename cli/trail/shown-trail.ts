import { damageText, readChain } from "../../lib/domain/ledger/chain.ts";
import type { Entry } from "../../lib/domain/ledger/entry.ts";
import type { StoredTrail } from "./stored-trail.ts";

/** A chain with its entries, as far as it holds. */
export interface ShownTrail {
  readonly case: string;
  readonly entries: readonly Entry[];
  readonly texts: readonly string[];
  readonly head: string;
  /** What is wrong with the chain, if anything is. */
  readonly damage?: string;
}

/** Reads a chain as stored, up to the first entry that does not hold. */
export function showTrail({ case: name, texts, head }: StoredTrail): ShownTrail {
  const reading = readChain(texts, name);
  if (reading.ok && reading.chain.head === head) return { case: name, entries: reading.chain.entries, texts, head };
  const damage = reading.ok ? "the head differs" : damageText(reading);
  const whole = reading.ok ? reading : readChain(texts.slice(0, reading.seq - 1), name);
  return { case: name, entries: whole.ok ? whole.chain.entries : [], texts, head, damage };
}
