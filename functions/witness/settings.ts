import * as v from "valibot";

const text = v.pipe(v.string(), v.nonEmpty("must not be empty"));

/** What the witness reads of its environment, as witness/template.yml sets it. Apart from the others, so that no bundle of the stack carries it. */
export const witnessSettings = v.object({
  LOG_KEYS: v.pipe(
    text,
    v.transform((texts) => texts.split(",")),
  ),
  WITNESS_NAME: text,
  SIGNING_KEY: v.pipe(text, v.regex(/^arn:aws[\w-]*:kms:/, "must be the ARN of a KMS key")),
  TABLE: text,
});
