import type { Case } from "../../../lib/domain/case/case.ts";
import { caseOf } from "../../../lib/domain/case/fold.ts";
import type { Chain } from "../../../lib/domain/ledger/chain.ts";
import { damageText, readChain } from "../../../lib/domain/ledger/chain.ts";
import type { EntryKind } from "../../../lib/domain/ledger/entry.ts";

/** What a world shows of one key afterwards, and in the order in which it took place. */
export interface Witnessed {
  readonly chains: readonly Chain[];
  /** What is wrong with items that hold no chain at all, or a broken one. */
  readonly damaged?: readonly string[];
  /** Entries as they were stored, and effects as the service answered them with success, in one line of time. */
  readonly happened: readonly (
    | EntryKind
    | "RestoreKey"
    | "RestoreKeyUnanswered"
    | "StartKeyUsage"
    | "PolicyWritten"
    | "StateWritten"
    /** Remediation started a key: a stop was undone, or a person requested the start. */
    | "StoppedKeyStarted"
    | "Destroyed"
  )[];
  /** Entries that were published, in the order in which the bus took them. */
  readonly published: readonly { readonly generation: number; readonly seq: number }[];
}

/** Each answers what it finds violated, in words. */
export type Invariant = (witnessed: Witnessed) => readonly string[];

/** I1: no key that policy or people did not allow is destroyed; where there was a record, CloudTrail has confirmed it. */
export const destroyedOnlyIfAllowed: Invariant = ({ chains, happened }) => {
  if (!happened.includes("Destroyed")) return [];
  const last = chains.at(-1);
  if (last === undefined) return ["I1: a key without a case was destroyed"];
  return mayDie(caseOf(last)) ? [] : ["I1: a key was destroyed whose deletion was not allowed, or not confirmed"];
};

function mayDie({ allowed, confirmation, decision, requests }: Case): boolean {
  if (decision?.mode === "observe") return true;
  return allowed && (confirmation === "confirmed" || requests.length === 0);
}

/** Entries after which a deletion that was allowed and confirmed may be undone. */
const reconsidering: readonly EntryKind[] = ["deletion-detected", "approval-refused", "requester-unconfirmed"];

/** I2: no deletion that was allowed and confirmed is undone, unless another call, a person or CloudTrail said so since. */
export const confirmedStaysDone: Invariant = ({ chains }) =>
  chains.flatMap(({ entries }) => {
    const confirmed = entries.findLastIndex(({ kind }) => kind === "requester-confirmed");
    const undone = entries.findIndex(({ kind }, index) => index > confirmed && kind === "restore-intended");
    if (confirmed < 0 || undone < 0) return [];
    // While people are asked, the record is confirmed before anything is allowed.
    const latest = entries.slice(0, undone).findLastIndex(({ kind }) => kind === "deletion-detected");
    if (!entries.slice(latest, undone).some(({ kind }) => kind === "deletion-allowed")) return [];
    const since = entries.slice(confirmed, undone);
    const reconsidered = since.some(({ kind }) => reconsidering.includes(kind));
    return reconsidered ? [] : ["I2: a deletion that was allowed and confirmed was undone"];
  });

/** Entries that spend the intent of a RestoreKey whose answer was lost. */
const spending: readonly Witnessed["happened"][number][] = [
  ...(["decided", "restore-intended", "key-restored"] as const),
  ...(["restored-by-others", "deletion-superseded", "key-destroyed"] as const),
];

/**
 * I4: an intent precedes every effect: no RestoreKey without one of its own, no StartKeyUsage and nothing that undoes a change without any.
 * A RestoreKey whose answer was lost may be repeated under its intent until it is answered, or until its outcome, another decision or another
 * intent is on record.
 */
