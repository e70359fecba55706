import * as v from "valibot";
import { type DeadLetterQueue, deadLetterQueues } from "../../lib/aws/events/dead-letters.ts";
import { GuardError } from "../../lib/domain/guard-error.ts";

const commandSchema = v.strictObject({ redrive: v.picklist(deadLetterQueues) });

/** What the sweep is called for: a redrive that an operator asks for, or else its own work. Throws EVENT_UNEXPECTED. */
export function sweepCommandIn(event: unknown): DeadLetterQueue | undefined {
  if (typeof event !== "object" || event === null || !("redrive" in event)) return undefined;
  const parsed = v.safeParse(commandSchema, event);
  if (parsed.success) return parsed.output.redrive;
  throw new GuardError("EVENT_UNEXPECTED", "reject", `expected redrive of ${deadLetterQueues.join(", ")}`);
}
