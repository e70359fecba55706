/** Every reason for which one invocation cannot finish, or one input is refused. Alarms, tests and runbooks use these codes. */
export type GuardErrorCode =
  | "ACCESS_DENIED"
  | "ALIAS_UNRESOLVED"
  | "ARCHIVE_UNAVAILABLE"
  | "BUS_UNAVAILABLE"
  | "CALLBACK_FORGED"
  | "CALLBACK_MALFORMED"
  | "CALLBACK_STALE"
  | "CALLER_EXPIRED"
  | "CALLER_UNKNOWN"
  | "CALLER_UNPROVEN"
  | "CASE_CHANGED"
  | "CASE_CLAIMED"
  | "CASE_FULL"
  | "CASE_UNKNOWN"
  | "CASE_UNREADABLE"
  | "CONFIGURATION_INVALID"
  | "CONTROL_PLANE_REFUSED"
  | "CONTROL_PLANE_UNAVAILABLE"
  | "EVENT_MALFORMED"
  | "EVENT_NOT_JSON"
  | "EVENT_UNEXPECTED"
  | "HISTORY_UNAVAILABLE"
  | "INVENTORY_UNAVAILABLE"
  | "KEY_MALFORMED"
  | "KEY_STATE_UNKNOWN"
  | "KMS_UNAVAILABLE"
  | "NOTICE_UNREADABLE"
  | "OUT_OF_TIME"
  | "POLICY_INVALID"
  | "QUEUE_UNAVAILABLE"
  | "RECEIPT_UNREADABLE"
  | "REMEDIATED_LATELY"
  | "REMEDIATION_WITHOUT_EFFECT"
  | "REQUESTER_AWAITED"
  | "SECRET_UNAVAILABLE"
  | "SIGNING_UNAVAILABLE"
  | "SLACK_MESSAGE_GONE"
  | "SLACK_REFUSED"
  | "SLACK_UNANSWERED"
  | "SLACK_UNAVAILABLE"
  | "STORE_UNAVAILABLE"
  | "STS_UNAVAILABLE"
  | "TOPIC_UNAVAILABLE"
  | "UNEXPECTED"
  | "VOTE_EXPIRED"
  | "VOTE_MALFORMED"
  | "WITNESS_UNAVAILABLE"
  | "WORKSPACE_FOREIGN"
  | "WRONG_ACCOUNT"
  | "WRONG_REGION";

/** What happens to the input: `retry` comes back later, `dead-letter` waits for a person, `reject` is logged and dropped. */
export type Disposition = "retry" | "dead-letter" | "reject";

/** Thrown when this invocation cannot finish. Expected outcomes are values, never errors. The message holds no secrets. */
export class GuardError extends Error {
  override readonly name = "GuardError";
  readonly code: GuardErrorCode;
  readonly disposition: Disposition;
  /** Delay (s) that the failing service asked for. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: GuardErrorCode,
    disposition: Disposition,
    message: string,
    options: ErrorOptions & { readonly retryAfterSeconds?: number } = {},
  ) {
    super(message, options);
    this.code = code;
    this.disposition = disposition;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** The code of any error, for a record or a log line. */
export function codeOf(error: unknown): GuardErrorCode {
  return error instanceof GuardError ? error.code : "UNEXPECTED";
}

/** Returns what lies behind `error`, for a log line: why the store, or a service, refused. */
export function causeOf(error: unknown): { cause?: string } {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error ? { cause: `${cause.name}: ${cause.message}` } : {};
}
