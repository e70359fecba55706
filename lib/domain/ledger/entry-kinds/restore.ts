import * as v from "valibot";
import { flag, type Kinds, optionalText, optionalWhole, text, whole } from "./members.ts";
import { requestId, voter } from "./people.ts";

/** What the guard does to bring a key back, and how far it came. */
export const restoreKinds = {
  "restore-intended": { late: flag },
  "key-restored": {
    enabled: flag,
    /** `answered`: RestoreKey said so; `found`: seen after an intent of ours; `unrecorded`: after an attempt the store could not record. */
    how: v.picklist(["answered", "found", "unrecorded"]),
    restoredAfterMs: optionalWhole,
  },
  "usage-start-requested": { voter, person: text, reason: optionalText, requestId },
  "usage-start-intended": {
    evidence: v.picklist([
      ...(["enabled-in-deletion-response", "enabled-in-inventory"] as const),
      ...(["stopped-by-deletion", "requested-by-person"] as const),
    ]),
  },
  "key-usable": {
    /** `answered`: StartKeyUsage said so; `found`: seen enabled, be it since the restore, or after a start whose answer was lost. */
    how: v.picklist(["answered", "found"]),
    timeToUsableMs: optionalWhole,
    despiteRule: flag,
  },
  "key-left-disabled": {
    why: v.picklist([
      ...(["rule", "stopped-before-deletion", "disabled-in-inventory", "usage-changed-since"] as const),
      ...(["no-evidence-that-it-was-enabled", "start-failed"] as const),
    ]),
  },
  "effect-failed": { effect: v.picklist(["restore", "start-usage"]), code: text, attempt: whole },
} as const satisfies Kinds;
