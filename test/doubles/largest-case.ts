import { hasRoom, maxOfKind, protectiveReserve } from "../../lib/domain/case/size-limits.ts";
import { append, type Chain } from "../../lib/domain/ledger/chain.ts";
import type { EntryBody, EntryKind } from "../../lib/domain/ledger/entry.ts";
import type { CaseChange } from "../../lib/workflows/ports/guard.ts";
import { chainBefore } from "./chain-names.ts";
import { hostileBodies, protecting, refusedVote } from "./hostile.ts";
import { keyArn, t0 } from "./key-world.ts";

export const longestArn = keyArn("k".repeat(64));
const kinds = Object.keys(maxOfKind) as EntryKind[];
/** The kinds of entries of a case. */
export const inCases = kinds.filter((kind) => maxOfKind[kind] > 0);
/** What others can cause again and again. */
export const repeated: readonly EntryKind[] = [
  ...(["deletion-detected", "decided", "approval-requested"] as const),
  ...(["vote-cast", "usage-start-requested", "key-state-unknown"] as const),
  "deny-removal-intended",
];

/** A case of generation 1 with its first entry. */
const firstOfCase = { ...hostileBodies["deletion-detected"](0), case: { keyArn: longestArn, generation: 1 } };
export const openedCase: Chain = append(chainBefore(firstOfCase), firstOfCase, t0);

export const many = (kind: EntryKind, count = maxOfKind[kind]): EntryBody[] =>
  Array.from({ length: count }, (_, n) => hostileBodies[kind](n + 1));

/** `chain` with those of `bodies` that have room. */
export const filled = (chain: Chain, bodies: readonly EntryBody[]): Chain =>
  bodies.reduce((before, body) => {
    const after = append(before, body, t0);
    return hasRoom(after) ? after : before;
  }, chain);

/** A case after a flood of all that others can cause. */
export const floodedCase = (): Chain =>
  filled(openedCase, [
    ...Array.from({ length: 60 }, (_, n) => refusedVote(n)),
    ...repeated.filter((kind) => kind !== "deny-removal-intended").flatMap((kind) => many(kind, 120)),
  ]);

/** All that can follow from what is in a case, and all that protects its key. */
export const following: readonly EntryBody[] = [
  ...inCases.filter((kind) => !repeated.includes(kind)).flatMap((kind) => many(kind)),
  // As large as one for which room is kept.
  { kind: "deny-removal-intended", calls: ["RestoreKey"], statements: Array(3).fill('"'.repeat(512)), left: 100 },
  ...Array.from({ length: protectiveReserve }, () => protecting).flat(),
];

/** The change that stores `chain` as a new case, with a claim. */
export function asChange(chain: Chain): CaseChange {
  const owner = "00000000-0000-4000-8000-000000000000";
  return {
    ...{ keyArn: longestArn, generation: 1, chain, expectedLength: 0 },
    ...{
      owner,
      lease: { owner, until: t0 },
      status: "following",
      dueAt: t0,
      failures: 999_999,
      labelsMissingSince: t0,
      now: t0,
    },
  };
}
