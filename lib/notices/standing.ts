import type { Case } from "../domain/case/case.ts";

/** How a case stands, as far as people have to know it. */
export const standings = [
  ...(["key-lost", "destroyed-as-allowed", "restored-by-others", "deleted-again"] as const),
  ...(["still-disabled", "asking-usable", "asking-unusable", "approved", "kept", "usable"] as const),
  ...(["state-unknown", "observed", "allowed", "cannot-restore", "restoring"] as const),
] as const;
export type StandingKind = (typeof standings)[number];

/** Returns how a case stands. The first that holds is what matters most. */
export function standingKind(state: Case): StandingKind {
  const { over, settled, question, allowed, restore, decision, failed } = state;
  if (over === "key-destroyed") return allowed ? "destroyed-as-allowed" : "key-lost";
  if (over === "restored-by-others") return over;
  if (over === "deletion-superseded") return "deleted-again";
  if (settled === "key-left-disabled") return "still-disabled";
  if (isAsking(state)) return settled === "key-usable" ? "asking-usable" : "asking-unusable";
  if (settled === "key-usable") return state.kept ? "kept" : afterQuestion(question?.state);
  if (decision?.mode === "observe") return "observed";
  if (allowed) return "allowed";
  if (state.unknownState !== undefined && restore === "none") return "state-unknown";
  return restore !== "none" && failed.restore > 0 ? "cannot-restore" : "restoring";
}

/** Returns whether people can still decide. */
export function isAsking({ question, kept, over }: Case): boolean {
  return question?.state === "open" && !kept && over === undefined;
}

function afterQuestion(state: NonNullable<Case["question"]>["state"] | undefined): StandingKind {
  if (state === "granted") return "approved";
  return state === "expired" ? "kept" : "usable";
}

/** The headline of each standing, before the name of the key: the state comes first, in words. */
export const headlines: Readonly<Record<StandingKind, string>> = {
  "key-lost": "KEY LOST:",
  "destroyed-as-allowed": "Destroyed as allowed:",
  "restored-by-others": "Restored by others:",
  "deleted-again": "Deleted again, see the new case:",
  "still-disabled": "Restored, but disabled:",
  "asking-usable": "Keep it or let it go?",
  "asking-unusable": "Keep it or let it go?",
  approved: "Deletion approved:",
  kept: "Kept:",
  usable: "Restored:",
  "state-unknown": "KEY STATE UNKNOWN:",
  observed: "Not restored (observe mode):",
  allowed: "Deletion allowed:",
  "cannot-restore": "CANNOT RESTORE:",
  restoring: "Being restored:",
};

/** The same in a summary of many cases: whether payments work, and who has to act. */
export const shortStandings: Readonly<Record<StandingKind, string>> = {
  "key-lost": "destroyed without approval",
  "destroyed-as-allowed": "destroyed as allowed",
  "restored-by-others": "restored by others",
  "deleted-again": "deleted again: see the new case",
  "still-disabled": "restored, still disabled",
  "asking-usable": "restored and usable: deletion awaits approval",
  "asking-unusable": "unusable, deletion scheduled: approval needed",
  approved: "restored and usable: deletion approved",
  kept: "kept and usable",
  usable: "restored and usable",
  "state-unknown": "in an unknown state",
  observed: "scheduled for deletion, observe mode: the guard does not act",
  allowed: "unusable, deletion allowed",
  "cannot-restore": "unusable, restore fails",
  restoring: "unusable, being restored",
};
