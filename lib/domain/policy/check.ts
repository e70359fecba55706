import { checkApproval } from "./check-approval.ts";
import { checkOperations } from "./check-operations.ts";
import { checkPeople } from "./check-people.ts";
import { defaultEffect, effectOf } from "./effect.ts";
import type { PolicyFault } from "./fault.ts";
import { isGlob } from "./match/glob.ts";
import { checkNeverMatches } from "./never-matches.ts";
import { changeRules, type DeletionRule, deletionRules, type Placed } from "./rule-kinds.ts";
import type { PolicyDocument, RuleDocument } from "./schema.ts";
import { isWeakerInAnything } from "./strictness.ts";

type Path = readonly (string | number)[];

/** What is wrong with a policy whose shape is right: rules that cannot work, contradict themselves, or open a hole. */
export function checkPolicy(policy: PolicyDocument): readonly PolicyFault[] {
  return [
    ...duplicateIds(policy.rules),
    ...policy.rules.flatMap((rule, n) => checkOperations(rule, ["rules", n])),
    ...changeRules(policy).flatMap(({ rule: { approval }, n }) =>
      approval === undefined ? [] : checkApproval(policy, approval, ["rules", n, "approval"]),
    ),
    ...deletionRules(policy).flatMap(({ rule, n }, place, all) => [
      ...checkEffect(policy, rule, ["rules", n]),
      ...checkAnchor(policy, rule, n, all.slice(place + 1)),
    ]),
    ...(policy.default === "restore"
      ? []
      : checkApproval(policy, policy.default.ask.approval, ["default", "ask", "approval"])),
    ...checkPause(policy),
    ...checkNeverMatches(policy),
    ...checkPeople(policy),
  ];
}

function duplicateIds(rules: readonly RuleDocument[]): PolicyFault[] {
  const earlier = new Set<string>();
  return rules.flatMap(({ id }, n) => {
    if (earlier.has(id)) return [{ path: ["rules", n, "id"], message: `\`${id}\` is the id of an earlier rule` }];
    earlier.add(id);
    return [];
  });
}

function checkEffect(policy: PolicyDocument, rule: DeletionRule, path: Path): PolicyFault[] {
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

/** A pause takes two, and each proves by AWS who he is: Slack has no button for it. */
function checkPause({ pause, people }: PolicyDocument): PolicyFault[] {
  if (pause === undefined) return [];
  const { from } = pause;
  const able = Object.values(people).filter(({ groups, aws }) => groups.includes(from) && aws.length > 0).length;
  if (able >= 2) return [];
  const message = `a pause takes two people of \`${from}\` with an AWS identity, and there ${able === 1 ? "is one" : "is none"}`;
  return [{ path: ["pause", "from"], message }];
}

/** Who may tag a key, or give it an alias, can often delete it: such a rule alone would let him choose his own outcome. */
function checkAnchor(
  policy: PolicyDocument,
  rule: DeletionRule,
  n: number,
  below: readonly Placed<DeletionRule>[],
): PolicyFault[] {
  const { key, requester } = rule.when;
  if (key?.tags === undefined && key?.alias === undefined) return [];
  const own = effectOf(rule);
  const later = [...below.map((each) => effectOf(each.rule)), defaultEffect(policy)];
  if (!later.some((effect) => isWeakerInAnything(own, effect))) return [];
  const { role, roleId, user, person, permissionSet } = requester ?? {};
  const named = [role, roleId, user].some((names) => isAnchor(names, namesPrincipal));
  const known = [person, permissionSet].some((names) => isAnchor(names, (name) => /[^*?]/.test(name)));
  const exact = [key.arn, key.kcv].some((values) => isAnchor(values, (value) => !isGlob(value)));
  if (named || known || exact) return [];
  const message =
    "this outcome is weaker than a later one and rests on tags or aliases alone, and who may tag can often delete; " +
    "add requester.role, requester.roleId, requester.user, requester.person, requester.permissionSet, or exact key.arn or key.kcv";
  return [{ path: ["rules", n, "when"], message }];
}

/** One value of a list suffices to match, so each of them has to hold. */
function isAnchor(values: readonly string[] | undefined, holds: (value: string) => boolean): boolean {
  return values?.every(holds) ?? false;
}

/** `role/*` names every role, `role/*a*` nearly every one; `role/ci/*` names some. */
function namesPrincipal(name: string): boolean {
  return !isGlob(name) || /^[^/]*\/[^*?/]/.test(name);
}
