import { isIP } from "node:net";
import * as wasm from "@cedar-policy/cedar-wasm/nodejs";
import { cedarTextOf } from "./cedar-text.ts";
import type { CompleteFacts } from "./random-facts.ts";
import { effects, type RandomRule } from "./random-policy.ts";

type Context = Parameters<typeof wasm.statefulIsAuthorized>[0]["context"];

/** A policy set that Cedar has parsed. */
export interface CedarPolicies {
  /** Ids of the policies that permit; Cedar has no order among them. */
  readonly permitting: (context: Context) => ReadonlySet<string>;
}

/** Returns `rules` as a parsed policy set. Throws if Cedar refuses one. */
export function parsedByCedar(name: string, rules: readonly RandomRule[]): CedarPolicies {
  const texts = rules.map((rule) => cedarTextOf(rule));
  const staticPolicies = Object.fromEntries(texts.flatMap((text) => Object.entries(text)));
  const parsed = wasm.preparsePolicySet(name, { staticPolicies });
  if (parsed.type === "failure") throw new Error(parsed.errors.map(({ message }) => message).join("\n"));
  const request = { principal: nobody, action: nobody, resource: nobody, preparsedPolicySetId: name, entities: [] };
  return {
    permitting: (context) => {
      const answer = wasm.statefulIsAuthorized({ ...request, context });
      if (answer.type === "failure") throw new Error(answer.errors.map(({ message }) => message).join("\n"));
      const { errors, reason } = answer.response.diagnostics;
      if (errors.length > 0) throw new Error(JSON.stringify(errors[0]));
      return new Set(reason);
    },
  };
}

const nobody = { type: "Any", id: "any" };

/**
 * What the first matching rule does, by Cedar's word on which rules match, and which are not settled: such a rule decides only where it
 * protects the key more than what follows it.
 */
export function decidedByCedar(
  rules: readonly RandomRule[],
  permitting: ReadonlySet<string>,
): { readonly rule: string; readonly effect: number } {
  const first = rules.findIndex(({ id }) => permitting.has(id));
  const before = first < 0 ? rules : rules.slice(0, first);
  const last = rules[first];
  const otherwise =
    last === undefined ? { rule: "default", effect: effects.length - 1 } : { rule: last.id, effect: last.effect };
  return before
    .filter(({ id }) => permitting.has(`${id}?`))
    .reduceRight((after, { id, effect }) => (effect > after.effect ? { rule: id, effect } : after), otherwise);
}

/** Facts as Cedar reads them; what is not on record is not there. */
export function contextOf({
  key,
  deletePendingAt,
  tags,
  aliases,
  requester: { identity, at, sourceIp },
}: CompleteFacts): Context {
  return {
    arn: key.arn,
    ...(key.usage !== undefined && { usage: key.usage }),
    ...(key.algorithm !== undefined && { algorithm: key.algorithm }),
    ...(key.exportable !== undefined && { exportable: key.exportable }),
    ...(tags !== "unreadable" && { tags: { ...tags } }),
    ...(aliases !== "unreadable" && { aliases: [...aliases] }),
    known: identity.kind !== "unknown",
    named: identity.kind !== "unknown" && identity.kind !== "account",
    ...(identity.kind === "role-session" && {
      role: identity.roleArn,
      ...(identity.roleId !== undefined && { roleId: identity.roleId }),
    }),
    ...("account" in identity && { account: identity.account }),
    ...("mfa" in identity && { mfa: identity.mfa }),
    ...(sourceIp !== undefined && isIP(sourceIp) !== 0 && { ip: { __extn: { fn: "ip", arg: sourceIp } } }),
    ...(at !== undefined && deletePendingAt !== undefined && { waiting: deletePendingAt - at }),
  };
}
