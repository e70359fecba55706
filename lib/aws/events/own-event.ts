import * as v from "valibot";
import { type KeyArn, keyArnParts, parseKeyArn } from "../../domain/key/key-arn.ts";
import type { CaseName } from "../../domain/ledger/case-name.ts";
import { type ChangeName, changeNameFrom } from "../../domain/ledger/change-name.ts";
import { type ChangePermitName, changePermitNameFrom } from "../../domain/ledger/change-permit-name.ts";
import { objectOr } from "../json.ts";

/** `source` of everything the stack itself puts on its bus. */
export const ownSource = "reprieve";

/** `detail-type` of the event that asks the guard to re-evaluate a case: it carries the name of the case and nothing else. */
export const reEvaluateType = "re-evaluate";

/** `detail-type` of the event that asks the guard to probe whether it may restore keys: it carries nothing. */
export const probeType = "probe";

/** `detail-type` of what the stack says of itself once an hour. */
export const heartbeatType = "heartbeat";

/** `detail-type` of the alarm on a principal who deletes again and again. */
export const deletionsRepeatedType = "deletions-repeated";

/** `detail-type` of the event that a pause has changed: it carries the number of the pause and nothing else. */
export const pauseChangedType = "pause-changed";

/** `detail-type` of the event that a permit requested before a deletion has changed: it carries the name of the permit and nothing else. */
export const permitChangedType = "permit-changed";

/** `detail-type` of the event that something was added to the chain of a change: it carries the name of the chain and nothing else. */
export const changeRecordedType = "change-recorded";

/** `detail-type` of the event that a permit for a change was added to: it carries the name of the permit and nothing else. */
export const changePermitType = "change-permit-changed";

/** `detail-type` of the event that asks remediation to act on what a person requested about a change: it carries the name of the chain and nothing else. */
export const changeRequestedType = "change-requested";

/** `detail-type` of the event that a request was judged: it carries the id of its receipt and nothing else. */
export const requestJudgedType = "request-judged";

/** `detail-type` of the entries that may record a call of the guard that was denied. */
export const lookDeniedType = "look-denied";
export const effectFailedType = "effect-failed";

export const keyArnSchema = v.pipe(
  v.string(),
  v.check((text) => parseKeyArn(text) !== undefined, "expected a key ARN"),
  v.transform((text) => text as KeyArn),
);

export const caseNameSchema = v.object({
  keyArn: keyArnSchema,
  generation: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1e9)),
});

export const permitNameSchema = v.object({
  keyArn: keyArnSchema,
  number: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(999_999)),
});

/** The name of a chain of changes. */
export const changeNameSchema = v.pipe(
  v.string(),
  v.maxLength(512),
  v.transform(changeNameFrom),
  v.custom<ChangeName>((name) => name !== undefined),
);

/** The name of a permit for a change. */
export const changePermitNameSchema = v.pipe(
  v.string(),
  v.maxLength(512),
  v.transform(changePermitNameFrom),
  v.custom<ChangePermitName>((name) => name !== undefined),
);

/** Returns whether an event of our own source is the request of this very stack for a probe. */
export function isProbe(json: unknown, stack: { readonly account: string; readonly region: string }): boolean {
  const { account, region, "detail-type": type } = objectOr(json) ?? {};
  return type === probeType && account === stack.account && region === stack.region;
}

const ownEventSchema = v.object({
  source: v.literal(ownSource),
  "detail-type": v.string(),
  account: v.string(),
  region: v.string(),
  detail: v.object({ case: caseNameSchema }),
});

/** The type and the case of an event of our own bus, or undefined for anything else, also for another stack's. */
export function parseOwnEvent(
  json: unknown,
  stack: { readonly account: string; readonly region: string },
): { readonly type: string; readonly name: CaseName } | undefined {
  const parsed = v.safeParse(ownEventSchema, json);
  if (!parsed.success) return undefined;
  const { detail, account, region } = parsed.output;
  const arnParts = keyArnParts(detail.case.keyArn);
  const own =
    [account, arnParts.account].every((id) => id === stack.account) &&
    [region, arnParts.region].every((id) => id === stack.region);
  return own ? { type: parsed.output["detail-type"], name: detail.case } : undefined;
}
