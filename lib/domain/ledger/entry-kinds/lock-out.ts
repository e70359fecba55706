import * as v from "valibot";
import { type Kinds, text, texts, whole } from "./members.ts";

/** A key's own resource policy denies the guard what a restore needs, and what was done about it. */
export const lockOutKinds = {
  /** GetKey was denied when the key had to be restored. That RestoreKey or StartKeyUsage was denied is an `effect-failed`. */
  "look-denied": {},
  /**
   * `statements`: the JSON list of the statements to be removed, cut into pieces that joined are whole. `left`: how many other statements the
   * policy has.
   */
  "deny-removal-intended": { calls: texts, statements: texts, left: whole },
  /** A second read showed the policy without them. `found`: after an attempt whose answer was lost. */
  "deny-removed": { how: v.picklist(["answered", "found"]) },
  /** The lock-out stands, and people have to end it. `code`: what the control plane answered, where it refused. */
  "lock-out-left": {
    why: v.picklist([
      ...(["off", "excepted", "observe", "unreadable", "conditional", "no-deny"] as const),
      ...(["removed-within-the-hour", "denied", "refused", "came-back"] as const),
    ]),
    code: v.exactOptional(text),
  },
} as const satisfies Kinds;
