import { deletionName } from "../../../lib/domain/operations/delete/name.ts";
import { operationOf } from "../../../lib/domain/operations/registry.ts";
import { principalOf } from "../../../lib/domain/people/requester.ts";
import { decide } from "../../../lib/domain/policy/decide.ts";
import type { Facts } from "../../../lib/domain/policy/decision.ts";
import { judgeChange } from "../../../lib/domain/policy/judge-change.ts";
import type { Policy } from "../../../lib/domain/policy/policy.ts";
import { type ChangeInRecord, changeInRecord, judgedChange } from "../change-facts.ts";
import { deletionIn } from "../deletion-facts.ts";

/** One call of the past, and what the policy says of it. */
export interface ReplayedCall {
  /** ms since the epoch. */
  readonly at: number;
  readonly eventId: string;
  /** As `when.operation` has it; `delete` for a deletion. */
  readonly operation: string;
  /** The ARN of the key, the alias, or `account`. */
  readonly subject: string;
  readonly usage: string;
  readonly requester: string;
  readonly outcome: string;
  /** `restore by default`, `notify by none`; or what it depends on that no record holds. */
  readonly decision: string;
  readonly rule: string;
  /** What the other policy says, where there is one. */
  readonly before?: string;
  /** Whether it is, or may be, decided otherwise once labels are old enough. */
  readonly changedByAge: boolean;
}

interface Policies {
  readonly policy: Policy;
  readonly against?: Policy;
  readonly assumeMinAge: boolean;
}

type Judged = Pick<ReplayedCall, "outcome" | "decision" | "rule">;

/** Returns a record's call, decided again; undefined for a call that no policy decides, such as nearly every one, and `passed-over` for one that failed. */
export function replayedCall(record: unknown, policies: Policies): ReplayedCall | "passed-over" | undefined {
  const { eventName, eventSource, eventType } = (record ?? {}) as Readonly<Record<string, unknown>>;
  if (eventSource !== "payment-cryptography.amazonaws.com" || typeof eventName !== "string") return undefined;
  const operation = operationOf(eventName, eventType === "AwsServiceEvent");
  if (operation === undefined) return undefined;
  if (operation.name === deletionName) return replayedDeletion(record, policies);
  const change = changeInRecord(record);
  return change === undefined ? "passed-over" : replayedChange(change, policies);
}

function replayedDeletion(record: unknown, { policy, against, assumeMinAge }: Policies): ReplayedCall | "passed-over" {
  const deletion = deletionIn(record);
  if (typeof deletion === "string") return "passed-over";
  const { request } = deletion;
  const facts: Facts = { ...deletion.facts, labelAge: assumeMinAge ? "assumed-old" : "not-seen" };
  const outcome = decided(policy, facts);
  const aged = decided(policy, { ...facts, labelAge: "assumed-old" });
  return {
    ...{ at: request.at, eventId: request.eventId, operation: deletionName, subject: facts.key.arn },
    ...{ usage: facts.key.usage ?? "", requester: principalOf(request.requester), ...outcome },
    ...(against && { before: decided(against, facts).decision }),
    changedByAge: aged.decision !== outcome.decision,
  };
}

function replayedChange(inRecord: ChangeInRecord, { policy, against }: Policies): ReplayedCall {
  const { recorded, operation, subject, key } = inRecord;
  return {
    ...{ at: recorded.at, eventId: recorded.eventId, operation: operation.name, subject },
    ...{ usage: key.usage ?? "", requester: principalOf(recorded.requester), ...judged(policy, inRecord) },
    ...(against && { before: judged(against, inRecord).decision }),
    changedByAge: false,
  };
}

function decided(policy: Policy, facts: Facts): Judged {
  const verdict = decide(policy, facts);
  const decision = verdict.kind === "decided" ? verdict.decision : verdict.regardless;
  if (decision !== undefined) {
    const { effect, rule } = decision;
    return { outcome: effect.outcome, decision: `${effect.outcome} by ${rule}`, rule };
  }
  const needs = verdict.kind === "needs" ? verdict.facts : [];
  return { outcome: "open", decision: `depends on ${needs.join(" and ")}`, rule: "" };
}

function judged(policy: Policy, inRecord: ChangeInRecord): Judged {
  const { outcome, rule, doubt } = judgeChange(policy, judgedChange(policy, inRecord));
  const open = doubt === undefined ? "" : ` (${doubt.rule} depends on ${doubt.condition})`;
  return { outcome, decision: `${outcome} by ${rule}${open}`, rule };
}
