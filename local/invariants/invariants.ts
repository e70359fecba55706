import type { Chain } from "../../lib/domain/audit-chain.ts";
import { readChain } from "../../lib/domain/audit-chain.ts";
import { type Case, caseOf } from "../../lib/domain/case.ts";
import type { EntryKind } from "../../lib/domain/entry.ts";

/** What a world shows of one key afterwards, and in the order in which it took place. */
export interface Witnessed {
  readonly chains: readonly Chain[];
  /** Entries as they were stored, and effects as the service answered them with success, in one line of time. */
  readonly happened: readonly (EntryKind | "RestoreKey" | "StartKeyUsage" | "Destroyed")[];
  /** Entries that were published, in the order in which the bus took them. */
  readonly published: readonly { readonly generation: number; readonly seq: number }[];
}

/** Each answers what it finds violated, in words. */
export type Invariant = (witnessed: Witnessed) => readonly string[];

/** I1: no key that policy or people did not allow is destroyed; what rests on a record was confirmed by CloudTrail. */
export const destroyedOnlyIfAllowed: Invariant = ({ chains, happened }) => {
  if (!happened.includes("Destroyed")) return [];
  const last = chains.at(-1);
  if (last === undefined) return ["I1: a key without a case was destroyed"];
  return mayDie(caseOf(last)) ? [] : ["I1: a key was destroyed whose deletion was not allowed, or not confirmed"];
};

function mayDie({ allowed, confirmation, decision, permitUsed, requests }: Case): boolean {
  if (decision?.mode === "observe") return true;
  const byRecord = decision?.effect.outcome === "allow" || permitUsed !== undefined;
  return allowed && (!byRecord || confirmation === "confirmed" || requests.length === 0);
}

/** I4: an intent precedes every effect. */
export const intentBeforeEffect: Invariant = ({ happened }) =>
  (
    [
      ["RestoreKey", "restore-intended"],
      ["StartKeyUsage", "usage-start-intended"],
    ] as const
  ).flatMap(([effect, intent]) => {
    const first = happened.indexOf(effect);
    const before = happened.indexOf(intent);
    return first >= 0 && (before < 0 || before > first) ? [`I4: ${effect} without an intent on record before it`] : [];
  });

/** I5: every chain is intact, and nothing that can be so only once is on record twice. */
export const chainsIntact: Invariant = ({ chains }) =>
  chains.flatMap(({ texts, entries }) => {
    const reading = readChain(texts);
    if (!reading.ok) return [`I5: entry ${reading.seq}: ${reading.damage}`];
    const once: readonly EntryKind[] = [
      "key-restored",
      "key-destroyed",
      "restored-by-others",
      "deletion-superseded",
      "permit-issued",
      "approval-granted",
    ];
    return once.flatMap((kind) => {
      const count = entries.filter((entry) => entry.kind === kind).length;
      return count > 1 ? [`I5: ${kind} is on record ${count} times`] : [];
    });
  });

/** I3: every case has come to an end. */
export const everyCaseEnds: Invariant = ({ chains }) =>
  chains.flatMap((chain) => (caseOf(chain).end === undefined ? ["I3: a case has not come to an end"] : []));

/** I6: every entry was published at least once, and within a case never before an earlier one was. */
export const everythingTold: Invariant = ({ chains, published }) =>
  chains.flatMap((chain) => {
    const { generation } = caseOf(chain);
    const told = published.filter((each) => each.generation === generation).map(({ seq }) => seq);
    const missing = chain.entries.filter(({ seq }) => !told.includes(seq)).map(({ seq }) => seq);
    const firsts = [...new Set(told)];
    const disorder = firsts.some((seq, index) => seq !== index + 1);
    return [
      ...(missing.length > 0 ? [`I6: entries ${missing.join(", ")} of case ${generation} were never told`] : []),
      ...(disorder ? [`I6: entries of case ${generation} were told out of order`] : []),
    ];
  });

/** Whatever must hold at every moment. */
export const always: readonly Invariant[] = [destroyedOnlyIfAllowed, intentBeforeEffect, chainsIntact];
/** Whatever must hold once everybody has had the time to do his work. */
export const finally_: readonly Invariant[] = [everyCaseEnds, everythingTold];
