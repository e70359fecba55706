/** Failures: each has an alarm of its own in resources/alarms.yml, and with slim monitoring one of three (monitoring.ts). */
export const failureMetrics = [
  "AnnouncementsFailed",
  "CallbacksFailed",
  "CallbacksRefused",
  "CasesQuarantined",
  "ChangesForPeople",
  "ConfirmationsOverdue",
  "DeletionsUnconfirmed",
  "EventsMissed",
  "FactsUnreadable",
  "GuardMessagesRetried",
  "KeysLeftDisabled",
  "KeysRestoredUnrecorded",
  "NotifyMessagesRetried",
  "RemediationMessagesRetried",
  "RemediationsLeft",
  "RemediationsMade",
  "RequestsUnproven",
  "RestoresDenied",
  "RestoresFailed",
  "RulesNotWorking",
  "SweepStepsFailed",
  "SweepWorkLeft",
  "TrailContradicted",
  "VotesMessagesRetried",
] as const;
type FullFailure = (typeof failureMetrics)[number];

/** Failures that alarms on AWS's own metrics show. Slim monitoring does without those alarms, and counts the failures itself. */
export const slimFailureMetrics = ["MessagesSetAside", "NoticesSetAside"] as const;
export type FailureMetric = FullFailure | (typeof slimFailureMetrics)[number];

/** What is no failure by itself. An object, so that the names are there at run time and checked. */
export const figures = {
  CheckpointsNotCosigned: true,
  CheckpointsUnsigned: true,
  ControlPlaneCalls: true,
  DeletionsAllowed: true,
  Heartbeats: true,
  KeysAtRisk: true,
  KeysPending: true,
  KeysRestored: true,
  LogAgeSeconds: true,
  TimeToUsable: true,
} as const;
type FigureMetric = keyof typeof figures;

/** Each metric costs money; log anything without an alarm or dashboard line. */
export type MetricName = FailureMetric | FigureMetric;
