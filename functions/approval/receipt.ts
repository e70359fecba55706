import type { Log } from "../../lib/workflows/ports/guard.ts";
import type { ReceiptBook } from "../../lib/workflows/ports/votes.ts";
import { asGuardError } from "../shared/as-guard-error.ts";
import { type HttpAnswer, json } from "../shared/http.ts";

/**
 * Answers with the state of a request: 202 until it is judged, then 200 with the verdict. An unknown id gets the answer of a pending
 * one, so that no answer reveals which ids exist; text that is not an id gets 404.
 */
export async function answerReceipt(
  { readReceipt, log }: { readonly readReceipt: ReceiptBook["read"]; readonly log: Log },
  requestId: string,
): Promise<HttpAnswer> {
  if (!/^[0-9a-f]{64}$/.test(requestId)) return json(404, { code: "NOT_FOUND" });
  try {
    const receipt = await readReceipt(requestId);
    if (receipt === undefined) return json(202, { receipt: requestId });
    const { accepted, message, verdict, judgedAt } = receipt;
    return json(200, { receipt: requestId, accepted, message, verdict, judgedAt });
  } catch (error) {
    const { code } = asGuardError(error);
    log("CALLBACK_FAILED", { code });
    return json(503, { code });
  }
}
