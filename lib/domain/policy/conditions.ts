import { keyArnParts } from "../key/key-arn.ts";
import { waitingSlackMs } from "../key/waiting-period.ts";
import { type Directory, personOf } from "../people/directory.ts";
import type { Requester } from "../people/requester.ts";
import { dayMs } from "../time.ts";
import type { Facts, LazyFact } from "./decision.ts";
import { aliasState, doubtOf, type Label, type LabelDoubt, tagState } from "./label-age.ts";
import { matcherOf } from "./match/glob.ts";
import { networkMatcher } from "./match/network.ts";
import { parseHours, windowMatcher } from "./match/time-window.ts";
import type { Conditions } from "./schema.ts";

/**
 * What a condition says of some facts. `contested`: they are at hand and do not settle it (some aliases match and some do not,
 * the requester was looked for and not found). A LabelDoubt: the labels are too new to settle it. Such a rule decides only where it protects
 * the key more.
 */
export type ConditionResult = "yes" | "no" | "contested" | LabelDoubt;

export interface Condition {
  /** In the words of the policy, such as `requester.role`. */
  readonly name: string;
  /** The fact that has to be fetched before `test` may be asked. */
  readonly needs?: LazyFact;
  readonly test: (facts: Facts) => ConditionResult;
  /** Where the condition reads a label: which one, and why no value of it could settle the condition. `facts.labelAge` has to be known. */
  readonly label?: { readonly is: Label; readonly doubt: (facts: Facts) => LabelDoubt | undefined };
}

/** The conditions of one rule, those that cost nothing first. */
export function conditionsOf(when: Conditions, directory: Directory, minAgeMs: number): readonly Condition[] {
  return [
    ...keyConditions(when),
    ...requestConditions(when),
    ...requesterConditions(when, directory),
    ...lazyConditions(when, minAgeMs),
  ];
}

const answer = (matches: boolean): "yes" | "no" => (matches ? "yes" : "no");

function textCondition(
  name: string,
  values: readonly string[] | undefined,
  read: (facts: Facts) => string | undefined,
): Condition[] {
  if (values === undefined) return [];
  const matches = matcherOf(values);
  return [{ name, test: (facts) => settled(read(facts), matches) }];
}

function settled<Value>(value: Value | undefined, matches: (value: Value) => boolean | undefined): ConditionResult {
  const settles = value === undefined ? undefined : matches(value);
  return settles === undefined ? "contested" : answer(settles);
}

function keyConditions({ key = {}, region, account }: Conditions): Condition[] {
  const { exportable, kcv } = key;
  return [
    ...textCondition("region", region, (facts) => keyArnParts(facts.key.arn).region),
    ...textCondition("account", account, (facts) => keyArnParts(facts.key.arn).account),
    ...textCondition("key.arn", key.arn, (facts) => facts.key.arn),
    ...textCondition("key.usage", key.usage, (facts) => facts.key.usage),
    ...textCondition("key.class", key.class, (facts) => facts.key.keyClass),
    ...textCondition("key.algorithm", key.algorithm, (facts) => facts.key.algorithm),
    ...textCondition("key.origin", key.origin, (facts) => facts.key.origin),
    ...textCondition(
      "key.kcv",
      kcv?.map((value) => value.toUpperCase()),
      (facts) => facts.key.kcv?.toUpperCase(),
    ),
    ...textCondition("key.multiRegion", key.multiRegion, (facts) => facts.key.multiRegion),
    ...(exportable === undefined
      ? []
      : [
          {
            name: "key.exportable",
            test: (facts: Facts) => settled(facts.key.exportable, (is) => is === exportable),
          },
        ]),
  ];
}

function requestConditions({ request: { waitingDays, window } = {} }: Conditions): Condition[] {
  const needs = "requester";
  const conditions: Condition[] = [];
  if (waitingDays !== undefined) {
    const from = (waitingDays.atLeast ?? 0) * dayMs - waitingSlackMs;
    const to = (waitingDays.atMost ?? Number.POSITIVE_INFINITY) * dayMs + waitingSlackMs;
    const fits = (waiting: number) => waiting >= from && waiting <= to;
    conditions.push({ name: "request.waitingDays", needs, test: (facts) => settled(waitingOf(facts), fits) });
  }
  if (window !== undefined) {
    const hours = window.hours === undefined ? undefined : parseHours(window.hours);
    const { timeZone, days } = window;
    const inside = windowMatcher({ timeZone, ...(days && { days }), ...(hours && { hours }) });
    conditions.push({ name: "request.window", needs, test: ({ requester }) => settled(requester?.at, inside) });
  }
  return conditions;
}

function waitingOf({ requester, deletePendingAt }: Facts): number | undefined {
  return requester?.at === undefined || deletePendingAt === undefined ? undefined : deletePendingAt - requester.at;
}

