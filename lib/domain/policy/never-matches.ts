import { keyVocabulary } from "../key/vocabulary.ts";
import { waitingPeriod } from "../key/waiting-period.ts";
import { dayMs } from "../time.ts";
import type { PolicyFault } from "./fault.ts";
import { aliasFault, kcvFault, keyArnFault } from "./key-forms.ts";
import { parseArnPattern } from "./match/arn-pattern.ts";
import { didYouMean, mostAlike } from "./match/did-you-mean.ts";
import { isGlob, matchesGlob } from "./match/glob.ts";
import { regionFault } from "./match/region.ts";
import { roleFault, roleIdFault, userFault } from "./principal-forms.ts";
import type { Conditions, PolicyDocument } from "./schema.ts";

type Path = readonly (string | number)[];
type Values = readonly string[];

/**
 * Returns a fault for every condition that no deletion can meet, whatever the key and the requester: a rule that protects by it protects
 * nothing. Says in which form CloudTrail or the service delivers what is compared.
 */
export function checkNeverMatches({ rules, people, remediation }: PolicyDocument): readonly PolicyFault[] {
  const exceptions = remediation.except.flatMap((value) => keyArnFault(value) ?? []);
  const ofRules = rules.flatMap(({ when }, n) => {
    const at = (path: readonly string[], message: string): PolicyFault => ({
      path: ["rules", n, "when", ...path],
      message,
    });
    const none = (
      path: readonly string[],
      values: Values | undefined,
      faultOf: (value: string) => string | undefined,
    ) => (values ?? []).flatMap((value) => faultOf(value) ?? []).map((message) => at(path, message));
    const { key = {}, requester = {}, region } = when;
    return [
      ...none(["requester", "role"], requester.role, roleFault),
      ...none(["requester", "roleId"], requester.roleId, roleIdFault),
      ...none(["requester", "user"], requester.user, userFault),
      ...none(["requester", "permissionSet"], requester.permissionSet, permissionSetFault),
      ...none(["requester", "person"], requester.person, (person) => personFault(person, Object.keys(people))),
      ...none(["key", "arn"], key.arn, keyArnFault),
      ...none(["key", "kcv"], key.kcv, kcvFault),
      ...none(["key", "alias"], key.alias, aliasFault),
      ...none(["region"], region, regionFault),
      ...vocabularyFaults(key, ["rules", n, "when", "key"]),
      ...waitingFaults(when, ["rules", n, "when", "request", "waitingDays"]),
      ...contradictions(when).map(([path, message]) => at(path, message)),
    ];
  });
  return [...ofRules, ...exceptions.map((message) => ({ path: ["remediation", "except"], message }))];
}

/** Permission sets are compared by the name that Identity Center shows; IAM's role for one has more around it. */
function permissionSetFault(text: string): string | undefined {
  const set = /^AWSReservedSSO_(.+)_[0-9a-f]{16}$/.exec(text)?.[1];
  if (set !== undefined)
    return `\`${text}\` is the role of a permission set, which is called \`${set}\` itself; expected \`${set}\``;
  if (text.startsWith("AWSReservedSSO_"))
    return `\`${text}\` is the role of a permission set; expected the permission set's own name, without AWSReservedSSO_ and the suffix`;
  if (text.startsWith("arn:"))
    return `\`${text}\` is an ARN; expected the permission set's name, such as PaymentsAdmin`;
  const possible = /^[\w+=,.@*?-]+$/.test(text) && text.replaceAll("*", "").length <= 32;
  return possible
    ? undefined
    : `no permission set is called \`${text}\`; expected letters, digits and +=,.@_-, at most 32`;
}

function personFault(text: string, known: Values): string | undefined {
  if (known.some((person) => matchesGlob(text, person))) return undefined;
  return isGlob(text)
    ? `nobody among people is called \`${text}\``
    : `there is no \`${text}\` among people${didYouMean(text, known)}`;
}

function vocabularyFaults(key: NonNullable<Conditions["key"]>, path: Path): PolicyFault[] {
  return (["usage", "class", "algorithm", "origin"] as const).flatMap((field) => {
    const known: readonly string[] = keyVocabulary[field];
    const unknown = (key[field] ?? []).filter(
      (value) => !known.includes(value) && !known.some((each) => matchesGlob(value, each)),
    );
    return unknown.map((value) => ({
      path: [...path, field],
      message: isGlob(value)
        ? `the service knows no ${field} like \`${value}\``
        : `the service knows no ${field} \`${value}\`; did you mean \`${mostAlike(value, known)}\``,
    }));
  });
}

const [shortestDays, longestDays] = [waitingPeriod.shortest / dayMs, waitingPeriod.longest / dayMs];

function waitingFaults({ request }: Conditions, path: Path): PolicyFault[] {
  const { atLeast = 0, atMost = Number.POSITIVE_INFINITY } = request?.waitingDays ?? {};
  if (atLeast > atMost) return [{ path, message: "atLeast is more than atMost; expected a range" }];
  const message = `never matches: a deletion waits ${shortestDays} to ${longestDays} days`;
  return atLeast > longestDays || atMost < shortestDays ? [{ path, message }] : [];
}

/** Pairs of conditions that exclude each other. */
function contradictions({ key = {}, requester = {}, region, account }: Conditions): [string[], string][] {
  const { role, roleId, user, person, permissionSet, known } = requester;
  const keys = (key.arn ?? []).map(parseArnPattern);
  const elsewhere = (values: Values | undefined, part: "region" | "account") =>
    keys.length > 0 &&
    values !== undefined &&
    keys.every((arn) => arn !== undefined && !values.some((value) => mayBothMatch(value, arn[part])));
  const named = Object.entries({ role, roleId, user, person, permissionSet }).filter(
    ([, values]) => values !== undefined,
  );
  const ofRole = named.map(([name]) => name).filter((name) => name.startsWith("role") || name === "permissionSet");
  const found: [boolean, string[], string][] = [
    [elsewhere(region, "region"), ["region"], "never matches: no key of key.arn is in such a region"],
    [elsewhere(account, "account"), ["account"], "never matches: no key of key.arn is in such an account"],
    [
      known === false && named.length > 0,
      ["requester", "known"],
      `never matches: an unknown requester has no ${named.map(([name]) => name).join(" and no ")}`,
    ],
    [
      user !== undefined && ofRole.length > 0,
      ["requester", "user"],
      `never matches: a requester is a user or the session of a role, and requester.${ofRole[0]} asks for a role`,
    ],
    [areForeign(role, requester.account), ["requester", "account"], strangers("role")],
    [areForeign(user, requester.account), ["requester", "account"], strangers("user")],
  ];
  return found.flatMap(([isSo, path, message]) => (isSo ? [[path, message]] : []));
}

/** Returns whether a text may match both; of two patterns it is assumed. */
function mayBothMatch(a: string, b: string): boolean {
  return (isGlob(a) && isGlob(b)) || matchesGlob(a, b) || matchesGlob(b, a);
}

function strangers(kind: string): string {
  return `never matches: no ${kind} of requester.${kind} is in such an account`;
}

function areForeign(principals: Values | undefined, accounts: Values | undefined): boolean {
  if (principals === undefined || accounts === undefined) return false;
  return principals.every((principal) => {
    const pattern = parseArnPattern(principal);
    return pattern !== undefined && !accounts.some((account) => mayBothMatch(pattern.account, account));
  });
}
