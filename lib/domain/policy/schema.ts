import * as v from "valibot";
import { operationNames } from "../operations/registry.ts";
import { voteWays } from "../people/vote.ts";
import { dayMs, hourMs, minuteMs } from "../time.ts";
import { parseDuration } from "./match/duration.ts";
import { fields, isFields } from "./match/fields.ts";
import { isGlob } from "./match/glob.ts";
import { isNetwork } from "./match/network.ts";
import { parseHours, weekdays } from "./match/time-window.ts";

const minDurationMs = 5 * minuteMs;
const maxDurationMs = 30 * dayMs;

const text = v.pipe(
  v.string("expected text"),
  v.nonEmpty("expected text that is not empty"),
  v.maxLength(512, "expected at most 512 characters"),
);

/** Every decision that asks a group records its name. */
const group = v.pipe(text, v.maxLength(64, "expected at most 64 characters"));

/** One value or a list of them. */
const oneOrMore = <Item extends v.GenericSchema<unknown, string>>(item: Item) => {
  const one = v.pipe(
    item,
    v.transform((value): readonly v.InferOutput<Item>[] => [value]),
  );
  const more = v.pipe(v.array(item), v.nonEmpty("expected at least one value"), v.readonly());
  return v.lazy((value) => (Array.isArray(value) ? more : one));
};

/** valibot's `record` leaves these out without a word, and a condition must never vanish. */
const reserved = ["__proto__", "prototype", "constructor"];
const named = <Name extends v.GenericSchema<string, string>, Value extends v.GenericSchema>(name: Name, value: Value) =>
  v.pipe(
    v.custom<object>(isFields, "expected names with their values"),
    v.check(
      (names) => !reserved.some((word) => Object.hasOwn(names, word)),
      `expected no name of ${reserved.join(", ")}`,
    ),
    v.record(name, value),
  );

const patterns = oneOrMore(text);
/** YAML has `true` as a flag, a change has it as text. */
const changeValues = oneOrMore(
  v.pipe(v.union([text, v.boolean()], "expected text, true or false"), v.transform(String)),
);
const identities = v.optional(v.array(text, "expected a list"), []);
const yesOrNo = v.boolean("expected true or false");
const accountId = v.pipe(
  v.string("expected an account id in quotes"),
  v.regex(/^\d{12}$/, "expected an account id of 12 digits, in quotes"),
);
const accounts = oneOrMore(accountId);
const roleIdPattern = "AROA[A-Z0-9]{4,124}";
const roleId = v.pipe(text, v.regex(new RegExp(`^${roleIdPattern}$`), "expected the unique id of a role, AROA..."));
/** A path may hold any character from `!` to `~`; less `*` and `?`, which would make it a pattern. */
const rolePattern = "arn:aws:iam::\\d{12}:role/(?:[!-)+->@-~]{1,510}/)?[\\w+=,.@-]{1,64}";
const exactRole = v.pipe(
  text,
  v.check(
    (value) => !/^arn:(?!aws:)/.test(value),
    "this is another partition; reprieve works in the partition `aws` alone",
  ),
  v.regex(new RegExp(`^(?:${roleIdPattern}|${rolePattern})$`), ({ input }) =>
    isGlob(input)
      ? "this is a pattern, and anyone who may create a role that matches it could set any source identity and act as that person; " +
        "list each role by its exact ARN or its unique id (AROA...)"
      : "expected the exact ARN of a role with its path, such as arn:aws:iam::111122223333:role/ci/deployer, or its unique id (AROA...)",
  ),
);
const days = (name: string) =>
  v.pipe(
    v.number(`expected a number of days for ${name}`),
    v.minValue(0, "expected days above 0"),
    v.maxValue(181, "expected at most 181 days"),
  );

const duration = v.pipe(
  v.string("expected a duration such as 24h"),
  v.transform((value) => parseDuration(value) ?? Number.NaN),
  v.check((ms) => ms >= minDurationMs && ms <= maxDurationMs, "expected a duration from 5m to 30d, such as 24h"),
);

/** Shorter than the safety margin before a key is destroyed: no key dies of a pause. */
const longestPauseMs = 12 * hourMs;

const pause = fields({
  from: group,
  atMost: v.optional(v.pipe(duration, v.maxValue(longestPauseMs, "expected a pause of at most 12h")), "4h"),
});

/** What the guard may do about a key's own resource policy that denies it a restore. */
const remediation = fields({
  resourcePolicy: v.optional(v.picklist(["off", "remove-deny"], "expected off or remove-deny"), "remove-deny"),
  except: identities,
});

const kcvExpected = "expected a key check value in hex, in quotes";

