import { deletionName } from "../operations/delete/name.ts";
import type { Operation } from "../operations/operation.ts";
import { operationNamed } from "../operations/registry.ts";
import type { PolicyFault } from "./fault.ts";
import { didYouMean } from "./match/did-you-mean.ts";
import { operationsOf } from "./rule-kinds.ts";
import type { RuleDocument } from "./schema.ts";

type Path = readonly (string | number)[];

/** Returns what is wrong with a rule in regard of the operations it is about: an outcome or a condition that none of them knows. */
export function checkOperations(rule: RuleDocument, path: Path): readonly PolicyFault[] {
  const names = operationsOf(rule);
  if (!names.includes(deletionName)) return checkChange(rule, path, names);
  if (names.length > 1)
    return [
      {
        path: [...path, "when", "operation"],
        message: "a rule is about `delete` or about other operations; make two of it",
      },
    ];
  const faults: PolicyFault[] = [];
  if (rule.then === "notify" || rule.then === "revert")
    faults.push({
      path: [...path, "then"],
      message: `\`${rule.then}\` is no outcome of a deletion; expected restore, allow or ask`,
    });
  if (rule.when.change !== undefined)
    faults.push({
      path: [...path, "when", "change"],
      message: "a deletion has no such conditions; expected an operation other than delete",
    });
  return faults;
}

function checkChange(rule: RuleDocument, path: Path, names: readonly string[]): readonly PolicyFault[] {
  const { then, usage, approval, when } = rule;
  const about = names.flatMap((name) => operationNamed(name) ?? []);
  const faults: PolicyFault[] = [];
  const fault = (at: Path, message: string) => faults.push({ path: [...path, ...at], message });
  if (then === "restore" || then === "ask")
    fault(["then"], `\`${then}\` is an outcome of deletions; expected notify, revert or allow`);
  if (usage !== undefined) fault(["usage"], "only a rule about deletions has `usage`");
  if (approval !== undefined) fault(["approval"], "people approve deletions only");
  if (when.request?.waitingDays !== undefined)
    fault(["when", "request", "waitingDays"], "only a deletion has a waiting period");
  const final = about.filter(({ revert }) => revert === undefined);
  if (then === "revert" && final.length > 0) fault(["then"], `nothing undoes ${list(final)}; expected notify or allow`);
  faults.push(...checkConditions(when.change ?? {}, about, [...path, "when", "change"]));
  return faults;
}

function checkConditions(change: object, about: readonly Operation[], path: Path): readonly PolicyFault[] {
  return Object.keys(change).flatMap((name) => {
    const without = about.filter(({ conditions }) => !conditions.includes(name));
    if (without.length === 0) return [];
    const known = [...new Set(without.flatMap(({ conditions }) => conditions))];
    const expected = known.length === 0 ? "there is none" : `there is ${known.join(", ")}`;
    return [
      {
        path: [...path, name],
        message: `${list(without)} has no condition \`${name}\`: ${expected}${didYouMean(name, known)}`,
      },
    ];
  });
}

function list(about: readonly Operation[]): string {
  return about.map(({ name }) => `\`${name}\``).join(" and ");
}
