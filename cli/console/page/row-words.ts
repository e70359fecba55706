import type { Row } from "../parts.ts";

/** What a state means to a person; one that is missing here is shown as it is. */
const stateTexts: Readonly<Record<string, string>> = {
  "key-usable": "usable again",
  "key-left-disabled": "restored, key usage stopped",
  "restored-by-others": "restored by others",
  "deletion-superseded": "deleted again",
  "key-destroyed": "destroyed",
  "deletion-allowed": "deletion allowed",
  "people-are-asked": "people are asked",
  observed: "observed, NOT restored",
  open: "open",
  "restore-intended": "being restored",
  "restore-restored": "restored, not usable yet",
  "permit-issued": "permit issued",
  "permit-used": "permit used",
  "permit-refused": "refused",
  "permit-revoked": "permit revoked",
  "not-decided": "not approved in time",
  damaged: "chain damaged",
  left: "left as changed",
  reverting: "being reverted",
  notified: "notified",
  reverted: "reverted",
  "as-before": "as before",
  allowed: "allowed",
  rewritten: "history rewritten",
  gone: "gone from the table",
};

/** Returns a state in words. */
export function stateText(state: string): string {
  return stateTexts[state] ?? state;
}

const good = ["key-usable", "reverted", "as-before"];
const bad = ["key-destroyed", "damaged", "left", "rewritten", "gone"];
const warn = [
  "open",
  "reverting",
  "people-are-asked",
  "permit-issued",
  "restore-intended",
  "restore-restored",
  "deletion-allowed",
  "observed",
];

/** Returns the state of a row at `now` (ms): no entry says that nobody approved a permit in time. */
export function stateAt({ kind, state, tampered, question }: Row, now: number): string {
  const isOver = kind === "permit" && question !== undefined && question.until <= now;
  return tampered ?? (isOver ? "not-decided" : state);
}

/** Returns whether people can still answer what they are asked, at `now` (ms). */
export function isAsked(row: Row, now: number): boolean {
  return row.question !== undefined && stateAt(row, now) !== "not-decided";
}

/** What a row is about, as a heading. */
export const kindTexts: Readonly<Record<Row["kind"], string>> = {
  case: "Case",
  change: "Change",
  permit: "Permit for a change",
};

/** Returns how a state is drawn. The words say the same. */
export function toneOf({ state, tampered }: Pick<Row, "state" | "tampered">): "good" | "bad" | "warn" | "plain" {
  const shown = tampered ?? state;
  if (bad.includes(shown)) return "bad";
  if (good.includes(shown)) return "good";
  return warn.includes(shown) ? "warn" : "plain";
}

/** Returns an age as short as it is clear: `12 s`, `4 min`, `3 h`, `2 d`. */
export function ageText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  return seconds < 48 * 3600 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}
