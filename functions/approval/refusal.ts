import type { GuardError } from "../../lib/domain/guard-error.ts";
import type { LogCode } from "../../lib/workflows/ports/log-code.ts";

/** Tells a callback that we could not answer, which is our failure, from one that is refused for what it is. */
export function refusalCode({ disposition }: GuardError): Extract<LogCode, "CALLBACK_FAILED" | "CALLBACK_REFUSED"> {
  return disposition === "reject" ? "CALLBACK_REFUSED" : "CALLBACK_FAILED";
}
