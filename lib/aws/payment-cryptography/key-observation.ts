import * as v from "valibot";
import { GuardError } from "../../domain/guard-error.ts";
import { type KeyArn, parseKeyArn } from "../../domain/key/key-arn.ts";
import type { KeyObservation, PaymentKey } from "../../domain/key/payment-key.ts";
import { wellFormed } from "../../domain/well-formed.ts";

/** Nothing of the key may keep its own case from being written. */
const text = v.pipe(
  v.string(),
  v.transform((value) => wellFormed(value, 256)),
);

/** Without these an answer says nothing of any key. */
const stateSchema = v.object({
  KeyArn: v.custom<KeyArn>((arn) => parseKeyArn(arn) !== undefined, "expected a key ARN"),
  KeyState: v.string(),
});

const keySchema = v.object({
  ...stateSchema.entries,
  KeyAttributes: v.object({ KeyUsage: text, KeyClass: text, KeyAlgorithm: text }),
  KeyCheckValue: v.optional(text),
  Enabled: v.boolean(),
  Exportable: v.optional(v.boolean()),
  KeyOrigin: v.optional(text),
  CreateTimestamp: v.optional(v.date()),
  UsageStartTimestamp: v.optional(v.date()),
  UsageStopTimestamp: v.optional(v.date()),
  DeletePendingTimestamp: v.optional(v.date()),
  // A type that is new says nothing that a rule could rest on.
  MultiRegionKeyType: v.fallback(v.optional(v.picklist(["PRIMARY", "REPLICA"])), undefined),
});

type Key = v.InferOutput<typeof keySchema>;

/**
 * Returns what one answer of the control plane says of a key. Only the states that are understood are named; a new one is
 * `unrecognised`. A pending key without a time, or with other members that are not understood, is `undated`. Throws
 * KEY_MALFORMED for an answer that names no key or no state, or a key that lives and cannot be read.
 */
export function observationFrom(answer: unknown): KeyObservation {
  const named = v.safeParse(stateSchema, answer);
  if (!named.success) throw malformed(named.issues);
  const { KeyArn, KeyState } = named.output;
  const full = v.safeParse(keySchema, answer);
  if (KeyState === "DELETE_PENDING")
    return full.success ? pendingFrom(full.output) : { kind: "undated", arn: KeyArn, why: "malformed" };
  if (!full.success) throw malformed(full.issues);
  const key = keyFrom(full.output);
  if (KeyState === "CREATE_COMPLETE") return { kind: "live", key };
  if (KeyState === "DELETE_COMPLETE") return { kind: "destroyed", key };
  return { kind: "unrecognised", arn: KeyArn, state: wellFormed(KeyState, 128) };
}

function pendingFrom(answer: Key): KeyObservation {
  const key = keyFrom(answer);
  const deletePendingAt = answer.DeletePendingTimestamp?.getTime();
  return deletePendingAt === undefined
    ? { kind: "undated", arn: key.arn, why: "no-time", key }
    : { kind: "pending", key, deletePendingAt };
}

function malformed(issues: readonly v.BaseIssue<unknown>[]): GuardError {
  const fields = issues.map((issue) => v.getDotPath(issue) ?? "Key");
  return new GuardError("KEY_MALFORMED", "retry", `the control plane's answer is not a key: see ${fields.join(", ")}`);
}

function keyFrom(key: Key): PaymentKey {
  return {
    arn: key.KeyArn,
    usage: key.KeyAttributes.KeyUsage,
    keyClass: key.KeyAttributes.KeyClass,
    algorithm: key.KeyAttributes.KeyAlgorithm,
    ...(key.KeyOrigin !== undefined && { origin: key.KeyOrigin }),
    ...(key.Exportable !== undefined && { exportable: key.Exportable }),
    ...(key.KeyCheckValue !== undefined && { kcv: key.KeyCheckValue }),
    enabled: key.Enabled,
    ...(key.CreateTimestamp && { createdAt: key.CreateTimestamp.getTime() }),
    ...(key.UsageStartTimestamp && { usageStartedAt: key.UsageStartTimestamp.getTime() }),
    ...(key.UsageStopTimestamp && { usageStoppedAt: key.UsageStopTimestamp.getTime() }),
    ...(key.MultiRegionKeyType && { multiRegion: key.MultiRegionKeyType }),
  };
}
