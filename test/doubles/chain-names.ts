import { type Chain, emptyChain } from "../../lib/domain/ledger/chain.ts";
import { caseChainName, changeChainName, pauseChainName, permitChainName } from "../../lib/domain/ledger/chain-name.ts";
import { changeNameOf } from "../../lib/domain/ledger/change-name.ts";
import type { EntryBody } from "../../lib/domain/ledger/entry.ts";
import { keyArn } from "./key-world.ts";

/** The chain of the first case of a key, without an entry yet. */
export const emptyCase: Chain = emptyChain(caseChainName({ keyArn: keyArn(), generation: 1 }));

/** Returns the chain that `first` is the beginning of, without an entry yet; that of a case for an entry that begins none. */
export function chainBefore(first: EntryBody | undefined): Chain {
  switch (first?.kind) {
    case "deletion-detected":
      return emptyChain(caseChainName(first.case));
    case "permit-requested":
      return emptyChain(permitChainName(first.keyArn, { by: "request", number: first.number }));
    case "permit-issued":
      return emptyChain(permitChainName(first.permit.keyArn, first.permit.id));
    case "pause-requested":
      return emptyChain(pauseChainName(first.number));
    case "change-detected": {
      const name = changeNameOf(first);
      if (name === undefined) throw new TypeError("the change has no subject");
      return emptyChain(changeChainName(name));
    }
    default:
      return emptyCase;
  }
}
