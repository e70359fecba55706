import { differenceClasses, differenceClassNames } from "./classes.ts";
import { mostReported } from "./differences.ts";
import type { Population, Reconciliation, ReconciliationVerdict } from "./result.ts";

/**
 * Returns what contradicts itself in a result, or undefined. A result is not signed: this finds one that someone edited carelessly, or that was
 * cut, and nothing else.
 */
export function contradictionIn(result: Reconciliation): string | undefined {
  const { population, changes, classes, differences, differencesInAll, coverage, verdict } = result;
  const counts = new Map(classes.map((each) => [each.class, each.count]));
  const populations = [population, ...(changes === undefined ? [] : [changes])];
  const count = (name: (typeof classes)[number]["class"]) => counts.get(name) ?? 0;
  if (!isEveryClass(classes)) return "it does not count every class of differences once";
  if (!populations.every(addsUp)) return "its events are not the sum of the matched and the unmatched";
  if (classes.reduce((sum, each) => sum + each.count, 0) !== differencesInAll)
    return "its differences are not the sum of its classes";
  if (differences.length !== Math.min(differencesInAll, mostReported)) return "it does not list its differences";
  const listed = Map.groupBy(differences, (each) => each.class);
  if ([...listed].some(([name, all]) => all.length > count(name))) return "it lists more differences than it counts";
  const unmatched = Map.groupBy(
    populations.flatMap((each) => each.unmatched),
    (each) => each.class,
  );
  if ([...unmatched].some(([name, all]) => all.reduce((sum, each) => sum + each.count, 0) > count(name)))
    return "it has more unmatched events of a class than differences";
  if (coverage.gaps.length > count("J")) return "it has more gaps than differences of class J";
  const derived = derivedVerdict(result);
  return verdict === derived ? undefined : `its verdict is \`${verdict}\`, and its counts make it \`${derived}\``;
}

function isEveryClass(classes: Reconciliation["classes"]): boolean {
  const names = differenceClassNames();
  return (
    classes.length === names.length &&
    classes.every(({ class: letter, name, weight }, n) => {
      const known = differenceClasses[letter];
      return letter === names[n] && name === known.name && weight === known.weight;
    })
  );
}

function addsUp({ events, matched, unmatched }: Population): boolean {
  return events === unmatched.reduce((sum, { count }) => sum + count, matched);
}

function derivedVerdict({ classes, export: verdict, unread }: Reconciliation): ReconciliationVerdict {
  const has = (weight: string) => classes.some((each) => each.weight === weight && each.count > 0);
  if (verdict === "damaged" || has("exception")) return "exceptions";
  const isProven = verdict === "whole" && !has("unproven") && unread.every(({ isHarmless }) => isHarmless);
  return isProven ? "complete" : "not-proven";
}
