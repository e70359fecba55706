import { type Kinds, text, whole } from "./members.ts";
import { requestId, voter } from "./people.ts";

const statement = { voter, person: text, reason: text, requestId };

/** Pauses of the guard. A pause is a chain of its own: it concerns no single key. */
export const pauseKinds = {
  /** The first entry of every pause. */
  "pause-requested": { number: whole, forMs: whole, ...statement },
  "pause-granted": { ...statement, until: whole },
  "pause-ended": statement,
} as const satisfies Kinds;
