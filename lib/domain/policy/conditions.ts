import { keyArnParts } from "../key/key-arn.ts";
import { waitingSlackMs } from "../key/waiting-period.ts";
import type { Directory } from "../people/directory.ts";
import { dayMs } from "../time.ts";
import { answer, type Condition, type ConditionResult, settled } from "./condition.ts";
import type { Facts } from "./decision.ts";
import { aliasState, doubtOf, type Label, type LabelDoubt, tagState } from "./label-age.ts";
import { arnMatcher } from "./match/arn-pattern.ts";
import { matcherOf } from "./match/glob.ts";
import { parseHours, windowMatcher } from "./match/time-window.ts";
import { requesterConditions } from "./requester-conditions.ts";
import type { Conditions } from "./schema.ts";

/** The conditions of one rule, those that cost nothing first. */
export function conditionsOf(when: Conditions, directory: Directory, minAgeMs: number): readonly Condition[] {
  return [
    ...keyConditions(when),
    ...changeConditions(when),
    ...requestConditions(when),
    ...requesterConditions(when, directory),
    ...lazyConditions(when, minAgeMs),
  ];
}

function textCondition(
  name: string,
  values: readonly string[] | undefined,
  read: (facts: Facts) => string | undefined,
  matcher = matcherOf,
): Condition[] {
  if (values === undefined) return [];
  const matches = matcher(values);
  return [{ name, test: (facts) => settled(read(facts), matches) }];
}

function keyConditions({ key = {}, region, account }: Conditions): Condition[] {
  const { exportable, kcv } = key;
  return [
    ...textCondition("region", region, (facts) => keyArnParts(facts.key.arn).region),
    ...textCondition("account", account, (facts) => keyArnParts(facts.key.arn).account),
    ...textCondition("key.arn", key.arn, (facts) => facts.key.arn, arnMatcher),
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

/** A change may have several values, as a grant has several grantees: one that does not match leaves the condition open. */
function changeConditions({ change = {} }: Conditions): Condition[] {
  return Object.entries(change).map(([name, values]) => {
    const matches = matcherOf(values);
    const test = ({ change: own = {} }: Facts): ConditionResult => {
      const having = own[name];
      if (having === undefined) return "contested";
      const matching = having.filter(matches).length;
      return matching > 0 && matching < having.length ? "contested" : answer(matching > 0);
    };
    return { name: `change.${name}`, test };
  });
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
