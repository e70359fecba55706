import * as v from "valibot";
import { readVerifierKey } from "../../lib/domain/log/verifier-key.ts";
import { isRegion, isStage } from "../../lib/domain/stack-place.ts";
import { maxOwnTags, reservedTagNames } from "./stack-tags.ts";

const matching = (pattern: RegExp, expected: string) => v.pipe(v.string(expected), v.regex(pattern, expected));
// Without `$` and `{`: osls would read a variable there.
const mail = matching(/^([A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,250}|none)$/, "expected a mail address, or none");
const slackId = (meaning: string) => matching(/^[A-Z0-9]{2,24}$/, `expected the id of a Slack ${meaning}`);
const orNone = (meaning: string) =>
  matching(/^([A-Z0-9]{2,24}|none)$/, `expected the id of a Slack ${meaning}, or none`);
const isFields = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
const fields = <Entries extends v.ObjectEntries>(entries: Entries) =>
  v.pipe(v.custom<object>(isFields, "expected fields"), v.strictObject(entries));
const kmsKey = matching(
  /^(arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+|none)$/,
  "expected the ARN of a KMS key, or none",
);
const role = matching(
  /^(arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}|none)$/,
  "expected the ARN of an IAM role (arn:aws:iam::<account>:role/<path and name>), or none",
);
const boundary = matching(
  /^(arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]{1,512}|none)$/,
  "expected the ARN of an IAM policy (arn:aws:iam::<account>:policy/<path and name>), or none",
);
const rolePath = matching(/^\/([\w+=,.@-]{1,64}\/){0,4}$/, "expected an IAM path such as /reprieve/, or /");
const onOrOff = v.picklist(["on", "off"], "expected on or off, in quotes");
const number = (min: number, max: number, meaning: string) => {
  const expected = `expected ${meaning} from ${min} to ${max}`;
  return v.pipe(v.number(expected), v.minValue(min, expected), v.maxValue(max, expected));
};

const slack = fields({
  team: slackId("team"),
  channel: slackId("channel"),
  escalation: orNone("channel or user group"),
});

const witness = fields({
  url: matching(
    /^https:\/\/[a-z0-9.-]{1,253}(:\d{1,5})?(\/[\w./-]{0,200})?$/,
    "expected a URL with https, without query",
  ),
  key: v.pipe(
    // As above: nothing that osls would read as a variable.
    matching(
      /^[\w./@:-]{1,200}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$/,
      "expected the verifier key of a witness (name+id+base64)",
    ),
    v.check(
      (text) => readVerifierKey(text)?.type === "cosignature",
      "expected the key that `reprieve witness key` prints",
    ),
  ),
});

const tagName = v.pipe(
  v.string(),
  // As osls takes it; without `$` and `{`, as above.
  v.regex(
    /^(?!aws:)[\w./=+: -]{1,128}$/i,
    "expected a tag name of up to 128 letters, digits and _./=+:-, without aws:",
  ),
  v.check((name) => !reservedTagNames.includes(name.toLowerCase()), "is a tag that the deployment sets"),
);
const tags = v.pipe(
  v.record(
    tagName,
    matching(/^[\p{L}\p{N} _./=+:@-]{0,256}$/u, "expected up to 256 letters, digits and _./=+:@-, in quotes"),
  ),
  v.check((all) => Object.keys(all).length <= maxOwnTags, `expected at most ${maxOwnTags} tags`),
);

const place = fields({
  account: matching(/^\d{12}$/, "expected an account id of 12 digits, in quotes"),
  region: v.pipe(v.string("expected a region"), v.check(isRegion, "expected a region such as us-east-1")),
  profile: matching(/^[\w.@-]{1,100}$/, "expected a profile of the AWS configuration, or none"),
  slackApp: orNone("app"),
});

/** A stage file: every field is written down. */
export const stageSchema = fields({
  stage: v.pipe(v.string("expected a stage"), v.check(isStage, "expected a stage such as prod")),
  places: v.array(place, "expected a list of places"),
  policy: v.pipe(v.string("expected a policy file"), v.nonEmpty("expected a policy file")),
  alarmMail: mail,
  noticeMail: mail,
  auditLock: v.picklist(["GOVERNANCE", "COMPLIANCE"], "expected GOVERNANCE or COMPLIANCE"),
  retentionDays: v.pipe(number(365, 36_500, "a number of days"), v.integer("expected whole days")),
  signingKey: kmsKey,
  witness: v.lazy((value) => (isFields(value) ? witness : v.literal("none", "expected url and key, or none"))),
  auditKey: kmsKey,
  slack: v.lazy((value) =>
    isFields(value) ? slack : v.literal("none", "expected team, channel and escalation, or none"),
  ),
  guardCallsPerSecond: number(0.1, 1.5, "calls per second and guard"),
  deployerRole: role,
  breakGlassRole: role,
  functionPolicies: onOrOff,
  permissionsBoundary: boundary,
  rolePath,
  tags: v.lazy((value) => (isFields(value) ? tags : v.literal("none", "expected names with values, or none"))),
  cloudFormationRole: role,
  reservedConcurrency: onOrOff,
  monitoring: v.picklist(["full", "slim"], "expected full or slim"),
});

export type Stage = v.InferOutput<typeof stageSchema>;
