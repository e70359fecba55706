import { type Chain, emptyChain } from "../../lib/domain/ledger/chain.ts";
import type { ChainName } from "../../lib/domain/ledger/chain-name.ts";
import type { CallBook, PolicyBook } from "../../lib/workflows/ports/stack.ts";
import type { StackRecords } from "../../lib/workflows/stack/stack-records.ts";
import { chainItem, refuseTooLarge } from "./item-size.ts";
import { saveIn } from "./memory-pause-book.ts";

/** Records nothing: for tests of other parts of a sweep. */
export const noRecords: StackRecords = {
  recordHourly: async () => {},
  recordKeys: async () => {},
  hasKeysOf: async () => true,
};

/** The chains of the stack in memory; held to the same contract suite as the real ones, and refuse what is too large for the table. */
export function createMemoryStackBook(): CallBook & {
  readonly policies: PolicyBook;
  readonly chains: Map<ChainName, Chain>;
} {
  const chains = new Map<ChainName, Chain>();
  const counts = new Map<ChainName, number>();
  const save: CallBook["save"] = async (change) => {
    refuseTooLarge(chainItem(change.chain));
    return saveIn(chains, change);
  };
  return {
    chains,
    read: async (name) => chains.get(name),
    save,
    countMore: async (name) => void counts.set(name, (counts.get(name) ?? 0) + 1),
    counted: async (hour) =>
      [...counts].flatMap(([name, more]) => {
        const chain = chains.get(name) ?? emptyChain(name);
        return name.startsWith(`calls#${hour}#`) && chain.texts.length > 0 ? [{ chain, more }] : [];
      }),
    policies: {
      latest: async () => {
        const [chain] = [...chains.values()]
          .filter(({ name }) => name.startsWith("policy#"))
          .toSorted((a, b) => numberOf(b) - numberOf(a));
        return chain && { number: numberOf(chain), chain };
      },
      save,
    },
  };
}

function numberOf({ name }: Chain): number {
  return Number(name.split("#")[1]);
}
