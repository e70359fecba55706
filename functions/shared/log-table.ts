import type { Log } from "../../lib/workflows/ports/guard.ts";
import type { LogCode } from "../../lib/workflows/ports/log-code.ts";
import type { FailureMetric } from "./metric-table.ts";
import type { Metrics } from "./metrics.ts";
import type { QueueName } from "./queue-batch.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What a log line means: how loud it is, and who learns of it. A failure is counted for an alarm, or log-reasons.ts says why it need not be. */
export type LogEntry =
  | { readonly level: "info" }
  | { readonly level: "warn" | "error"; readonly counts: FailureMetric }
  | { readonly level: "warn" | "error"; readonly counts: (fields: Fields) => FailureMetric | undefined }
  /** Never counted. */
  | { readonly level: "warn" | "error" };

const info = { level: "info" } as const;
/** Not counted: see log-reasons.ts. */
const quiet = { level: "warn" } as const;

/** Every code that can be logged. */
export const logTable: Readonly<Record<LogCode, LogEntry>> = {
  ACTING_WITHOUT_RECORD: {
    level: "warn",
    counts: ({ entries }) => (beginsRestore(entries) ? "KeysRestoredUnrecorded" : undefined),
  },
  ALARM_RECORDED: info,
  ATTEMPT_RECORDED: info,
  CALLBACK_FAILED: { level: "error", counts: "CallbacksFailed" },
  CALLBACK_REFUSED: { level: "warn", counts: "CallbacksRefused" },
  CASE_ADVANCED: info,
  CASE_FULL: { level: "warn", counts: "CasesQuarantined" },
  CASE_QUARANTINED: { level: "error", counts: "CasesQuarantined" },
  CHANGE_OVER: info,
  CHANGE_RECORDED: info,
  CHANGE_REVERTED: { level: "warn", counts: "RemediationsMade" },
  CHANGES_CROWDED: { level: "warn", counts: "ChangesForPeople" },
  CHECKPOINT_COSIGNED: info,
  CHECKPOINT_NOT_COSIGNED: quiet,
  CHECKPOINT_UNSIGNED: quiet,
  CHECKPOINT_WRONG: { level: "error", counts: "TrailContradicted" },
  CLOCK_WENT_BACK: { level: "error", counts: "TrailContradicted" },
  CONFIRMATION_OVERDUE: { level: "warn", counts: "ConfirmationsOverdue" },
  COSIGNATURE_WRONG: { level: "error", counts: "TrailContradicted" },
  DEAD_LETTERS_REDRIVEN: info,
  DELETION_UNCONFIRMED: { level: "warn", counts: "DeletionsUnconfirmed" },
  DELETIONS_REPEATED: quiet,
  DENY_REMOVED: { level: "warn", counts: "RemediationsMade" },
  EFFECT_FAILED: { level: "warn", counts: "RestoresFailed" },
  EVENT_MISSED: { level: "warn", counts: "EventsMissed" },
  GRAVE_CHANGE: { level: "error", counts: "ChangesForPeople" },
  HEADS_NOT_KEPT: quiet,
  KEEP_UNVERIFIED: { level: "warn", counts: "RequestsUnproven" },
  KEY_HIDDEN: { level: "warn", counts: "FactsUnreadable" },
  KEY_LEFT_DISABLED: { level: "warn", counts: "KeysLeftDisabled" },
  LABELS_UNREADABLE: { level: "warn", counts: "FactsUnreadable" },
  LOCK_OUT_LEFT: { level: "error", counts: "RemediationsLeft" },
  LOCK_OUT_OVER: info,
  LOG_OBJECT_EXISTS: quiet,
  LOG_OBJECT_OUT_OF_ORDER: { level: "error", counts: "TrailContradicted" },
  LOG_OBJECT_UNREADABLE: { level: "error", counts: "TrailContradicted" },
  LOG_WRITTEN: info,
  MESSAGE_DEAD_LETTERED: {
    level: "error",
    counts: ({ queue }) => (queue === "notify" ? "NoticesSetAside" : "MessagesSetAside"),
  },
  MESSAGE_REJECTED: quiet,
  MESSAGE_RETRIED: {
    level: "warn",
    counts: ({ queue, deliveries }) => (Number(deliveries) >= stuckAfter ? retriedBy(queue) : undefined),
  },
  NOTICE_GIVEN_UP: { level: "error", counts: "AnnouncementsFailed" },
  NOTICE_UNANSWERED: { level: "warn", counts: "NotifyMessagesRetried" },
  NOTIFIED: info,
  PAUSE_CHANGED: quiet,
  PAUSE_NOTIFY_FAILED: { level: "warn", counts: "AnnouncementsFailed" },
  PAUSE_REFUSED: quiet,
  PAUSE_UNREADABLE: { level: "warn", counts: "FactsUnreadable" },
  PERMIT_CHANGED: info,
  PERMIT_NOTIFY_FAILED: { level: "warn", counts: "AnnouncementsFailed" },
  PERMIT_REFUSED: quiet,
  PERMITS_LEFT_TO_GUARD: quiet,
  POLICY_RECORDED: info,
  PROBE_UNCLEAR: { level: "warn", counts: "FactsUnreadable" },
  PUBLISH_FAILED: { level: "warn", counts: "AnnouncementsFailed" },
  QUEUE_FAILED: {
    level: "error",
    counts: ({ queue }) => retriedBy(queue),
  },
  RE_EVALUATE_FAILED: { level: "warn", counts: "AnnouncementsFailed" },
  REPLICA_LEFT_ALONE: info,
  REQUEST_JUDGED: info,
  REQUEST_UNPROVEN: { level: "error", counts: "RequestsUnproven" },
  // Under observe every change that a rule wants undone stands.
  REVERT_LEFT: {
    level: "error",
    counts: ({ why }) => (why === "observe" || why === "paused" ? undefined : "ChangesForPeople"),
  },
  RESTORE_DENIED: { level: "error", counts: "RestoresDenied" },
  RULE_NOT_WORKING: { level: "error", counts: "RulesNotWorking" },
  RULE_UNREADABLE: { level: "error", counts: "RulesNotWorking" },
  STATE_UNREADABLE: { level: "warn", counts: "FactsUnreadable" },
  STORE_FAILED: quiet,
  SUMMARY_UNREADABLE: { level: "error", counts: "FactsUnreadable" },
  SWEEP_FINISHED: info,
  SWEEP_STEP_FAILED: { level: "warn", counts: "SweepStepsFailed" },
  SWEEP_WORK_LEFT: { level: "warn", counts: "SweepWorkLeft" },
  TAMPER_LEFT: { level: "error", counts: "RemediationsLeft" },
  TAMPER_OVER: info,
  TAMPER_UNDOING: info,
  TAMPER_UNDONE: { level: "warn", counts: "RemediationsMade" },
  TRAIL_DIFFERS: { level: "error", counts: "TrailContradicted" },
  UNRECORDED_ANNOUNCEMENT_FAILED: { level: "error", counts: "AnnouncementsFailed" },
  VERDICT_NOTIFY_FAILED: { level: "warn", counts: "AnnouncementsFailed" },
  VOTE_RECORDED: info,
  VOTE_REFUSED: quiet,
  VOTER_NOTIFY_FAILED: quiet,
  WITNESS_CONTRADICTS: { level: "error", counts: "TrailContradicted" },
};

