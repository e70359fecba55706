import { changeIn } from "../../lib/aws/cloudtrail/change-record.ts";
import { tamperCallIn } from "../../lib/aws/cloudtrail/tamper-call.ts";
import { changeRequestIn } from "../../lib/aws/events/change-requested.ts";
import { denialNameIn } from "../../lib/aws/events/denial-event.ts";
import { missedChangeIn } from "../../lib/aws/events/missed-change.ts";
import { jsonOr } from "../../lib/aws/json.ts";
import { GuardError } from "../../lib/domain/guard-error.ts";
import type { ChangeName } from "../../lib/domain/ledger/change-name.ts";
import type { MissedChange, RecordedChange } from "../../lib/workflows/ports/change.ts";
import type { DenialName, TamperCall } from "../../lib/workflows/ports/remediation.ts";

/** What one message of the queues of remediation reports. */
export type RemediationMessage =
  | { readonly kind: "denial"; readonly denial: DenialName }
  | { readonly kind: "change"; readonly change: RecordedChange }
  | { readonly kind: "change-request"; readonly name: ChangeName }
  | { readonly kind: "missed"; readonly missed: MissedChange }
  | { readonly kind: "tamper"; readonly call: TamperCall };

/** Parses the body of an SQS message, an event of the stack's bus or of CloudTrail as JSON. Throws EVENT_NOT_JSON or EVENT_UNEXPECTED. */
export function parseRemediationMessage(
  body: string,
  stack: { readonly account: string; readonly region: string },
): RemediationMessage {
  const json = jsonOr(body);
  if (json === undefined) throw new GuardError("EVENT_NOT_JSON", "dead-letter", "the message is not JSON");
  const denial = denialNameIn(json, stack);
  if (denial !== undefined) return { kind: "denial", denial };
  const change = changeIn(json, stack);
  if (change !== undefined) return { kind: "change", change };
  const missed = missedChangeIn(json, stack);
  if (missed !== undefined) return { kind: "missed", missed };
  const requested = changeRequestIn(json, stack);
  if (requested !== undefined) return { kind: "change-request", name: requested };
  const call = tamperCallIn(json, stack);
  if (call !== undefined) return { kind: "tamper", call };
  const message = "the message is no denial of this stack, no change of a payment key and no call of AWS";
  throw new GuardError("EVENT_UNEXPECTED", "dead-letter", message);
}
