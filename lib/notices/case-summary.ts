import { mayRequestUsageStart } from "../domain/approval/dual-control.ts";
import type { WhyLeftDisabled } from "../domain/ledger/entry.ts";
import type { Sentence } from "./prose.ts";
import { approvedSummary, askingSummary, keptSummary } from "./question-summary.ts";
import type { StandingKind } from "./standing.ts";
import type { SummaryFacts } from "./summary-facts.ts";
import { durationText } from "./words.ts";

/**
 * The text of a message about a case, by how the case stands: who did what, whether the key works now, by when to act, and as the last sentence
 * what to do. Three seconds to read.
 */
export const summaries: Readonly<Record<StandingKind, (facts: SummaryFacts) => readonly Sentence[]>> = {
  usable: ({ opening, usable }) => [
    opening,
    usable?.timeToUsableMs === undefined
      ? ["It was restored and works again."]
      : [`It was restored and works again; it was unusable for ${durationText(usable.timeToUsableMs)}.`],
    usable?.despiteRule
      ? [{ strong: "Its rule wants it left disabled, and it is enabled: check the key now." }]
      : [nothingToDo],
  ],
  restoring: ({ opening }) => [
    opening,
    ["It is ", { strong: "unusable now" }, "; the guard is restoring it."],
    ["Nothing to do yet: this message changes when the key works again, or cannot be restored."],
  ],
  "cannot-restore": ({ opening, failure, state }) => [
    opening,
    [
      ...["It is ", { strong: "unusable now" }, ": AWS refuses the guard's RestoreKey"],
      ...(failure ? [" (", { name: failure.code }, `, attempt ${failure.attempt}). `] : [". "]),
      ...(state.deletePendingAt === undefined
        ? []
        : ["It will be destroyed after ", { time: state.deletePendingAt }, "."]),
    ],
    [{ strong: "Restore it by hand as an administrator" }, ": the command follows."],
  ],
  "still-disabled": (facts) => stillDisabled(facts),
  "asking-usable": askingSummary,
  "asking-unusable": askingSummary,
  approved: approvedSummary,
  kept: keptSummary,
  allowed: ({ opening, allowed, state, canKeep }) => [
    opening,
    [
      ...allowedBy(allowed?.by ?? "rule", state.decision?.rule),
      ...[" It is ", { strong: "unusable now" }],
      ...(state.deletePendingAt === undefined
        ? ["."]
        : [" and will be destroyed after ", { time: state.deletePendingAt }, "."]),
    ],
    canKeep
      ? [{ strong: "Wrong key? One person can keep it" }, " until then."]
      : ["Wrong key? Restore it by hand until then: the command follows."],
  ],
  observed: ({ opening, state }) => [
    opening,
    [
      state.decision?.pause === undefined ? "Observe mode: " : "The guard is paused: ",
      { strong: "the guard does not restore this key." },
      " It is unusable now",
      ...(state.deletePendingAt === undefined
        ? ["."]
        : [" and will be destroyed after ", { time: state.deletePendingAt }, "."]),
    ],
    ["Still needed? Restore it by hand: the command follows."],
  ],
  "destroyed-as-allowed": ({ allowed, state }) => [
    ["AWS destroyed this key. ", ...allowedBy(allowed?.by ?? "rule", state.decision?.rule)],
    [nothingToDo],
  ],
  "key-lost": ({ failure }) => [
    ["AWS has destroyed this key. Nobody approved that, and it cannot be brought back."],
    ...(failure
      ? [["The guard's last attempt was refused (", { name: failure.code }, `, attempt ${failure.attempt}).`]]
      : []),
    [{ strong: "Start your key-loss procedure, and keep the evidence:" }, " ", { code: "reprieve audit export" }],
  ],
  "restored-by-others": ({ opening }) => [
    opening,
    ["Someone else restored it; the guard took no action."],
    [{ strong: "Check that the key is enabled." }],
  ],
  "deleted-again": () => [["The key was deleted again: the new case has its own message."], ["Nothing to do here."]],
  "state-unknown": ({ opening, state }) => [
    opening,
    ["The key is in a state that the guard does not know (", { name: state.unknownState ?? "" }, ")."],
    [{ strong: "Check the key now" }, ": the command follows."],
  ],
};

const nothingToDo = { strong: "Nothing to do." };

function allowedBy(by: "rule" | "approval" | "permit", rule = ""): Sentence {
  if (by === "rule") return ["The rule ", { name: rule }, " allows it."];
  return [by === "approval" ? "The approvers allowed it." : "A permit allows it."];
}

function stillDisabled({ opening, state }: SummaryFacts): readonly Sentence[] {
  const why = state.whyLeftDisabled ?? "no-evidence-that-it-was-enabled";
  return [
    opening,
    ["It is back, and still disabled: ", { strong: "payments that use it fail." }, ` ${causes[why]}`],
    mayRequestUsageStart(state)
      ? [{ strong: "Start it" }, ", unless it was disabled on purpose."]
      : ["Needed? Start it by hand: the command follows."],
  ];
}

const causes: Readonly<Record<WhyLeftDisabled, string>> = {
  rule: "Its rule leaves it disabled.",
  "stopped-before-deletion": "It was stopped BEFORE it was deleted, perhaps after a compromise: ask who stopped it.",
  "disabled-in-inventory": "It was disabled BEFORE it was deleted, perhaps after a compromise: ask who disabled it.",
  "usage-changed-since": "Its usage was changed after it was deleted.",
  "no-evidence-that-it-was-enabled": "Nothing proves that it was enabled before.",
  "start-failed": "Starting its usage failed repeatedly.",
};
