import { hourOfChange } from "../../../lib/domain/ledger/change-name.ts";
import type { Change, ChangeStatement } from "../chronicle.ts";
import { minute } from "../plan.ts";
import { custodians, decideMs, meaningOfChange } from "../policies.ts";
import { isReported } from "./changes-judged.ts";
import { mayBeSilent } from "./everybody-told.ts";
import { chainOf, isAlone, isQuiet, operationOf, subjectOf, undoneMs } from "./judged-change.ts";
import { mayBePermitted, possiblePermits } from "./permitted-change.ts";
import type { Evidence, Promised } from "./promise.ts";

/** Clocks of environments differ by less than this (ms). */
const skewMs = 5 * minute;

/** People learn of each change that no rule allows, or an alarm says that something could not be handled. */
export const changesTold: Promised = (evidence) => {
  const { plan, chronicle, told, counted, end } = evidence;
  if (mayBeSilent(plan) || plan.faults.some(({ forMs }) => forMs === null)) return [];
  const rung = counted.filter(({ name }) => /\.(DeadLetters|Behind)$/.test(name));
  const stops = chronicle.manual.filter(({ did }) => did === "stop-usage");
  const byHand = stops.map(
    (each): Change => ({ heardAt: each.at, ...each, did: "stop", isIdle: each.isIdle === true }),
  );
  return [...chronicle.changes, ...byHand].flatMap((change) => {
    const isDue = !change.isIdle && change.at < end - undoneMs && isReported(evidence, change);
    if (!isDue || possiblePermits(evidence, change).length > 0) return [];
    const name = chainOf(evidence, change);
    if (told.includes(name) || rung.some(({ at }) => at >= change.at)) return [];
    return [`UNHEARD: nobody learned that ${change.by} changed ${subjectOf(evidence, change)}`];
  });
};

/** Where nothing fails, people are asked about a change that is undone by a rule that asks. */
export const changesAsked: Promised = (evidence) => {
  if (!isQuiet(evidence)) return [];
  const { chronicle, plan, notices } = evidence;
  return chronicle.changes.flatMap((change) => {
    const isAsked = meaningOfChange(plan.policy, change.did, change.by) === "ask" && isAlone(evidence, change);
    if (!isAsked || mayBePermitted(evidence, change)) return [];
    const question = `reprieve approve '${chainOf(evidence, change)}'`;
    const isThere = notices.some(({ at, text }) => at <= change.at + undoneMs && text.includes(question));
    return isThere ? [] : [`UNASKED: nobody was asked whether ${change.by} may change ${subjectOf(evidence, change)}`];
  });
};

/** Nobody approves a change of one's own, a permit that one requested, or twice, and only custodians do. */
export const ownVoteNeverCounts: Promised = (evidence) => {
  const votes = evidence.chronicle.decisions.filter(({ step, heard }) => step === "approve" && heard === "accepted");
  return votes.flatMap((vote, n) => {
    const isAgain = votes.slice(0, n).some((each) => each.permit === vote.permit && each.by === vote.by);
    const isOwn = !custodians.includes(vote.by) || concernedBy(evidence, vote).includes(vote.by);
    if (isOwn) return [`OWN: ${vote.by} approved ${vote.permit}, and may not`];
    return isAgain ? [`OWN: ${vote.by} approved ${vote.permit} twice`] : [];
  });
};

/** Those who surely requested a permit, or are to use it. */
function concernedBy(evidence: Evidence, vote: ChangeStatement): readonly string[] {
  const { decisions } = evidence.chronicle;
  const request = decisions.find((each) => each.step === "request" && each.permit === vote.permit);
  if (request !== undefined) return [request.by, request.holder ?? request.by];
  const makers = new Set(askedAbout(evidence, vote).map(({ by }) => by));
  return makers.size === 1 ? [...makers] : [];
}

/** The changes of the hour that a question is about. */
function askedAbout(evidence: Evidence, { permit = "", operation, subject }: ChangeStatement): readonly Change[] {
  const hour = Number(/#(\d+)#permit$/.exec(permit)?.[1]);
  return evidence.chronicle.changes.filter(
    (each) =>
      hourOfChange(each.at) === hour && operationOf(each) === operation && subjectOf(evidence, each) === subject,
  );
}

/** A question ends: once its time is over nobody approves it any more. */
export const questionsEnd: Promised = (evidence) => {
  const { decisions } = evidence.chronicle;
  return decisions.flatMap((vote) => {
    if (vote.step !== "approve" || vote.heard !== "accepted") return [];
    const request = decisions.find((each) => each.step === "request" && each.permit === vote.permit);
    const asked = askedAbout(evidence, vote).map(({ at }) => at);
    const from =
      request?.heardAt ?? (isQuiet(evidence) && asked.length > 0 ? Math.max(...asked) + undoneMs : undefined);
    return from === undefined || vote.at <= from + decideMs + skewMs
      ? []
      : [`ENDED: ${vote.by} approved ${vote.permit} after its time`];
  });
};

/** Where nothing fails, everyone learns of each answer to a question. */
export const answersTold: Promised = (evidence) => {
  if (!isQuiet(evidence)) return [];
  const { chronicle, notices, end } = evidence;
  return chronicle.decisions.flatMap(({ step, heard, by, at, permit }) => {
    if (step === "request" || heard !== "accepted" || at > end - undoneMs) return [];
    const wanted =
      step === "approve" ? [`${by} approved the permit`] : [`${by} refused it`, `${by} revoked the permit`];
    const isThere = notices.some(
      (notice) =>
        notice.at >= at - 1_000 && notice.at <= at + undoneMs && wanted.some((text) => notice.text.includes(text)),
    );
    return isThere ? [] : [`UNANSWERED: nobody learned that ${by} decided about ${permit}`];
  });
};

/** Whatever the stack brings back is on record before. */
export const effectsRecorded: Promised = ({ chronicle }) =>
  chronicle.unrecorded.map(
    ({ subject, operation }) => `UNRECORDED: ${operation} for ${subject} without a record before`,
  );
