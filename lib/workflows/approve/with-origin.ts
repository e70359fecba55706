import type { EntryBody, EntryKind } from "../../domain/ledger/entry.ts";
import type { Origin } from "../../domain/people/vote.ts";

/** What a person's own request adds, beside what follows from it. */
const requested: ReadonlySet<EntryKind> = new Set([
  "vote-cast",
  "usage-start-requested",
  "pause-requested",
  "pause-granted",
  "pause-ended",
  "permit-requested",
  "permit-approved",
  "permit-revoked",
  "change-permit-requested",
  "change-permit-revoked",
]);

/** Returns `entries` with the request that they come from on record, so that it takes effect once. */
export function withOrigin(entries: readonly EntryBody[], { requestId, unverified }: Origin): readonly EntryBody[] {
  if (requestId === undefined) return entries;
  return entries.map((entry) => {
    if (!requested.has(entry.kind)) return entry;
    const doubt = entry.kind === "vote-cast" && unverified !== undefined && { unverified };
    return { ...entry, requestId, ...doubt };
  });
}
