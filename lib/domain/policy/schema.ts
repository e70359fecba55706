import * as v from "valibot";
import { voteWays } from "../people/vote.ts";
import { hourMs } from "../time.ts";
import { fields, isFields } from "./match/fields.ts";
import { isGlob } from "./match/glob.ts";
import { conditions } from "./schema-conditions.ts";
import { accountId, duration, group, identities, named, oneOrMore, text } from "./schema-values.ts";

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

/** The shape of a policy; `check.ts` checks what its parts mean together. */
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
