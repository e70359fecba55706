import { waitingSlackMs } from "../../../lib/domain/key/waiting-period.ts";
import type { RandomRule, When } from "./random-policy.ts";

/** When a condition holds and when it does not, in Cedar; neither, where the facts at hand do not settle it. */
interface CedarCondition {
  readonly holds: string;
  readonly fails: string;
}

const day = 86_400_000;

/** A rule as two policies of Cedar: one permits where all its conditions hold, the other where none of them fails. */
export function cedarTextOf({ id, when }: RandomRule): Readonly<Record<string, string>> {
  const conditions = [...ofKey(when), ...ofRequester(when)];
  return {
    [id]: permit(conditions.map(({ holds }) => holds)),
    [`${id}?`]: permit(conditions.map(({ fails }) => `!(${fails})`)),
  };
}

function permit(conditions: readonly string[]): string {
  return `permit(principal, action, resource) when { ${conditions.join(" && ") || "true"} };`;
}

function ofKey({ key: { arn, usage, algorithm, exportable } }: When): readonly CedarCondition[] {
  return [
    ...given(arn, (values) => plain(oneOf("context.arn", values))),
    ...given(usage, (values) => plain(oneOf("context.usage", values))),
    ...given(algorithm, (values) => plain(oneOf("context.algorithm", values))),
    ...given(exportable, (value) => plain(`context.exportable == ${value}`)),
  ];
}

/** In the order in which our own rules ask: requests, requesters, and what costs a call last. */
function ofRequester({
  key: { tags = {}, alias },
  requester,
  request: { waitingDays },
}: When): readonly CedarCondition[] {
  const { known, role, account, mfa, network } = requester;
  return [
    ...given(waitingDays, ({ atLeast = 0, atMost = 1_000_000 }) =>
      where(
        "context has waiting",
        `context.waiting >= ${atLeast * day - waitingSlackMs} && context.waiting <= ${atMost * day + waitingSlackMs}`,
      ),
    ),
    ...given(known, (value) => plain(`context.known == ${value}`)),
    ...given(role, roleSaid),
    ...given(account, (values) => where("context has account", oneOf("context.account", values))),
    ...given(mfa, (value) => where("context has mfa", `context.mfa == ${value}`)),
    ...given(network, (networks) =>
      where("context.known && context has ip", any(networks.map((each) => `context.ip.isInRange(ip("${each}"))`))),
    ),
    ...Object.entries(tags).map(([tag, values]) =>
      where("context has tags", `context.tags has "${tag}" && ${oneOf(`context.tags["${tag}"]`, values)}`),
    ),
    ...given(alias, (values) => ({
      holds: `context has aliases && !context.aliases.isEmpty() && ${set(values)}.containsAll(context.aliases)`,
      fails: `context has aliases && !${set(values)}.containsAny(context.aliases)`,
    })),
  ];
}

/** A role goes by its ARN, and by its id where the record or the rule names one; a rule that names an id is not settled by a record without. */
function roleSaid(values: readonly string[]): CedarCondition {
  const byId = values.filter((value) => value.startsWith("AROA"));
  const byArn = values.filter((value) => !value.startsWith("AROA"));
  const arn = byArn.length === 0 ? "false" : oneOf("context.role", byArn);
  const id = byId.length === 0 ? "false" : `context has roleId && ${oneOf("context.roleId", byId)}`;
  const holds = `context has role && (${arn} || (${id}))`;
  const settled = byId.length === 0 ? "true" : "context has roleId";
  return { holds, fails: `context.named && (!(context has role) || (${settled} && !(${holds})))` };
}

function given<Value>(value: Value | undefined, say: (value: Value) => CedarCondition): readonly CedarCondition[] {
  return value === undefined ? [] : [say(value)];
}

function plain(holds: string): CedarCondition {
  return { holds, fails: `!(${holds})` };
}

/** What can be said only where the record has it. */
function where(there: string, holds: string): CedarCondition {
  return { holds: `${there} && (${holds})`, fails: `${there} && !(${holds})` };
}

function oneOf(attribute: string, values: readonly string[]): string {
  const exact = values.filter((value) => !value.includes("*"));
  const patterns = values.filter((value) => value.includes("*"));
  return any([
    ...(exact.length > 0 ? [`${set(exact)}.contains(${attribute})`] : []),
    ...patterns.map((pattern) => `${attribute} like ${JSON.stringify(pattern)}`),
  ]);
}

function any(conditions: readonly string[]): string {
  return `(${conditions.join(" || ")})`;
}

function set(values: readonly string[]): string {
  return JSON.stringify(values);
}
