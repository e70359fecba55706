import { caseChainName, changeChainName, logChainName, pauseChainName, permitChainName } from "../ledger/chain-name.ts";
import { changeNameOf } from "../ledger/change-name.ts";
import type { Entry } from "../ledger/entry.ts";
import { logKinds } from "../ledger/entry-kinds/log.ts";

/**
 * Returns whether the entry may stand in the chain `name`: the first one names it, and the log's own kinds are in the chain `log` alone. The
 * writer of the log and its reader ask the same, so that nothing is logged that a verification calls broken.
 */
export function belongs(entry: Entry, name: string): boolean {
  if (entry.kind in logKinds || name === logChainName) return entry.kind in logKinds && name === logChainName;
  return entry.seq > 1 || beginningOf(entry) === name;
}

function beginningOf(entry: Entry): string | undefined {
  switch (entry.kind) {
    case "deletion-detected":
      return caseChainName(entry.case);
    case "permit-requested":
      return permitChainName(entry.keyArn, { by: "request", number: entry.number });
    case "pause-requested":
      return pauseChainName(entry.number);
    case "change-detected": {
      const name = changeNameOf(entry);
      return name && changeChainName(name);
    }
    default:
      return undefined;
  }
}
