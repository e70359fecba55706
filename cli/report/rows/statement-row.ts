import type { Chain } from "../../../lib/domain/ledger/chain.ts";
import type { Entry } from "../../../lib/domain/ledger/entry.ts";
import { voterText } from "../../../lib/notices/words.ts";
import { isWithin, type Period } from "./period.ts";

/** What a person asked for, with the reason or ticket. Times are ms since the epoch. */
export interface StatementRow {
  readonly at: number;
  /** What people call the key, or the pause. */
  readonly about: string;
  readonly chain: string;
  readonly person: string;
  readonly does: string;
  readonly reason: string;
  /** Why it does not count; empty where it does. */
  readonly refused: string;
}

/** Returns what people asked for in a chain within the period. */
export function statementRows({ name, entries }: Chain, about: string, period: Period): readonly StatementRow[] {
  return entries.flatMap((entry) => {
    const found = isWithin(entry.at, period) ? statementIn(entry) : undefined;
    return found === undefined ? [] : [{ reason: "", refused: "", ...found, at: entry.at, about, chain: name }];
  });
}

type Found = Pick<StatementRow, "person" | "does"> & Partial<StatementRow>;

function statementIn(entry: Entry): Found | undefined {
  switch (entry.kind) {
    case "vote-cast": {
      const { vote, person, refused = "" } = entry;
      return { person: person ?? voterText(vote.voter), does: vote.choice, reason: vote.reason ?? "", refused };
    }
    case "usage-start-requested":
      return { person: entry.person, does: "start usage", reason: entry.reason ?? "" };
    case "permit-requested":
      return { person: entry.person, does: "request a permit", reason: entry.reason };
    case "permit-approved":
      return { person: entry.person, does: "approve a permit", reason: entry.reason };
    case "permit-revoked":
      return { person: entry.by, does: "revoke a permit", reason: entry.reason ?? "" };
    case "change-permit-requested":
      // Without a person it is the stack's own question about a change that it undid.
      return entry.person === undefined
        ? undefined
        : { person: entry.person, does: "request a permit for a change", reason: entry.reason };
    case "change-permit-revoked":
      return {
        ...{ person: entry.by, does: entry.refused ? "refuse a permit for a change" : "revoke a permit for a change" },
        reason: entry.reason ?? "",
      };
    case "pause-requested":
      return { person: entry.person, does: "request a pause", reason: entry.reason };
    case "pause-granted":
      return { person: entry.person, does: "grant a pause", reason: entry.reason };
    case "pause-ended":
      return { person: entry.person, does: "end a pause", reason: entry.reason };
    case "trail-exported":
      return { person: entry.person, does: "export the trail", reason: entry.reason };
    default:
      return undefined;
  }
}