const keyConditions = fields({
  arn: v.optional(patterns),
  alias: v.optional(oneOrMore(v.pipe(text, v.startsWith("alias/", "expected an alias that begins with alias/")))),
  tags: v.optional(named(text, patterns)),
  usage: v.optional(patterns),
  class: v.optional(patterns),
  algorithm: v.optional(patterns),
  origin: v.optional(patterns),
  exportable: v.optional(yesOrNo),
  kcv: v.optional(oneOrMore(v.pipe(v.string(kcvExpected), v.regex(/^[0-9a-fA-F*?]{1,16}$/, kcvExpected)))),
  multiRegion: v.optional(oneOrMore(v.picklist(["PRIMARY", "REPLICA"], "expected PRIMARY or REPLICA"))),
});

const requesterConditions = fields({
  role: v.optional(patterns),
  roleId: v.optional(patterns),
  user: v.optional(patterns),
  account: v.optional(accounts),
  person: v.optional(patterns),
  permissionSet: v.optional(patterns),
  mfa: v.optional(yesOrNo),
  network: v.optional(oneOrMore(v.pipe(text, v.check(isNetwork, "expected a network such as 203.0.113.0/24")))),
  known: v.optional(yesOrNo),
});

const requestConditions = fields({
  waitingDays: v.optional(fields({ atLeast: v.optional(days("atLeast")), atMost: v.optional(days("atMost")) })),
  window: v.optional(
    fields({
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

const operation = v.picklist(operationNames, `expected ${operationNames.join(", ")}`);

const conditions = fields({
  /** What was done; `delete` where a rule does not say. */
  operation: v.optional(oneOrMore(operation)),
  /** What changed, as the operation tells it (policy/README.md). */
  change: v.optional(named(text, changeValues)),
  key: v.optional(keyConditions),
  requester: v.optional(requesterConditions),
  request: v.optional(requestConditions),
  region: v.optional(patterns),
  account: v.optional(accounts),
});

const effectFields = {
  usage: v.optional(v.picklist(["resume", "leave-disabled"], "expected resume or leave-disabled")),
  approval: v.optional(
    fields({
      from: group,
      quorum: v.pipe(
        v.number("expected a number"),
        v.integer("expected a whole number"),
        v.minValue(1, "expected at least 1"),
      ),
      proof: v.optional(oneOrMore(v.picklist(voteWays, "expected slack or aws"))),
      within: duration,
      meanwhile: v.optional(v.picklist(["restored", "pending"], "expected restored or pending"), "restored"),
      permitFor: v.optional(duration, "24h"),
    }),
  ),
};

const rule = fields({
  id: v.pipe(
    v.string("expected a name"),
    v.regex(/^[a-z0-9][a-z0-9-]{0,63}$/, "expected a name of a-z, 0-9 and -"),
    v.notValue("default", "expected a name other than default"),
  ),
  description: v.optional(v.string("expected text")),
  then: v.picklist(
    ["restore", "allow", "ask", "notify", "revert"],
    "expected restore, allow or ask, or notify, revert, ask or allow for other operations",
  ),
  when: conditions,
  ...effectFields,
});

const restoreByDefault = v.literal(
  "restore",
  "expected restore, or ask with its approval: an allowlist never allows by default",
);
const askByDefault = fields({
  ask: fields({ usage: effectFields.usage, approval: v.unwrap(effectFields.approval) }),
});

/** The shape of a policy; `policy-check.ts` checks what its parts mean together. */
export const policySchema = fields({
  version: v.literal(1, "expected 1, the only version there is"),
  mode: v.picklist(["observe", "enforce"], "expected observe or enforce"),
  default: v.lazy((value) => (isFields(value) ? askByDefault : restoreByDefault)),
  trust: v.optional(
    fields({
      accounts: v.optional(v.array(accountId, "expected a list"), []),
      sourceIdentityFrom: v.optional(v.array(exactRole, "expected a list"), []),
      votersFrom: v.optional(v.array(roleId, "expected a list"), []),
    }),
    {},
  ),
  people: v.optional(
    named(
      v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, "expected a name of a-z, 0-9, ., _ and -")),
      fields({
        slack: v.optional(v.pipe(text, v.regex(/^[UW][A-Z0-9]{2,20}$/, "expected a Slack member id such as U0ALICE"))),
        aws: identities,
        groups: identities,
      }),
    ),
    {},
  ),
  pause: v.optional(pause),
  remediation: v.optional(remediation, {}),
  labels: v.optional(fields({ minAge: v.optional(duration, "7d") }), {}),
  rules: v.optional(v.array(rule, "expected a list of rules"), []),
});

export type PolicyDocument = v.InferOutput<typeof policySchema>;
export type RuleDocument = PolicyDocument["rules"][number];
export type Conditions = RuleDocument["when"];
