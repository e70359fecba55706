import { callsNameOf } from "../ledger/calls-name.ts";
import {
  callsChainName,
  caseChainName,
  chainSubject,
  changeChainName,
  changePermitChainName,
  logChainName,
  pauseChainName,
  permitChainName,
  policyChainName,
} from "../ledger/chain-name.ts";
import { changeNameOf } from "../ledger/change-name.ts";
import { changePermitNameOf } from "../ledger/change-permit-name.ts";
import { type DaySeries, dayText } from "../ledger/day-name.ts";
import type { Entry } from "../ledger/entry.ts";
import { logKinds } from "../ledger/entry-kinds/log.ts";

/**
 * Returns whether the entry may stand in the chain `name`: the first one names it, and the log's own kinds are in the chain `log` alone. The
 * writer of the log and its reader ask the same, so that nothing is logged that a verification calls broken.
 */
export function belongs(entry: Entry, name: string): boolean {
  if (entry.kind in logKinds || name === logChainName) return entry.kind in logKinds && name === logChainName;
  return entry.seq > 1 || beginningOf(entry) === name || isOfDay(entry, name);
}

function beginningOf(entry: Entry): string | undefined {
  switch (entry.kind) {
    case "deletion-detected":
      return caseChainName(entry.case);
    case "permit-requested":
      return permitChainName(entry.keyArn, { by: "request", number: entry.number });
    case "change-permit-requested": {
      const permit = changePermitNameOf(entry);
      return permit && changePermitChainName(permit);
    }
    case "pause-requested":
      return pauseChainName(entry.number);
    case "change-detected": {
      const name = changeNameOf(entry);
      return name && changeChainName(name);
    }
    case "call-refused":
      return callsChainName(callsNameOf(entry));
    case "policy-in-force":
      return policyChainName(entry.number);
    default:
      return undefined;
  }
}

/** A day has several chains of a series, so its entries name the day alone. */
function isOfDay(entry: Entry, name: string): boolean {
  const subject = chainSubject(name);
  if (subject?.kind !== "day") return false;
  const place = dayOf(entry);
  return place?.series === subject.name.series && place.day === subject.name.day;
}

function dayOf(entry: Entry): { readonly series: DaySeries; readonly day: string } | undefined {
  switch (entry.kind) {
    case "keys-listed":
      return { series: "keys", day: entry.day };
    case "alarm-began":
    case "alarm-ended":
      return { series: "control", day: dayText(entry.changedAt) };
    case "trail-exported":
      return { series: "access", day: dayText(entry.at) };
    default:
      return undefined;
  }
}
