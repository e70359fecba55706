import { changeScenarios } from "./change-scenarios.ts";
import { decidedChangeScenarios } from "./decided-change-scenarios.ts";
import { decisionScenarios } from "./decision-scenarios.ts";
import { lockOutScenarios } from "./lock-out-scenarios.ts";
import { massDeletion } from "./mass-deletion.ts";
import { pauseByTwo } from "./pause-by-two.ts";
import { peopleScenarios } from "./people-scenarios.ts";
import { plannedDeletion } from "./planned-deletion.ts";
import { relabeledKey } from "./relabeled-key.ts";
import type { Scenario } from "./scenario.ts";
import { sweepScenarios } from "./sweep-scenarios.ts";
import { tamperScenarios } from "./tamper-scenarios.ts";
import { troubleScenarios } from "./trouble-scenarios.ts";

export const scenarios: readonly Scenario[] = [
  ...decisionScenarios,
  ...troubleScenarios,
  ...peopleScenarios,
  ...sweepScenarios,
  relabeledKey,
  ...tamperScenarios,
  ...lockOutScenarios,
  ...changeScenarios,
  ...decidedChangeScenarios,
  plannedDeletion,
  pauseByTwo,
  massDeletion,
];
