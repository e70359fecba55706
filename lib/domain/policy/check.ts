import { keyVocabulary } from "../key/vocabulary.ts";
import type { Effect } from "./decision.ts";
import { defaultEffect, effectOf } from "./effect.ts";
import type { PolicyFault } from "./fault.ts";
import { isGlob } from "./match/glob.ts";
import type { PolicyDocument, RuleDocument } from "./schema.ts";
import { compareStrictness } from "./strictness.ts";

type Path = readonly (string | number)[];

/** What is wrong with a policy whose shape is right: rules that cannot work, contradict themselves, or open a hole. */
export function checkPolicy(policy: PolicyDocument): readonly PolicyFault[] {
  return [
    ...duplicateIds(policy.rules),
    ...policy.rules.flatMap((rule, n) => checkRule(policy, rule, n)),
    ...(policy.default === "restore"
      ? []
      : checkApproval(policy, policy.default.ask.approval, ["default", "ask", "approval"])),
    ...checkPause(policy),
    ...duplicateIdentities(policy),
  ];
}

function duplicateIds(rules: readonly RuleDocument[]): PolicyFault[] {
  return rules.flatMap(({ id }, n) => {
    const first = rules.findIndex((rule) => rule.id === id);
    return first < n ? [{ path: ["rules", n, "id"], message: `\`${id}\` is the id of an earlier rule` }] : [];
  });
}

function checkRule(policy: PolicyDocument, rule: RuleDocument, n: number): PolicyFault[] {
  const path = ["rules", n];
  return [
    ...checkEffect(policy, rule, path),
    ...checkVocabulary(rule, path),
    ...checkWaitingDays(rule, path),
    ...checkPersons(policy, rule, path),
    ...checkAnchor(policy, rule, n),
  ];
}

function checkEffect(policy: PolicyDocument, rule: RuleDocument, path: Path): PolicyFault[] {
  const faults: PolicyFault[] = [];
  const { then, usage, approval, when } = rule;
  if (then === "ask" && approval === undefined) faults.push({ path, message: "`ask` needs an approval" });
  if (then !== "ask" && approval !== undefined)
    faults.push({ path: [...path, "approval"], message: `\`${then}\` asks nobody; expected no approval` });
  if (then === "allow" && usage !== undefined)
    faults.push({ path: [...path, "usage"], message: "an allowed deletion restores nothing; expected no usage" });
  if (then === "allow" && isEmpty(when))
    faults.push({
      path: [...path, "when"],
      message: "`allow` without a condition lets every key die; expected conditions",
    });
  if (then === "allow" && when.requester?.known === false)
    faults.push({
      path: [...path, "when", "requester", "known"],
      message: "an unknown requester is never allowlisted",
    });
  if (approval !== undefined) faults.push(...checkApproval(policy, approval, [...path, "approval"]));
  return faults;
}

function isEmpty(value: unknown): boolean {
  // A pattern that everything matches is no condition.
  if (typeof value === "string") return /^[*?]*$/.test(value);
  if (typeof value !== "object" || value === null) return value === undefined;
  return Object.values(value).every(isEmpty);
}

/** Every decision that asks a group records all of its people, and a case has room for so many. */
const maxApprovers = 50;

/** The requester may be one of the group and never approves; an unknown one raises the quorum by one. */
function checkApproval(
  { people }: PolicyDocument,
  { from, quorum }: NonNullable<RuleDocument["approval"]>,
  path: Path,
): PolicyFault[] {
  const canVote = ({ slack, aws }: PolicyDocument["people"][string]) => slack !== undefined || aws.length > 0;
  const group = Object.values(people).filter(({ groups }) => groups.includes(from));
  const members = group.filter(canVote).length;
  if (group.length === 0) return [{ path: [...path, "from"], message: `nobody belongs to the group \`${from}\`` }];
  if (group.length > maxApprovers) {
    const message = `\`${from}\` has ${group.length} people; expected at most ${maxApprovers} in a group that decides`;
    return [{ path: [...path, "from"], message }];
  }
  if (quorum + 1 <= members) return [];
  const sum = `${members} members who can vote, one of whom may be the requester, or an unknown requester who raises the quorum to ${quorum + 1}`;
  return [{ path: [...path, "quorum"], message: `nobody could reach a quorum of ${quorum}: \`${from}\` has ${sum}` }];
}

/** A pause takes two, and each proves by AWS who he is: Slack has no button for it. */
function checkPause({ pause, people }: PolicyDocument): PolicyFault[] {
  if (pause === undefined) return [];
  const { from } = pause;
  const able = Object.values(people).filter(({ groups, aws }) => groups.includes(from) && aws.length > 0).length;
  if (able >= 2) return [];
  const message = `a pause takes two people of \`${from}\` with an AWS identity, and there ${able === 1 ? "is one" : "is none"}`;
  return [{ path: ["pause", "from"], message }];
}

