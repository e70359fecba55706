import { standingOf } from "../approval/dual-control.ts";
import type { Case } from "../case/case.ts";
import { dueReminder, nextMoment, type Question } from "../case/question.ts";
import type { Situation, Step } from "./situation.ts";

/** What is still to be done about an open question. */
export function openQuestion(newest: Case, question: Question, { now, directory }: Situation): Step {
  if (now >= question.deadline) return { do: "record", body: { kind: "approval-expired" } };
  // Who asked for the deletion may have become known since the last vote, and the quorum is one less then.
  const { reached, approvedBy, quorum } = standingOf(newest, directory);
  if (reached) return { do: "record", body: { kind: "approval-granted", by: approvedBy, quorum } };
  const percent = dueReminder(question, now);
  if (percent !== undefined) return { do: "record", body: { kind: "approval-reminded", percent } };
  return { do: "wait", until: nextMoment(question) };
}
