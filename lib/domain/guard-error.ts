/** Every reason for which one invocation cannot finish, or one input is refused. Alarms, tests and runbooks use these codes. */
export type GuardErrorCode =
  | "ACCESS_DENIED"
  | "ALIAS_UNRESOLVED"
  | "BUS_UNAVAILABLE"
  | "CASE_CHANGED"
  | "CASE_CLAIMED"
  | "CASE_UNREADABLE"
  | "CONFIGURATION_INVALID"
  | "CONTROL_PLANE_REFUSED"
  | "CONTROL_PLANE_UNAVAILABLE"
  | "EVENT_MALFORMED"
  | "EVENT_NOT_JSON"
  | "EVENT_UNEXPECTED"
  | "KEY_MALFORMED"
  | "KEY_STATE_UNKNOWN"
  | "OUT_OF_TIME"
  | "POLICY_INVALID"
  | "REQUESTER_AWAITED"
  | "STORE_UNAVAILABLE"
  | "UNEXPECTED"
  | "WRONG_ACCOUNT"
  | "WRONG_REGION";

/** What becomes of the input: `retry` comes back later, `dead-letter` waits for a person, `reject` is logged and dropped. */
export type Disposition = "retry" | "dead-letter" | "reject";

/** Thrown when this invocation cannot finish. Expected outcomes are values, never errors. The message holds no secrets. */
export class GuardError extends Error {
  override readonly name = "GuardError";
  readonly code: GuardErrorCode;
  readonly disposition: Disposition;

  constructor(code: GuardErrorCode, disposition: Disposition, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.disposition = disposition;
  }
}

/** The code of any error, for a record or a log line. */
export function codeOf(error: unknown): GuardErrorCode {
  return error instanceof GuardError ? error.code : "UNEXPECTED";
}
