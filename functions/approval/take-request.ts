import {
  type PersonRequest,
  type RequestVerdict,
  requestGroup,
  verdictKey,
} from "../../lib/domain/approval/person-request.ts";
import type { Log } from "../../lib/workflows/ports/guard.ts";
import type { SendRequest, SignedRequest } from "../../lib/workflows/ports/votes.ts";
import { asGuardError } from "../shared/as-guard-error.ts";

/** A request as it came in, and what it says. */
export interface TakenRequest {
  readonly signed: SignedRequest;
  readonly requestId: string;
  readonly request: PersonRequest;
  /** Judges the request against what is stored, and records nothing. */
  readonly preview?: () => Promise<RequestVerdict>;
}

/**
 * Sends a request to be judged, and returns how it would be judged now: undefined where that is not known. A request about a case that
 * does not exist is not sent. Throws QUEUE_UNAVAILABLE.
 */
export async function takeRequest(
  { sendRequest, log }: { readonly sendRequest: SendRequest; readonly log: Log },
  { signed, requestId, request, preview }: TakenRequest,
): Promise<RequestVerdict | undefined> {
  const provisional = await preview?.().catch((error: unknown) => {
    // What cannot be read now is judged later: the request waits in the queue.
    log("CALLBACK_FAILED", { requestId, code: asGuardError(error).code });
    return undefined;
  });
  if (provisional?.about === "nothing") return provisional;
  const answered = provisional === undefined ? "" : verdictKey(provisional);
  await sendRequest({ signed, answered }, { group: requestGroup(request), requestId });
  return provisional;
}
