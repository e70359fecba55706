import * as v from "valibot";
import { parseDuration } from "./duration.ts";
import { isNetwork } from "./network.ts";
import { parseHours, weekdays } from "./time-window.ts";

const minDuration = 5 * 60_000;
const maxDuration = 30 * 86_400_000;

const text = v.pipe(
  v.string("expected text"),
  v.nonEmpty("expected text that is not empty"),
  v.maxLength(512, "expected 512 characters at the most"),
);

/** One value or a list of them. */
const oneOrMore = <Schema extends v.GenericSchema<string, unknown>>(item: Schema) =>
  v.pipe(
    v.union([item, v.pipe(v.array(item), v.nonEmpty("expected at least one value"))], (issue) =>
      typeof issue.input === "string" || Array.isArray(issue.input)
        ? (issue.issues?.[0]?.message ?? "expected a value or a list of values")
        : "expected a value or a list of values",
    ),
    v.transform((value): readonly v.InferOutput<Schema>[] => (Array.isArray(value) ? value : [value])),
  );

const patterns = oneOrMore(text);
const identities = v.optional(v.array(text, "expected a list"), []);
const yesOrNo = v.boolean("expected true or false");
const accountId = v.pipe(
  v.string("expected an account id in quotes"),
  v.regex(/^\d{12}$/, "expected an account id of 12 digits, in quotes"),
);
const accounts = oneOrMore(accountId);
const days = (name: string) =>
  v.pipe(
    v.number(`expected a number of days for ${name}`),
    v.minValue(0, "expected days above 0"),
    v.maxValue(181, "expected 181 days at the most"),
  );

const duration = v.pipe(
  v.string("expected a duration such as 24h"),
  v.transform((value) => parseDuration(value) ?? Number.NaN),
  v.check((ms) => ms >= minDuration && ms <= maxDuration, "expected a duration from 5m to 30d, such as 24h"),
);

const keyConditions = v.strictObject({
  arn: v.optional(patterns),
  alias: v.optional(oneOrMore(v.pipe(text, v.startsWith("alias/", "expected an alias that begins with alias/")))),
  tags: v.optional(v.record(text, patterns, "expected names of tags with their values")),
  usage: v.optional(patterns),
  class: v.optional(patterns),
  algorithm: v.optional(patterns),
  origin: v.optional(patterns),
  exportable: v.optional(yesOrNo),
  kcv: v.optional(
    oneOrMore(v.pipe(text, v.regex(/^[0-9a-fA-F*?]{1,16}$/, "expected a key check value in hex, in quotes"))),
  ),
  multiRegion: v.optional(oneOrMore(v.picklist(["PRIMARY", "REPLICA"], "expected PRIMARY or REPLICA"))),
});

const requesterConditions = v.strictObject({
  role: v.optional(
    oneOrMore(
      v.pipe(text, v.regex(/^(AROA[A-Z0-9]+|arn:.+|\*.*)$/, "expected the ARN of a role, or its unique id AROA...")),
    ),
  ),
  user: v.optional(oneOrMore(v.pipe(text, v.startsWith("arn:", "expected the ARN of a user")))),
  account: v.optional(accounts),
  person: v.optional(patterns),
  permissionSet: v.optional(patterns),
  mfa: v.optional(yesOrNo),
  network: v.optional(oneOrMore(v.pipe(text, v.check(isNetwork, "expected a network such as 203.0.113.0/24")))),
  known: v.optional(yesOrNo),
});

const requestConditions = v.strictObject({
  waitingDays: v.optional(v.strictObject({ atLeast: v.optional(days("atLeast")), atMost: v.optional(days("atMost")) })),
  window: v.optional(
    v.strictObject({
      days: v.optional(oneOrMore(v.picklist(weekdays, `expected ${weekdays.join(", ")}`))),
      hours: v.optional(
        v.pipe(
          text,
          v.check((hours) => parseHours(hours) !== undefined, "expected hours such as 09:00-17:00"),
        ),
      ),
      timeZone: v.pipe(text, v.regex(/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/, "expected a time zone such as Europe/Berlin")),
    }),
  ),
});

const conditions = v.strictObject(
  {
    key: v.optional(keyConditions),
    requester: v.optional(requesterConditions),
    request: v.optional(requestConditions),
    region: v.optional(patterns),
    account: v.optional(accounts),
  },
  "expected conditions",
);

const effectFields = {
  usage: v.optional(v.picklist(["resume", "leave-disabled"], "expected resume or leave-disabled")),
  approval: v.optional(
    v.strictObject({
      from: text,
      quorum: v.pipe(
        v.number("expected a number"),
        v.integer("expected a whole number"),
        v.minValue(1, "expected at least 1"),
      ),
      within: duration,
      meanwhile: v.optional(v.picklist(["restored", "pending"], "expected restored or pending"), "restored"),
    }),
  ),
};

const rule = v.strictObject({
  id: v.pipe(
    v.string("expected a name"),
    v.regex(/^[a-z0-9][a-z0-9-]{0,63}$/, "expected a name of a-z, 0-9 and -"),
    v.notValue("default", "expected a name other than default"),
  ),
  description: v.optional(v.string("expected text")),
  then: v.picklist(["restore", "allow", "ask"], "expected restore, allow or ask"),
  when: conditions,
  ...effectFields,
});

/** The shape of a policy; what it means together is checked in `policy.ts`. */
export const policySchema = v.strictObject({
  version: v.literal(1, "expected 1, the only version there is"),
  mode: v.picklist(["observe", "enforce"], "expected observe or enforce"),
  default: v.union(
    [
      v.literal("restore"),
      v.strictObject({ ask: v.strictObject({ usage: effectFields.usage, approval: v.unwrap(effectFields.approval) }) }),
    ],
    "expected restore, or ask with its approval: an allowlist never allows by default",
  ),
  trust: v.optional(
    v.strictObject({ accounts: v.optional(v.array(accountId, "expected a list"), []), sourceIdentityFrom: identities }),
    {},
  ),
  people: v.optional(
    v.record(
      v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, "expected a name of a-z, 0-9, ., _ and -")),
      v.strictObject({
        slack: v.optional(v.pipe(text, v.regex(/^[UW][A-Z0-9]{2,20}$/, "expected a Slack member id such as U0ALICE"))),
        aws: identities,
        groups: identities,
      }),
    ),
    {},
  ),
  rules: v.optional(v.array(rule, "expected a list of rules"), []),
});

export type PolicyDocument = v.InferOutput<typeof policySchema>;
export type RuleDocument = PolicyDocument["rules"][number];
export type Conditions = RuleDocument["when"];
