import { voteWays } from "../people/vote.ts";
import type { Approval, Effect } from "./decision.ts";
import type { DeletionRule } from "./rule-kinds.ts";
import type { PolicyDocument } from "./schema.ts";

/** What a rule does to a key. Call it only for a rule whose `approval` stands where `ask` needs it. */
export function effectOf(rule: Pick<DeletionRule, "then" | "usage" | "approval">): Effect {
  const usage = rule.usage ?? "resume";
  if (rule.then === "allow") return { outcome: "allow" };
  if (rule.then === "restore" || rule.approval === undefined) return { outcome: "restore", usage };
  return { outcome: "ask", usage, approval: approvalOf(rule.approval) };
}

/** Returns who has to approve, as the policy decides by it. */
export function approvalOf(approval: NonNullable<DeletionRule["approval"]>): Approval {
  const { from, quorum, proof, within, meanwhile, permitFor } = approval;
  const ways = voteWays.filter((way) => proof?.includes(way));
  const restricted = proof !== undefined && ways.length < voteWays.length;
  const terms = { from, quorum, withinMs: within, meanwhile, permitForMs: permitFor };
  return { ...terms, ...(restricted && { proof: ways }) };
}

/** What happens to a key that no rule matches. */
export function defaultEffect({ default: fallback }: PolicyDocument): Effect {
  return fallback === "restore" ? { outcome: "restore", usage: "resume" } : effectOf({ then: "ask", ...fallback.ask });
}
