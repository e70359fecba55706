import { recordedState } from "../../domain/change/change-entries.ts";
import type { BodyOf, ChangeDetected } from "../../domain/ledger/entry.ts";
import { subjectText } from "../../domain/operations/subject.ts";
import type { Policy } from "../../domain/policy/policy.ts";
import type { Judged } from "./judge.ts";
import type { Sight } from "./see-change.ts";

/** Returns the entry that records a change. `readable`: its record says what was changed. */
export function detectedEntry(sight: Sight, { seen }: Judged, version: string, readable: boolean): ChangeDetected {
  const { operation, recorded, subject, keyArn } = sight;
  const { eventId, at, requester, invokedBy, sourceIp, userAgent, source = "event" } = recorded;
  const says = readable ? operation.says(seen) : `called ${seen.call}, and its record does not say what it changed`;
  return {
    ...{ kind: "change-detected", operation: operation.name, subject: subjectText(subject), source },
    ...{ eventId, changedAt: at, says, guardVersion: version },
    // Nobody saw the call that the inventory infers, nor who made it.
    ...(source === "event" && { call: seen.call, requester }),
    ...(keyArn !== undefined && { keyArn }),
    ...(invokedBy !== undefined && { invokedBy }),
    ...(sourceIp !== undefined && { sourceIp }),
    ...(userAgent !== undefined && { userAgent }),
    ...(seen.before !== undefined && { before: recordedState(seen.before) }),
    ...(seen.after !== undefined && { after: recordedState(seen.after) }),
  };
}

/** Returns the entry that records what the policy says of a change. */
export function judgedEntry({ hash }: Pick<Policy, "hash">, judged: Judged): BodyOf<"change-judged"> {
  const { outcome, rule, weight, mode, doubt, pausedBy, permit, starters } = judged;
  return {
    ...{ kind: "change-judged", outcome, rule, weight, mode, policyHash: hash },
    ...(pausedBy !== undefined && { pause: pausedBy }),
    ...(doubt !== undefined && { doubt }),
    ...(permit !== undefined && { permit }),
    ...(starters !== undefined && { starters: starters.persons }),
    ...(starters?.proof !== undefined && { startProof: starters.proof }),
  };
}
