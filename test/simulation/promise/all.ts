import { budgetKept, itemsStaySmall } from "./bounds.ts";
import { consentedStaysDone } from "./consented-stays-done.ts";
import { everybodyTold, noSilence } from "./no-silence.ts";
import { noUnallowedDeath } from "./no-unallowed-death.ts";
import type { Promised } from "./promise.ts";
import { stopStays, usableAgain, withinTwoSweeps } from "./usable-again.ts";

/** What the product promises, from outside. */
export const promises: readonly Promised[] = [
  ...[noUnallowedDeath, consentedStaysDone, usableAgain, stopStays, withinTwoSweeps],
  ...[noSilence, everybodyTold, itemsStaySmall, budgetKept],
];
