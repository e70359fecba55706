import type { Directory } from "../people/directory.ts";
import { parseUserArn } from "../people/iam-arn.ts";
import type { ChangeOutcome } from "./change-outcome.ts";
import type { Condition } from "./condition.ts";
import { conditionsOf } from "./conditions.ts";
import type { Approval, Effect } from "./decision.ts";
import { approvalOf, defaultEffect, effectOf } from "./effect.ts";
import { arnMatcher } from "./match/arn-pattern.ts";
import type { PauseTerms } from "./pause-terms.ts";
import { changeRules, deletionRules, operationsOf } from "./rule-kinds.ts";
import type { PolicyDocument } from "./schema.ts";

/** A policy ready to decide. Made only by `compilePolicy`. */
export interface Policy {
  readonly mode: "observe" | "enforce";
  /** SHA-256 of the canonical JSON of the document, as the build checked it. */
  readonly hash: string;
  /** The rules about deletions. */
  readonly rules: readonly Rule[];
  /** The rules about other operations. */
  readonly changeRules: readonly CompiledChangeRule[];
  readonly default: Effect;
  readonly directory: Directory;
  /** How long (ms) the inventory has to have seen a label before it counts toward a weaker outcome. */
  readonly labelMinAgeMs: number;
  /** Who may pause the guard; absent where nobody may. */
  readonly pause?: PauseTerms;
  readonly remediation: RemediationTerms;
  /** The number of the pause because of which it only observes. */
  readonly pausedBy?: number;
}

/** What may be done about a resource policy that denies the guard a restore. */
export interface RemediationTerms {
  /** Whether the Deny is removed. Never done under `observe`. */
  readonly removesDeny: boolean;
  /** Returns whether the policy of a key is never touched. */
  readonly exempts: (keyArn: string) => boolean;
}

export interface CompiledChangeRule {
  readonly id: string;
  readonly operations: ReadonlySet<string>;
  readonly outcome: ChangeOutcome;
  /** Who may let such a change pass; absent where nobody is asked. */
  readonly approval?: Approval;
  readonly conditions: readonly Condition[];
}

export interface Rule {
  readonly id: string;
  readonly effect: Effect;
  /** Cheap ones first, so that nothing is fetched for a rule that cannot match. */
  readonly conditions: readonly Condition[];
}

/** `document` made ready; `hash` names it in every decision. */
export function compilePolicy(document: PolicyDocument, hash: string): Policy {
  const directory = directoryOf(document);
  return {
    mode: document.mode,
    hash,
    rules: deletionRules(document).map(({ rule }) => ({
      id: rule.id,
      effect: effectOf(rule),
      conditions: conditionsOf(rule.when, directory, document.labels.minAge),
    })),
    changeRules: changeRules(document).map(({ rule }) => ({
      id: rule.id,
      operations: new Set(operationsOf(rule)),
      outcome: rule.then,
      ...(rule.approval && { approval: approvalOf(rule.approval) }),
      conditions: conditionsOf(rule.when, directory, document.labels.minAge),
    })),
    default: defaultEffect(document),
    directory,
    labelMinAgeMs: document.labels.minAge,
    remediation: {
      removesDeny: document.remediation.resourcePolicy === "remove-deny",
      exempts: arnMatcher(document.remediation.except),
    },
    ...(document.pause && { pause: { from: document.pause.from, atMostMs: document.pause.atMost } }),
  };
}

function directoryOf({ people, trust }: PolicyDocument): Directory {
  const identities = Object.entries(people).flatMap(([person, { aws }]) =>
    aws.map((identity) => [identity, person] as const),
  );
  const isUser = ([identity]: readonly [string, string]) => parseUserArn(identity) !== undefined;
  const accounts = new Set(trust.accounts);
  const naming = new Set(trust.sourceIdentityFrom);
  const groups = Object.values(people).flatMap(({ groups: own }) => own);
  const membersOf = (group: string) => Object.keys(people).filter((person) => people[person]?.groups.includes(group));
  return {
    personBySlack: new Map(
      Object.entries(people).flatMap(([person, { slack }]) => (slack === undefined ? [] : [[slack, person] as const])),
    ),
    members: new Map(groups.map((group) => [group, membersOf(group)])),
    voterRoles: new Set(trust.votersFrom),
    personByUser: new Map(identities.filter(isUser)),
    personByName: new Map(identities.filter((each) => !isUser(each))),
    trustsAccount: (account) => accounts.has(account),
    trustsSourceIdentityFrom: ({ roleArn, roleId = "" }) => naming.has(roleArn) || naming.has(roleId),
  };
}
