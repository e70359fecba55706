import { type KnownState, stateBefore, withSighting } from "../../lib/domain/change/known-state.ts";
import { type Subject, subjectText } from "../../lib/domain/operations/subject.ts";
import type { KnownStates } from "../../lib/workflows/ports/change.ts";

/** Known states in memory; held to the same contract suite as the real ones. */
export function createMemoryKnownStates(): KnownStates {
  const known = new Map<string, KnownState>();
  const nameOf = (aspect: string, subject: Subject) => `${aspect} ${subjectText(subject)}`;
  return {
    before: async (aspect, subject, at) => stateBefore(known.get(nameOf(aspect, subject)), at),
    last: async (aspect, subject) => known.get(nameOf(aspect, subject))?.last,
    note: async (aspect, subject, state, at, shownAt) => {
      const name = nameOf(aspect, subject);
      known.set(name, withSighting(known.get(name), state, at, shownAt));
    },
  };
}
