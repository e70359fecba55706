import { sha256Hex } from "../ledger/canonical-json.ts";
import type { BodyOf } from "../ledger/entry.ts";
import { type State, stateText } from "../operations/state.ts";

/** Longest text (characters) of a state that is recorded whole. */
const shownLength = 400;

/** Returns `state` as an entry holds it: whole where it is short, and always its SHA-256. */
export function recordedState(state: State): BodyOf<"revert-intended">["to"] {
  const text = stateText(state);
  return { sha256: sha256Hex(text), ...(text.length <= shownLength && { text }) };
}
