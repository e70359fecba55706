import { askedOnce } from "./asked-once.ts";
import { budgetKept, itemsStaySmall, oneRunAtATime } from "./bounds.ts";
import { permittedStays, rotationStays, unpermittedIsUndone } from "./changes-judged.ts";
import { consentedStaysDone } from "./consented-stays-done.ts";
import {
  answersTold,
  changesAsked,
  changesTold,
  effectsRecorded,
  ownVoteNeverCounts,
  questionsEnd,
} from "./decided-changes.ts";
import { everybodyTold } from "./everybody-told.ts";
import { keptLives } from "./kept-lives.ts";
import { leftDisabledIsAlarmed } from "./left-disabled.ts";
import { noSilence } from "./no-silence.ts";
import { noUnallowedDeath } from "./no-unallowed-death.ts";
import { postedBoundedly } from "./posted-boundedly.ts";
import type { Promised } from "./promise.ts";
import { startsAnswered, stopStays } from "./started-keys.ts";
import { usableAgain } from "./usable-again.ts";
import { withinTwoSweeps } from "./within-two-sweeps.ts";

/** What the product promises, from outside. */
export const promises: readonly Promised[] = [
  ...[noUnallowedDeath, consentedStaysDone, usableAgain, leftDisabledIsAlarmed, stopStays, withinTwoSweeps],
  ...[keptLives, noSilence, everybodyTold, postedBoundedly, askedOnce, itemsStaySmall, budgetKept, oneRunAtATime],
  ...[rotationStays, permittedStays, unpermittedIsUndone, changesTold, changesAsked],
  ...[ownVoteNeverCounts, questionsEnd, answersTold, effectsRecorded, startsAnswered],
];
