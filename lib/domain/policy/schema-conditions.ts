import * as v from "valibot";
import { operationNames } from "../operations/registry.ts";
import { fields } from "./match/fields.ts";
import { isNetwork } from "./match/network.ts";
import { parseHours, weekdays } from "./match/time-window.ts";
import { accountId, changeValues, named, oneOrMore, patterns, text, yesOrNo } from "./schema-values.ts";

const accounts = oneOrMore(accountId);
const days = (name: string) =>
  v.pipe(
    v.number(`expected a number of days for ${name}`),
    v.minValue(0, "expected days above 0"),
    v.maxValue(181, "expected at most 181 days"),
  );

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

/** The shape of `when`. */
export const conditions = fields({
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
