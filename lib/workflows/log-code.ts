/** The catalogue of message codes: alarms, metric filters, tests and the runbook rest on these names, never on wording. */
export type LogCode =
  | "ACTING_WITHOUT_RECORD"
  | "ATTEMPT_RECORDED"
  | "CASE_ADVANCED"
  | "EFFECT_FAILED"
  | "MESSAGE_DEAD_LETTERED"
  | "MESSAGE_REJECTED"
  | "MESSAGE_RETRIED"
  | "QUEUE_FAILED"
  | "STORE_FAILED"
  | "UNRECORDED_ANNOUNCEMENT_FAILED";
