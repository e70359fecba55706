import * as v from "valibot";
import { parseKeyArn } from "../../lib/domain/key/key-arn.ts";
import type { Facts } from "../../lib/domain/policy/decision.ts";

const text = v.string("expected text");

/** The key of a test case: whatever is not said is ordinary. */
export const keySchema = v.strictObject({
  arn: v.optional(
    v.pipe(
      text,
      v.check((value) => parseKeyArn(value) !== undefined, "expected the ARN of a key"),
    ),
  ),
  usage: v.optional(text, "TR31_C0_CARD_VERIFICATION_KEY"),
  class: v.optional(text, "SYMMETRIC_KEY"),
  algorithm: v.optional(text, "TDES_2KEY"),
  origin: v.optional(text, "AWS_PAYMENT_CRYPTOGRAPHY"),
  exportable: v.optional(v.boolean(), true),
  kcv: v.optional(text, "A486ED"),
  multiRegion: v.optional(v.picklist(["PRIMARY", "REPLICA"])),
  tags: v.optional(v.union([v.record(text, text), v.literal("unreadable")]), {}),
  aliases: v.optional(v.union([v.array(text), v.literal("unreadable")]), []),
  /** `new`: the inventory has not seen its tags and aliases for as long as the policy wants. */
  labels: v.optional(v.picklist(["old", "new"], "expected old or new"), "old"),
});

/** Returns the facts of a key that a test file describes. */
export function keyFrom(
  described: v.InferOutput<typeof keySchema>,
): Pick<Facts, "key" | "tags" | "aliases" | "labelAge"> {
  const { arn: named = "arn:aws:payment-cryptography:us-east-1:111122223333:key/policytestcase00", ...rest } =
    described;
  const { class: keyClass, tags, aliases, labels, multiRegion, ...plain } = rest;
  const arn = parseKeyArn(named);
  if (arn === undefined) throw new TypeError("the schema lets no other ARN pass");
  const key = { ...plain, arn, keyClass, ...(multiRegion && { multiRegion }) };
  return { key, tags, aliases, labelAge: labels === "old" ? "assumed-old" : "not-seen" };
}
