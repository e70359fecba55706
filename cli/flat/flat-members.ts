import type { Entry } from "../../lib/domain/ledger/entry.ts";
import { principalOf, type Requester } from "../../lib/domain/people/requester.ts";
import { type Voter, voterName } from "../../lib/domain/people/vote.ts";

type Text = string | null;

/** Returns who did what an entry records: the caller in CloudTrail's record, a voter, or the guard itself. */
export function actorIn(entry: Entry): { readonly actor: Text; readonly actor_type: Text } {
  const requester = requesterIn(entry);
  if (requester !== undefined) return { actor: principalOf(requester), actor_type: requester.kind };
  const voter = voterIn(entry);
  if (voter !== undefined) return { actor: voterName(voter), actor_type: voter.via };
  return ownKinds.has(entry.kind) ? { actor: "reprieve", actor_type: "guard" } : { actor: null, actor_type: null };
}

/** Acts of the guard itself. */
const ownKinds: ReadonlySet<Entry["kind"]> = new Set([
  ...(["decided", "change-judged", "deletion-allowed", "restore-intended", "key-restored"] as const),
  ...(["usage-start-intended", "key-usable", "effect-failed", "deny-removal-intended", "deny-removed"] as const),
  ...(["revert-intended", "change-reverted", "closing"] as const),
]);

function requesterIn(entry: Entry): Requester | undefined {
  if ("request" in entry) return entry.request.requester;
  return "requester" in entry ? entry.requester : undefined;
}

function voterIn(entry: Entry): Voter | undefined {
  if (entry.kind === "vote-cast") return entry.vote.voter;
  return "voter" in entry ? entry.voter : undefined;
}

/** Returns the person of the policy's directory whom an entry names as the one who acted. */
export function personIn(entry: Entry): Text {
  if ("person" in entry) return entry.person ?? null;
  return entry.kind === "approval-refused" || entry.kind === "permit-revoked" ? entry.by : null;
}

/** Returns what an entry has of CloudTrail's record of a call. */
export function requestIn(entry: Entry): Readonly<Record<"source_ip" | "event_id" | "request_id", Text>> {
  const request = "request" in entry ? entry.request : undefined;
  const eventId = request?.eventId ?? ("eventId" in entry ? entry.eventId : undefined);
  const sourceIp = request?.sourceIp ?? ("sourceIp" in entry ? entry.sourceIp : undefined);
  return { source_ip: sourceIp ?? null, event_id: eventId ?? null, request_id: request?.requestId ?? null };
}

/** Returns what an entry decides: the outcome of a rule, a vote, or how a key ended. */
export function outcomeIn(entry: Entry): Text {
  switch (entry.kind) {
    case "decided":
      return entry.effect.outcome;
    case "change-judged":
      return entry.outcome;
    case "vote-cast":
      return entry.refused === undefined ? entry.vote.choice : "refused";
    case "deletion-allowed":
      return "allow";
    case "effect-failed":
    case "call-refused":
      return "failed";
    default:
      return null;
  }
}

/** Returns why: in the words of a person, or the code of the cause. */
export function reasonIn(entry: Entry): Text {
  if (entry.kind === "vote-cast") return entry.vote.reason ?? entry.refused ?? null;
  if ("reason" in entry) return entry.reason;
  if ("why" in entry) return entry.why;
  if (entry.kind === "call-refused") return entry.errorCode;
  return "code" in entry ? entry.code : null;
}
