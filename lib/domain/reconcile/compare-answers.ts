import { subjectText } from "../operations/subject.ts";
import { type CountedCall, isChange, isSuccess, timeOfCall } from "./calls.ts";
import { actWindowMs, type Compared, clockSkewMs, isWithin, reportMissing } from "./compared.ts";
import type { RecordedAct } from "./trail-claims.ts";

/** An entry that a call of the stack was answered, and what the call was for. */
interface Answer {
  readonly act: RecordedAct;
  readonly subject: string;
  readonly chain: string;
}

/** Each entry that a call of the stack was answered has its call: a start, a policy, or what undid a change. */
export function compareAnswers(compared: Compared): void {
  const { calls, isOwnRole, time } = compared;
  const own = [...calls.calls(isChange)]
    .filter((call) => isSuccess(call) && call.versions.some(({ roleArn }) => isOwnRole(roleArn)))
    .toSorted((a, b) => timeOfCall(a) - timeOfCall(b));
  const used = new Set<CountedCall>();
  for (const { act, subject, chain } of answersIn(compared)) {
    // An entry that names its calls has one for itself. A revert may have taken any number of calls.
    const isFree = (call: CountedCall) => act.calls === undefined || !used.has(call);
    const call = own.find((each) => isAnswerOf(each, act, subject) && isFree(each));
    if (call !== undefined && act.calls !== undefined) used.add(call);
    if (call !== undefined || !isWithin(time, act.at)) continue;
    const name = act.calls?.join(" or ") ?? "what undid the change";
    const keyArn = subject.startsWith("arn:") ? { keyArn: subject } : {};
    reportMissing(compared, { at: act.at, chain, ...keyArn }, `the trail records that ${name} was answered`);
  }
}

/** The entries in the order of their times. */
function answersIn({ trail }: Compared): readonly Answer[] {
  const cases = [...trail.cases.values()].map(({ acts, chain, keyArn }) => ({
    acts,
    chain,
    subject: keyArn as string,
  }));
  const changes = [...trail.changeChains.values()].map(({ acts, chain, name }) => {
    return { acts, chain, subject: subjectText(name.subject) };
  });
  const answers = [...cases, ...changes].flatMap(({ acts, chain, subject }) =>
    acts.filter(({ kind }) => kind === "answered").map((act) => ({ act, chain, subject })),
  );
  return answers.toSorted((a, b) => a.act.at - b.act.at);
}

/** A call without a key and an alias concerns the account. */
function isAnswerOf(call: CountedCall, { at, calls }: RecordedAct, subject: string): boolean {
  const calledAt = timeOfCall(call);
  if (calledAt > at + clockSkewMs || calledAt < at - actWindowMs) return false;
  if (calls !== undefined && !calls.includes(call.name)) return false;
  return call.versions.some(
    ({ keyArn, alias }) => (keyArn === undefined && alias === undefined) || subject === keyArn || subject === alias,
  );
}
