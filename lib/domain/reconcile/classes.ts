/** How much a difference weighs: an exception ends the verdict, the others are for the reader to explain or to know. */
export type DifferenceWeight = "exception" | "explain" | "list";

export type DifferenceClass = "A" | "B" | "C" | "D" | "E" | "F" | "G" | "H" | "I" | "J" | "K";

interface DescribedClass {
  readonly name: string;
  readonly weight: DifferenceWeight;
  /** What it shows, for a person. */
  readonly sentence: string;
}

/** What can differ between CloudTrail and the audit trail. */
export const differenceClasses: Readonly<Record<DifferenceClass, DescribedClass>> = {
  A: {
    name: "event without a case",
    weight: "exception",
    sentence:
      "CloudTrail recorded this call and no chain of the trail names it: the guard was not installed, did not see it, or a case is hidden",
  },
  B: {
    name: "event in several cases",
    weight: "exception",
    sentence: "more than one chain of the trail claims this call",
  },
  C: {
    name: "other key",
    weight: "exception",
    sentence: "the trail records this call for another key than CloudTrail does",
  },
  D: {
    name: "other time",
    weight: "exception",
    sentence: "the trail records this call at another time than CloudTrail does",
  },
  E: {
    name: "case without an event",
    weight: "explain",
    sentence: "the sweep found this key pending deletion and never learned which call scheduled it",
  },
  F: {
    name: "case names an unknown event",
    weight: "exception",
    sentence: "the trail names a call that CloudTrail does not have for a time that its log covers: the entry is forged, or CloudTrail's log is incomplete",
  },
  G: {
    name: "act without an entry",
    weight: "exception",
    sentence: "the guard's role acted on this key and no entry of the trail accounts for it",
  },
  H: {
    name: "entry without an act",
    weight: "exception",
    sentence: "the trail records that the guard acted on this key and CloudTrail has no such call",
  },
  I: {
    name: "act by others",
    weight: "list",
    sentence: "another principal restored this key or started its usage",
  },
  J: {
    name: "time without coverage",
    weight: "exception",
    sentence: "no valid digest of CloudTrail vouches for this time: nothing can be said of it",
  },
  K: {
    name: "outside of enforcement",
    weight: "list",
    sentence: "the guard recorded this call and was not to act: enforcement was paused, or observed only",
  },
};