export const intentBeforeEffect: Invariant = ({ happened }) => {
  let [intents, usageIntents, removals, reverts] = [0, 0, 0, 0];
  let isUnanswered = false;
  const found = new Set<string>();
  for (const each of happened) {
    const isRestore = each === "RestoreKey" || each === "RestoreKeyUnanswered";
    if (isRestore && intents === 0) found.add("I4: RestoreKey without an intent on record before it");
    if (each === "RestoreKey" || (isUnanswered && spending.includes(each))) intents = Math.max(0, intents - 1);
    isUnanswered =
      each === "RestoreKeyUnanswered" || (isUnanswered && each !== "RestoreKey" && !spending.includes(each));
    if (each === "restore-intended") intents += 1;
    if (each === "usage-start-intended") usageIntents += 1;
    if (each === "deny-removal-intended") removals += 1;
    if (each === "revert-intended") reverts += 1;
    if (each === "StateWritten" && reverts === 0)
      found.add("I4: a change was undone without an intent on record before it");
    if (each === "StoppedKeyStarted" && reverts + usageIntents === 0)
      found.add("I4: a stopped key was started without an intent on record before it");
    if (each === "PolicyWritten" && removals + reverts === 0)
      found.add("I4: a resource policy was changed without an intent on record before it");
    if (each === "StartKeyUsage" && usageIntents === 0)
      found.add("I4: StartKeyUsage without an intent on record before it");
  }
  return [...found];
};

/** I5: every link of every chain holds. */
export const chainsIntact: Invariant = ({ chains, damaged = [] }) => [
  ...damaged.map((damage) => `I5: ${damage}`),
  ...chains.flatMap(({ name, texts }) => {
    const reading = readChain(texts, name);
    return reading.ok ? [] : [`I5: ${damageText(reading)}`];
  }),
];

const onlyOnce: readonly EntryKind[] = [
  "key-restored",
  "key-destroyed",
  "restored-by-others",
  "deletion-superseded",
  "permit-issued",
  "approval-granted",
];

/** I5: nothing that can be so only once is on record twice; people may be asked again, and approve again. */
export const everyEntryOnce: Invariant = ({ chains }) =>
  chains.flatMap(({ entries }) => {
    const countOf = (kind: EntryKind) => entries.filter((entry) => entry.kind === kind).length;
    return onlyOnce.flatMap((kind) => {
      const count = countOf(kind);
      const most = kind === "approval-granted" ? Math.max(1, countOf("approval-requested")) : 1;
      return count > most ? [`I5: ${kind} is on record ${count} times`] : [];
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
      ...(disorder ? [`I6: entries of case ${generation} were published out of order`] : []),
    ];
  });

/** I7: no call outside the permissions of its function's role. `denied` are those that IAM refused, in words. */
export function withinRoles(denied: readonly string[]): readonly string[] {
  return [...new Set(denied)].map((denial) => `I7: ${denial}`);
}

/** The control-plane budget of guard and sweep together, of the 5 calls a second that the account has. */
const callsPerSecond = 4;

/** Looked at in windows of this length (s), so that what a busy machine delays by some 100 ms does not count. */
const budgetWindow = 60;

/** Each execution environment may make two calls together, and a new one knows nothing of the one before it. */
const together = 14;

/** I8: the control-plane budget is never exceeded. `at` in ms on a clock that does not go back, in order. */
export function withinBudget(calls: readonly { readonly at: number }[]): readonly string[] {
  const most = callsPerSecond * budgetWindow + together;
  const over = calls.find(({ at }, index) => {
    const later = calls[index + most];
    return later !== undefined && later.at - at < budgetWindow * 1000;
  });
  return over === undefined ? [] : [`I8: more than ${most} control-plane calls within ${budgetWindow} s`];
}

/** Whatever must hold at every moment. */
export const always: readonly Invariant[] = [
  destroyedOnlyIfAllowed,
  confirmedStaysDone,
  intentBeforeEffect,
  everyEntryOnce,
];
/** Whatever must hold once everybody has had the time to do his work. */
export const finally_: readonly Invariant[] = [chainsIntact, everyCaseEnds, everythingTold];
