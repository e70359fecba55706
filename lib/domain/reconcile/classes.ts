/**
 * What a difference means for the verdict. `exception`: CloudTrail and the trail contradict each other. `unproven`: nothing can be said.
 * `explain`: a person has to explain it. `list`: for information.
 */
export type DifferenceWeight = "exception" | "unproven" | "explain" | "list";

const letters = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N"] as const;
export type DifferenceClass = (typeof letters)[number];

interface DescribedClass {
  readonly name: string;
  readonly weight: DifferenceWeight;
}

/** What can differ between CloudTrail and the audit trail. */
export const differenceClasses: Readonly<Record<DifferenceClass, DescribedClass>> = {
  A: { name: "event without a case", weight: "exception" },
  B: { name: "event in several cases", weight: "exception" },
  C: { name: "other key", weight: "exception" },
  D: { name: "other time", weight: "exception" },
  E: { name: "case without an event", weight: "explain" },
  F: { name: "case names an unknown event", weight: "exception" },
  G: { name: "act without an entry", weight: "exception" },
  H: { name: "entry without an act", weight: "exception" },
  I: { name: "restored by others", weight: "list" },
  J: { name: "no coverage", weight: "unproven" },
  K: { name: "outside of enforcement", weight: "list" },
  L: { name: "CloudTrail's files were changed", weight: "exception" },
  M: { name: "other number of failed calls", weight: "explain" },
  N: { name: "failed call without an event", weight: "exception" },
};

/** Returns every class, in the order of the letters. */
export function differenceClassNames(): readonly DifferenceClass[] {
  return letters;
}
