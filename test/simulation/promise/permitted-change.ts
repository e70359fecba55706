import { hourOfChange } from "../../../lib/domain/ledger/change-name.ts";
import type { Change, ChangeStatement } from "../chronicle.ts";
import { hour, minute, type PersonName } from "../plan.ts";
import { custodians, quorumOfChange, usePermitMs } from "../policies.ts";
import { isQuiet, operationOf, othersOf, subjectOf, undoneAt, undoneMs } from "./judged-change.ts";
import type { Evidence } from "./promise.ts";

/** How long (ms) a vote may count after it was made, where its answer was lost. */
const unheardMs = 12 * hour;

/** The times of two clocks differ by less than this (ms). */
const clocksMs = 2 * minute;

interface Permit {
  readonly name: string;
  readonly statements: readonly ChangeStatement[];
  readonly request?: ChangeStatement;
}

/** Every permit about which people said something. */
function permitsOf(evidence: Evidence, change: Change): readonly Permit[] {
  const [operation, subject] = [operationOf(change), subjectOf(evidence, change)];
  const about = evidence.chronicle.decisions.filter((each) => each.operation === operation && each.subject === subject);
  return [...Map.groupBy(about, ({ permit }) => permit)].flatMap(([name, statements]) => {
    if (name === undefined) return [];
    const request = statements.find(({ step }) => step === "request");
    return [{ name, statements, ...(request !== undefined && { request }) }];
  });
}

/** Whether a permit may be for this person, and for the state to which the change led. */
function isFor(evidence: Evidence, { name, request }: Permit, change: Change): boolean {
  if (request !== undefined)
    return request.holder === change.by && (request.to === undefined || request.to === change.to);
  // Who is to make the change is in a request whose answer did not come.
  if (!name.endsWith("#permit")) return true;
  const asked = Number(/#(\d+)#permit$/.exec(name)?.[1]);
  return othersOf(evidence, change).some(
    (each) => hourOfChange(each.at) === asked && each.by === change.by && each.to === change.to && each.at < change.at,
  );
}

/** Those whose votes for a permit count for a change by `holder`. */
function votersOf({ statements, request }: Permit, holder: PersonName, counts: (each: ChangeStatement) => boolean) {
  const votes = statements.filter((each) => each.step === "approve" && counts(each));
  const persons = votes
    .map(({ by }) => by)
    .filter((by) => by !== holder && by !== request?.by && custodians.includes(by));
  return { votes, isEnough: new Set(persons).size >= quorumOfChange(holder) };
}

/** Names of the permits that may let a change pass: a vote whose answer was lost may count. */
export function possiblePermits(evidence: Evidence, change: Change): readonly string[] {
  return permitsOf(evidence, change)
    .filter((permit) => {
      const { votes, isEnough } = votersOf(permit, change.by, ({ at, heard }) => heard !== "refused" && at < change.at);
      if (!isEnough || !isFor(evidence, permit, change)) return false;
      const isRevoked = permit.statements.some(
        ({ step, heard, heardAt }) => step === "refuse" && heard === "accepted" && heardAt < change.at,
      );
      const issuedBy = Math.max(
        ...votes.map(({ at, heard, heardAt }) => (heard === "accepted" ? heardAt : at + unheardMs)),
      );
      return !isRevoked && change.at <= issuedBy + usePermitMs + clocksMs;
    })
    .map(({ name }) => name);
}

/** Whether nothing fails, and a permit that nothing else can have used surely lets the change pass. */
export function isSurelyPermitted(evidence: Evidence, change: Change): boolean {
  if (!isQuiet(evidence)) return false;
  const others = othersOf(evidence, change);
  return permitsOf(evidence, change).some((permit) => {
    const { votes, isEnough } = votersOf(
      permit,
      change.by,
      ({ heard, heardAt }) => heard === "accepted" && heardAt + minute < change.at,
    );
    if (!isEnough || !isFor(evidence, permit, change)) return false;
    const isSingle = permit.request !== undefined || isOnlyOneOfHour(permit, others, change);
    const first = Math.min(...votes.map(({ at }) => at));
    const last = Math.max(...votes.map(({ at }) => at));
    const mayBeUsed = others.some(
      (each) => each.by === change.by && each.at > first - clocksMs && each.at <= change.at + undoneMs,
    );
    const isRevoked = permit.statements.some(
      ({ step, heard, at }) => step === "refuse" && heard !== "refused" && at < change.at + undoneMs,
    );
    return isSingle && !mayBeUsed && !isRevoked && change.at < last + usePermitMs - clocksMs;
  });
}

/** Whether the hour that a question is about had one change only, so that it is the one people were asked about. */
function isOnlyOneOfHour({ name }: Permit, others: readonly Change[], change: Change): boolean {
  const asked = Number(/#(\d+)#permit$/.exec(name)?.[1]);
  return hourOfChange(change.at) !== asked && others.filter((each) => hourOfChange(each.at) === asked).length === 1;
}

/** Whether a permit may have let the change pass, which none before it can have used. */
export function mayBePermitted(evidence: Evidence, change: Change): boolean {
  const permits = possiblePermits(evidence, change);
  if (permits.length === 0) return false;
  const passed = othersOf(evidence, change).filter((each) => {
    const own = possiblePermits(evidence, each);
    const hasPassed = !each.isIdle && undoneAt(evidence, each, each.at + undoneMs) === undefined;
    return each.at < change.at && hasPassed && own.length > 0 && own.every((name) => permits.includes(name));
  });
  return passed.length < permits.length;
}