function requesterConditions({ requester: rule }: Conditions, directory: Directory): Condition[] {
  if (rule === undefined) return [];
  const conditions: Condition[] = [];
  const add = (name: string, test: (identity: Requester, sourceIp: string | undefined) => ConditionResult) =>
    conditions.push({
      name: `requester.${name}`,
      needs: "requester",
      test: ({ requester }) => test(requester?.identity ?? { kind: "unknown" }, requester?.sourceIp),
    });
  const addText = (
    name: string,
    values: readonly string[] | undefined,
    read: (identity: Requester) => readonly (string | undefined)[],
  ) => {
    if (values === undefined) return;
    const matches = matcherOf(values);
    add(name, (identity) => {
      let silent = false;
      for (const value of read(identity)) {
        if (value === undefined) silent = true;
        else if (matches(value)) return "yes";
      }
      // INVARIANT: what the record does not say, or is not believed, escapes no rule.
      return silent ? "contested" : "no";
    });
  };
  const { known, mfa, network } = rule;
  if (known !== undefined) add("known", (identity) => answer((identity.kind !== "unknown") === known));
  const byRoleId = rule.role?.some((role) => role.startsWith("AROA")) ?? false;
  addText("role", rule.role, (identity) => {
    if (identity.kind !== "role-session") return hidden(identity);
    return [identity.roleArn, ...(byRoleId || identity.roleId !== undefined ? [identity.roleId] : [])];
  });
  addText("user", rule.user, (identity) => (identity.kind === "user" ? [identity.userArn] : hidden(identity)));
  addText("account", rule.account, (identity) => ["account" in identity ? identity.account : undefined]);
  addText("person", rule.person, (identity) => {
    const person = personOf(directory, identity);
    if (person !== undefined) return [person];
    return isIdentityCenter(identity) && identity.sessionName === undefined ? [undefined] : hidden(identity);
  });
  addText("permissionSet", rule.permissionSet, (identity) => {
    if (!isIdentityCenter(identity)) return hidden(identity);
    return [directory.trustsAccount(identity.account) ? identity.permissionSet : undefined];
  });
  if (mfa !== undefined)
    add("mfa", (identity) => settled("mfa" in identity ? identity.mfa : undefined, (used) => used === mfa));
  if (network !== undefined) {
    const within = networkMatcher(network);
    add("network", (identity, sourceIp) => (identity.kind === "unknown" ? "contested" : settled(sourceIp, within)));
  }
  return conditions;
}

/** What a record says of the role, user or person behind `who` where it names none: nothing, or that there is none. */
function hidden({ kind }: Requester): readonly undefined[] {
  return kind === "unknown" || kind === "account" ? [undefined] : [];
}

function isIdentityCenter(identity: Requester): identity is Extract<Requester, { kind: "role-session" }> {
  return identity.kind === "role-session" && identity.permissionSet !== undefined;
}

function lazyConditions({ key: { tags, alias } = {} }: Conditions, minAgeMs: number): Condition[] {
  const labelOf = (is: Label) => ({ is, doubt: ({ labelAge = "not-seen" }: Facts) => doubtOf(labelAge, is, minAgeMs) });
  const conditions: Condition[] = Object.entries(tags ?? {}).map(([tag, values]) => {
    const matches = matcherOf(values);
    return {
      name: `key.tags.${tag}`,
      needs: "tags",
      label: labelOf({ tag }),
      test: ({ tags: own = {}, labelAge = "not-seen" }) => {
        if (own === "unreadable") return "contested";
        const value = Object.hasOwn(own, tag) ? own[tag] : undefined;
        const doubt = doubtOf(labelAge, { tag }, minAgeMs, tagState(value));
        return aged(answer(value !== undefined && matches(value)), doubt);
      },
    };
  });
  if (alias === undefined) return conditions;
  const matches = matcherOf(alias);
  // An insider may add an alias to any key: all of them must match where that weakens the outcome, one where it strengthens it.
  const test = ({ aliases = [], labelAge = "not-seen" }: Facts): ConditionResult => {
    if (aliases === "unreadable") return "contested";
    const matching = aliases.filter(matches).length;
    if (matching > 0 && matching < aliases.length) return "contested";
    return aged(answer(matching > 0), doubtOf(labelAge, "aliases", minAgeMs, aliasState(aliases)));
  };
  return [...conditions, { name: "key.alias", needs: "aliases", label: labelOf("aliases"), test }];
}

/** What a label says, once its age is known. A label that went lately may have kept the key from a weaker rule. */
function aged(result: "yes" | "no", doubt: LabelDoubt | undefined): ConditionResult {
  if (doubt === undefined) return result;
  return result === "yes" ? doubt : "contested";
}
