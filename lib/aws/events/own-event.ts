import * as v from "valibot";
import { type KeyArn, keyArnParts, parseKeyArn } from "../../domain/key/key-arn.ts";
import type { CaseName } from "../../domain/ledger/case-name.ts";

/** `source` of everything the stack itself puts on its bus. */
export const ownSource = "reprieve";

/** `detail-type` of the word to look at a case again: it carries the name of the case and nothing else. */
export const lookAgainType = "look-again";

/** `detail-type` of the alarm on a principal who deletes again and again. */
export const deletionsRepeatedType = "deletions-repeated";

/** `detail-type` of the word that a pause has changed: it carries the number of the pause and nothing else. */
export const pauseChangedType = "pause-changed";

/** `detail-type` of the word that a permit asked for beforehand has changed: it carries the name of the permit and nothing else. */
export const permitChangedType = "permit-changed";

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
  const of = keyArnParts(detail.case.keyArn);
  const own =
    [account, of.account].every((id) => id === stack.account) && [region, of.region].every((id) => id === stack.region);
  return own ? { type: parsed.output["detail-type"], name: detail.case } : undefined;
}
