import { canonicalJson } from "../../lib/domain/ledger/canonical-json.ts";
import type { PolicyDocument, RuleDocument } from "../../lib/domain/policy/schema.ts";

/** One difference between two policies. */
export interface PolicyChange {
  readonly change: "added" | "removed" | "changed" | "moved";
  /** Dotted, such as `rules.reaper.when` or `people.alice`; rules by their ids. */
  readonly at: string;
  /** Canonical JSON of what was there, and of what is there now. */
  readonly before?: string;
  readonly after?: string;
}

/** Returns what differs between two checked policies: the order of rules counts, that of fields does not. */
export function diffPolicies(before: PolicyDocument, after: PolicyDocument): readonly PolicyChange[] {
  const { rules: rulesBefore, ...fieldsBefore } = before;
  const { rules: rulesAfter, ...fieldsAfter } = after;
  const fields = Object.keys({ ...fieldsBefore, ...fieldsAfter }).flatMap((name) => {
    const [old, now] = [valueAt(fieldsBefore, name), valueAt(fieldsAfter, name)];
    return name === "people" ? membersOf("people", old as object, now as object) : compared(name, old, now);
  });
  return [...fields, ...diffRules(rulesBefore, rulesAfter)];
}

function diffRules(before: readonly RuleDocument[], after: readonly RuleDocument[]): PolicyChange[] {
  const [old, now] = [byId(before), byId(after)];
  const stayed = (rules: readonly RuleDocument[]) =>
    rules.map(({ id }) => id).filter((id) => old.has(id) && now.has(id));
  const orderBefore = stayed(before);
  const moved = stayed(after).filter((id, n) => orderBefore[n] !== id);
  const ids = [...new Set([...after.map(({ id }) => id), ...before.map(({ id }) => id)])];
  return ids.flatMap((id) => {
    const changes =
      now.has(id) && old.has(id)
        ? membersOf(`rules.${id}`, old.get(id), now.get(id))
        : compared(`rules.${id}`, old.get(id), now.get(id));
    return moved.includes(id) ? [...changes, { change: "moved" as const, at: `rules.${id}` }] : changes;
  });
}

function byId(rules: readonly RuleDocument[]): ReadonlyMap<string, RuleDocument> {
  return new Map(rules.map((rule) => [rule.id, rule]));
}

function membersOf(at: string, old: object | undefined, now: object | undefined): PolicyChange[] {
  const names = Object.keys({ ...old, ...now });
  return names.flatMap((name) => compared(`${at}.${name}`, valueAt(old, name), valueAt(now, name)));
}

function compared(at: string, old: unknown, now: unknown): PolicyChange[] {
  const [before, after] = [old, now].map((value) => (value === undefined ? undefined : canonicalJson(value as object)));
  if (before === after) return [];
  const change = before === undefined ? "added" : after === undefined ? "removed" : "changed";
  return [{ change, at, ...(before !== undefined && { before }), ...(after !== undefined && { after }) }];
}

function valueAt(value: unknown, name: string): unknown {
  return (value as Readonly<Record<string, unknown>> | undefined)?.[name];
}