function checkVocabulary({ when: { key = {} } }: RuleDocument, path: Path): PolicyFault[] {
  return (["usage", "class", "algorithm", "origin"] as const).flatMap((field) => {
    const known: readonly string[] = keyVocabulary[field];
    const unknown = (key[field] ?? []).filter((value) => !isGlob(value) && !known.includes(value));
    return unknown.map((value) => ({
      path: [...path, "when", "key", field],
      message: `the service knows no ${field} \`${value}\`; did you mean \`${nearest(value, known)}\``,
    }));
  });
}

function nearest(value: string, known: readonly string[]): string {
  const shared = (candidate: string) => pairs(candidate).filter((pair) => pairs(value).includes(pair)).length;
  return known.reduce((best, candidate) => (shared(candidate) > shared(best) ? candidate : best));
}

function pairs(text: string): string[] {
  return Array.from(text.toUpperCase(), (letter, n) => letter + (text.toUpperCase()[n + 1] ?? ""));
}

function checkWaitingDays({ when: { request } }: RuleDocument, path: Path): PolicyFault[] {
  const { atLeast = 0, atMost = Number.POSITIVE_INFINITY } = request?.waitingDays ?? {};
  if (atLeast <= atMost) return [];
  return [
    { path: [...path, "when", "request", "waitingDays"], message: "atLeast is more than atMost; expected a range" },
  ];
}

function checkPersons({ people }: PolicyDocument, { when }: RuleDocument, path: Path): PolicyFault[] {
  const unknown = (when.requester?.person ?? []).filter((person) => !isGlob(person) && !Object.hasOwn(people, person));
  return unknown.map((person) => ({
    path: [...path, "when", "requester", "person"],
    message: `there is no \`${person}\` among people`,
  }));
}

/** Who may tag a key, or give it an alias, can often delete it: such a rule alone would let him choose his own outcome. */
function checkAnchor(policy: PolicyDocument, rule: RuleDocument, n: number): PolicyFault[] {
  const { key, requester } = rule.when;
  if (key?.tags === undefined && key?.alias === undefined) return [];
  const own = effectOf(rule);
  const later = [...policy.rules.slice(n + 1).map(effectOf), defaultEffect(policy)];
  if (!later.some((effect) => isWeakerInAnything(own, effect))) return [];
  const { role, user, person, permissionSet } = requester ?? {};
  const named = [role, user].some((arns) => isAnchor(arns, namesPrincipal));
  const known = [person, permissionSet].some((names) => isAnchor(names, (name) => /[^*?]/.test(name)));
  const exact = [key.arn, key.kcv].some((values) => isAnchor(values, (value) => !isGlob(value)));
  if (named || known || exact) return [];
  const message =
    "this outcome is weaker than a later one and rests on tags or aliases alone, and who may tag can often delete; " +
    "add requester.role, requester.user, requester.person, requester.permissionSet, or exact key.arn or key.kcv";
  return [{ path: ["rules", n, "when"], message }];
}

/** One value of a list suffices to match, so each of them has to hold. */
function isAnchor(values: readonly string[] | undefined, holds: (value: string) => boolean): boolean {
  return values?.every(holds) ?? false;
}

/** `role/*` names every role, `role/*a*` nearly every one; `role/ci/*` names some. */
function namesPrincipal(arn: string): boolean {
  return !isGlob(arn) || /^[^/]*\/[^*?/]/.test(arn);
}

/** Weaker as a whole, or in one respect although stronger as a whole: disabled, fewer approvers, unusable while people decide. */
function isWeakerInAnything(own: Effect, later: Effect): boolean {
  if (compareStrictness(own, later) < 0) return true;
  if (own.outcome === "allow" || later.outcome === "allow") return false;
  if (own.usage === "leave-disabled" && later.usage === "resume") return true;
  if (own.outcome !== "ask" || later.outcome !== "ask") return false;
  const { quorum, meanwhile } = later.approval;
  return own.approval.quorum < quorum || (own.approval.meanwhile === "pending" && meanwhile === "restored");
}

function duplicateIdentities({ people }: PolicyDocument): PolicyFault[] {
  const seen = new Map<string, string>();
  return Object.entries(people).flatMap(([person, { slack, aws }]) =>
    [...(slack === undefined ? [] : [slack]), ...aws].flatMap((identity) => {
      const owner = seen.get(identity);
      seen.set(identity, owner ?? person);
      return owner === undefined
        ? []
        : [{ path: ["people", person], message: `\`${identity}\` belongs to \`${owner}\` already` }];
    }),
  );
}
