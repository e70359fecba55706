import { deletionName } from "../operations/delete/name.ts";
import type { Operation } from "../operations/operation.ts";
import { operationNamed } from "../operations/registry.ts";
import type { PolicyFault } from "./fault.ts";
import { didYouMean } from "./match/did-you-mean.ts";
import { matchesGlob } from "./match/glob.ts";
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
  const isUndoing = then === "revert" || then === "ask";
  const about = names.flatMap((name) => operationNamed(name) ?? []);
  const faults: PolicyFault[] = [];
  const fault = (at: Path, message: string) => faults.push({ path: [...path, ...at], message });
  if (then === "restore")
    fault(["then"], "`restore` is an outcome of deletions; expected notify, revert, ask or allow");
  if (then === "ask" && approval === undefined) fault([], "`ask` needs an approval");
  if (usage !== undefined) fault(["usage"], "only a rule about deletions has `usage`");
  if (approval !== undefined && !isUndoing) fault(["approval"], `\`${then}\` asks nobody; expected no approval`);
  if (approval?.meanwhile === "pending")
    fault(["approval", "meanwhile"], "a change is always undone while people decide");
  if (when.request?.waitingDays !== undefined)
    fault(["when", "request", "waitingDays"], "only a deletion has a waiting period");
  const final = about.filter(({ revert }) => revert === undefined);
  if (isUndoing && final.length > 0) fault(["then"], `nothing undoes ${list(final)}; expected notify or allow`);
  const keyless = about.filter(({ ofAccount }) => ofAccount === true);
  if (when.key !== undefined && keyless.length > 0)
    fault(["when", "key"], `${list(keyless)} changes the account, not a key; expected no \`key\``);
  faults.push(...checkConditions(when.change ?? {}, about, [...path, "when", "change"]));
  return faults;
}

type Change = NonNullable<RuleDocument["when"]["change"]>;

function checkConditions(change: Change, about: readonly Operation[], path: Path): readonly PolicyFault[] {
  return Object.entries(change).flatMap(([name, values]) => {
    const without = about.filter(({ conditions }) => !Object.hasOwn(conditions, name));
    if (without.length === 0) return checkValues(name, values, about, [...path, name]);
    const known = [...new Set(without.flatMap(({ conditions }) => Object.keys(conditions)))];
    const expected = known.length === 0 ? "there is none" : `there is ${known.join(", ")}`;
    return [
      {
        path: [...path, name],
        message: `${list(without)} has no condition \`${name}\`: ${expected}${didYouMean(name, known)}`,
      },
    ];
  });
}

/** A value that a change never has: a rule that protects by it protects nothing. */
function checkValues(name: string, values: readonly string[], about: readonly Operation[], path: Path) {
  return about.flatMap((operation): readonly PolicyFault[] => {
    const known = operation.conditions[name] ?? "text";
    if (known === "text") return [];
    return values.flatMap((value) => {
      if (known.some((each) => matchesGlob(value, each))) return [];
      const few = known.length > 4 ? "a value that the service knows" : known.join(" or ");
      const message = `\`change.${name}\` of ${list([operation])} is never \`${value}\`; expected ${few}${didYouMean(value, known)}`;
      return [{ path, message }];
    });
  });
}

function list(about: readonly Operation[]): string {
  return about.map(({ name }) => `\`${name}\``).join(" and ");
}
