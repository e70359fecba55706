import * as v from "valibot";
import { GuardError } from "../domain/guard-error.ts";
import { type KeyArn, parseKeyArn } from "../domain/key-arn.ts";
import type { KeyObservation, PaymentKey } from "../domain/payment-key.ts";
import { wellFormed } from "../domain/well-formed.ts";

/** Nothing of the key may keep its own case from being written. */
const text = v.pipe(
  v.string(),
  v.transform((value) => wellFormed(value, 256)),
);

const keySchema = v.object({
  KeyArn: v.custom<KeyArn>((arn) => parseKeyArn(arn) !== undefined, "expected a key ARN"),
  KeyAttributes: v.object({ KeyUsage: text, KeyClass: text, KeyAlgorithm: text }),
  KeyCheckValue: text,
  Enabled: v.boolean(),
  Exportable: v.boolean(),
  KeyState: v.string(),
  KeyOrigin: text,
  UsageStartTimestamp: v.optional(v.date()),
  UsageStopTimestamp: v.optional(v.date()),
  DeletePendingTimestamp: v.optional(v.date()),
  // A type that is new says nothing that a rule could rest on.
  MultiRegionKeyType: v.fallback(v.optional(v.picklist(["PRIMARY", "REPLICA"])), undefined),
});

type Key = v.InferOutput<typeof keySchema>;

/**
 * What one answer of the control plane says of a key. Only the states that are understood are named; a state that is new, or
 * `DELETE_PENDING` without its time, is `unrecognised`. Throws KEY_MALFORMED for an answer that is no key at all.
 */
export function observationFrom(answer: unknown): KeyObservation {
  const parsed = v.safeParse(keySchema, answer);
  if (!parsed.success) {
    const fields = parsed.issues.map((issue) => v.getDotPath(issue) ?? "Key");
    throw new GuardError("KEY_MALFORMED", "retry", `the control plane's answer is no key: see ${fields.join(", ")}`);
  }
  const key = keyFrom(parsed.output);
  const { KeyState, DeletePendingTimestamp } = parsed.output;
  switch (KeyState) {
    case "CREATE_COMPLETE":
      return { kind: "live", key };
    case "DELETE_COMPLETE":
      return { kind: "destroyed", key };
    case "DELETE_PENDING":
      if (DeletePendingTimestamp) return { kind: "pending", key, deletePendingAt: DeletePendingTimestamp.getTime() };
      break;
  }
  return { kind: "unrecognised", arn: key.arn, state: wellFormed(KeyState, 128) };
}

function keyFrom(key: Key): PaymentKey {
  return {
    arn: key.KeyArn,
    usage: key.KeyAttributes.KeyUsage,
    keyClass: key.KeyAttributes.KeyClass,
    algorithm: key.KeyAttributes.KeyAlgorithm,
    origin: key.KeyOrigin,
    exportable: key.Exportable,
    kcv: key.KeyCheckValue,
    enabled: key.Enabled,
    ...(key.UsageStartTimestamp && { usageStartedAt: key.UsageStartTimestamp.getTime() }),
    ...(key.UsageStopTimestamp && { usageStoppedAt: key.UsageStopTimestamp.getTime() }),
    ...(key.MultiRegionKeyType && { multiRegion: key.MultiRegionKeyType }),
  };
}