/** Returns the metric that a log line counts, if any. */
export function metricFor(code: LogCode, fields: Fields): FailureMetric | undefined {
  const entry = logTable[code];
  if (!("counts" in entry)) return undefined;
  return typeof entry.counts === "function" ? entry.counts(fields) : entry.counts;
}

/** `log`, with every failure counted. */
export function countingFailures(log: Log, { count }: Pick<Metrics, "count">): Log {
  return (code, fields) => {
    const metric = metricFor(code, fields);
    if (metric !== undefined) count(metric);
    log(code, fields);
  };
}

/** From this delivery on SQS leaves a message out of ApproximateAgeOfOldestMessage, and the alarms on it. */
const stuckAfter = 3;

const retryMetrics = {
  changes: "RemediationMessagesRetried",
  guard: "GuardMessagesRetried",
  notify: "NotifyMessagesRetried",
  remediation: "RemediationMessagesRetried",
  votes: "VotesMessagesRetried",
} as const satisfies Record<QueueName, FailureMetric>;

function retriedBy(queue: unknown): FailureMetric | undefined {
  return retryMetrics[queue as QueueName];
}

/** Whether the call comes next. That the look at the key was denied is noted behind the intent. */
function beginsRestore(entries: unknown): boolean {
  return Array.isArray(entries) && entries.findLast((kind) => kind !== "look-denied") === "restore-intended";
}
