import { type ChangePermit, foldChangePermit } from "../../lib/domain/approval/change-permit.ts";
import { readChain } from "../../lib/domain/ledger/chain.ts";
import { changePermitNameFrom } from "../../lib/domain/ledger/change-permit-name.ts";
import { printableText } from "../../lib/domain/printable-text.ts";
import { changePermitOffer } from "../../lib/notices/change-permit-offer.ts";
import { subjectTitle } from "../changes/change-title.ts";
import type { StoredTrail } from "../trail/stored-trail.ts";
import type { Row } from "./parts.ts";

/** Returns a permit for a change as a row of the list; undefined for any other chain. */
export function permitRow(trail: StoredTrail, place: string): Row | undefined {
  const named = changePermitNameFrom(trail.case);
  if (named === undefined) return undefined;
  const { operation, subject } = named;
  const permit = permitIn(trail);
  const row = {
    ...({ kind: "permit" } as const),
    ...{ place, name: trail.case, operation, usage: "", entries: trail.texts.length },
    ...{ title: titleOf(named), keyArn: subject.kind === "key" ? subject.keyArn : "" },
  } as const;
  if (permit === undefined)
    return { ...row, at: 0, state: "damaged", open: true, outcome: "", rule: "", requester: "", requesterName: "" };
  const { principal, user, rule, at, from, quorum, deadline } = permit.request;
  const state = stateOf(permit);
  const approvedBy = permit.approvals.map(({ person }) => person);
  return {
    ...{ ...row, at, state, open: state === "people-are-asked", outcome: outcomeOf(permit), rule },
    ...{ requester: principal, requesterName: user ?? principal.slice(principal.lastIndexOf("/") + 1) },
    ...(state === "people-are-asked" && { question: { until: deadline, from, quorum, approvedBy } }),
  };
}

/** Returns what an approver of a permit for a change agrees to, sentence by sentence; empty where nobody is asked. */
export function permitOffer(trail: StoredTrail): readonly string[] {
  const permit = permitIn(trail);
  if (permit === undefined || stateOf(permit) !== "people-are-asked") return [];
  return changePermitOffer(permit).map((sentence) => printableText(sentence, 600));
}

function permitIn({ case: name, texts, head }: StoredTrail): ChangePermit | undefined {
  const reading = readChain(texts, name);
  return reading.ok && reading.chain.head === head ? foldChangePermit(reading.chain) : undefined;
}

/** That nobody approved it in time is up to the page: no entry says so. */
function stateOf({ issued, used, revoked }: ChangePermit): string {
  if (used !== undefined) return "permit-used";
  if (revoked !== undefined) return revoked.refused ? "permit-refused" : "permit-revoked";
  return issued === undefined ? "people-are-asked" : "permit-issued";
}

function outcomeOf({ request: { person, operation }, revoked, issued }: ChangePermit): string {
  if (revoked !== undefined) return `${revoked.refused ? "refused" : "revoked"} by ${revoked.by}`;
  if (issued !== undefined) return `approved by ${issued.approvedBy.join(" and ")}`;
  return person === undefined ? `may this change (${operation}) be made again?` : `requested by ${person}`;
}

function titleOf({ operation, subject, id }: ChangePermit["name"]): string {
  return `permit${id.by === "change" ? "" : ` ${id.number}`}: ${operation} ${subjectTitle(subject)}`;
}
