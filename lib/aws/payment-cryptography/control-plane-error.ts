import { GuardError } from "../../domain/guard-error.ts";

/** Errors that state something about the key, the request or a limit, and nothing about the service's health: an answer, not a failure. */
const refusals = new Set([
  "ConflictException",
  "PublicPolicyException",
  "ResourceNotFoundException",
  "ServiceQuotaExceededException",
  "ValidationException",
]);

/** Returns the name of an error of the control plane, such as `ValidationException`. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "unknown";
}

/** Tells whether the control plane answered, and refused what was asked. */
export function isRefusal(name: string): boolean {
  return refusals.has(name);
}

/** Returns a failed call as ACCESS_DENIED, CONTROL_PLANE_REFUSED or CONTROL_PLANE_UNAVAILABLE, with what failed as its cause. */
export function toGuardError(error: unknown): GuardError {
  if (error instanceof GuardError) return error;
  const name = nameOf(error);
  if (name === "AccessDeniedException")
    return new GuardError("ACCESS_DENIED", "retry", "the control plane denies the call to the guard's role", {
      cause: error,
    });
  const code = isRefusal(name) ? "CONTROL_PLANE_REFUSED" : "CONTROL_PLANE_UNAVAILABLE";
  return new GuardError(code, "retry", `the control plane answered with \`${name}\``, { cause: error });
}
