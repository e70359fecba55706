import * as v from "valibot";
import type { Receipt } from "../../workflows/ports/votes.ts";

const time = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const text = (max: number) => v.pipe(v.string(), v.maxLength(max));

const receiptSchema = v.strictObject({
  requestId: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  verdict: text(100),
  accepted: v.boolean(),
  message: text(2000),
  answered: text(100),
  voter: v.exactOptional(
    v.variant("via", [
      v.strictObject({ via: v.literal("slack"), userId: text(300) }),
      v.strictObject({ via: v.literal("aws"), arn: text(2048), userId: text(2048) }),
    ]),
  ),
  channel: v.exactOptional(text(300)),
  unverified: v.exactOptional(v.picklist(["proof-aged", "secret-replaced", "secret-unavailable", "sts-unavailable"])),
  sentAt: time,
  judgedAt: time,
});

const parser: v.GenericSchema<unknown, Receipt> = v.pipe(v.string(), v.parseJson(), receiptSchema);

/** Returns the receipt that `json` holds, or undefined for anything else. */
export function parseReceipt(json: string): Receipt | undefined {
  const parsed = v.safeParse(parser, json);
  return parsed.success ? parsed.output : undefined;
}
