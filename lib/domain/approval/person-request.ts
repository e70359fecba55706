import type { GuardErrorCode } from "../guard-error.ts";
import { sha256Hex } from "../ledger/canonical-json.ts";
import { type CaseName, caseNameText } from "../ledger/case-name.ts";
import { type ChangeName, changeNameText } from "../ledger/change-name.ts";
import type { BodyOf } from "../ledger/entry.ts";
import { subjectText } from "../operations/subject.ts";
import type { Vote } from "../people/vote.ts";
import type { ChangePermitCommand, ChangePermitVerdict } from "./change-permit-command.ts";
import type { VoteVerdict } from "./dual-control.ts";
import type { PauseRequest, PauseVerdict } from "./pause.ts";
import type { PermitCommand, PermitVerdict } from "./permit-command.ts";

/** What a person requests of the stack. Who that is, is proven beside it. */
export type PersonRequest =
  | { readonly about: "vote"; readonly name: CaseName; readonly vote: Omit<Vote, "voter"> }
  | { readonly about: "usage-start"; readonly name: CaseName; readonly reason?: string }
  | { readonly about: "pause"; readonly request: PauseRequest }
  | { readonly about: "permit"; readonly command: PermitCommand }
  | { readonly about: "export"; readonly exported: ReportedExport }
  | { readonly about: "change-permit"; readonly command: ChangePermitCommand }
  /** To start the key that was stopped by the changes `name`. */
  | { readonly about: "key-start"; readonly name: ChangeName; readonly reason: string };

/** An export of the audit trail, as the person who made it reports it. */
export type ReportedExport = Pick<
  BodyOf<"trail-exported">,
  "from" | "to" | "digest" | "objects" | "entries" | "reason"
>;

/** `refused`: the caller is no person of the policy, or the proof is too old. */
export type ExportVerdict =
  | { readonly kind: "recorded" }
  | { readonly kind: "refused"; readonly why: "stranger" | "proof-expired" };

export type CaseRequest = Extract<PersonRequest, { readonly about: "vote" | "usage-start" }>;

/** The verdict on a request. */
export type RequestVerdict =
  | { readonly about: "case"; readonly verdict: VoteVerdict }
  | { readonly about: "pause"; readonly verdict: PauseVerdict }
  | { readonly about: "permit"; readonly verdict: PermitVerdict }
  | { readonly about: "export"; readonly verdict: ExportVerdict }
  | { readonly about: "change-permit"; readonly verdict: ChangePermitVerdict }
  | { readonly about: "key-start"; readonly verdict: VoteVerdict }
  /** It could not be judged, and never will be. */
  | { readonly about: "nothing"; readonly verdict: { readonly kind: "refused"; readonly why: GuardErrorCode } };

/** Returns whether a request only ever protects a key: it counts also where its proof cannot be verified again. */
export function isKeep(request: PersonRequest): boolean {
  return request.about === "vote" && request.vote.choice === "keep";
}

/**
 * Returns the group of a request, for a queue: what is in one group is judged one after another. INVARIANT: Keeps have a group of their
 * own for each case, so that nothing that waits or fails is ahead of them but another Keep.
 */
export function requestGroup(request: PersonRequest): string {
  switch (request.about) {
    case "vote":
    case "usage-start":
      return `${isKeep(request) ? "keep" : "case"}.${sha256Hex(caseNameText(request.name))}`;
    case "change-permit": {
      const { command } = request;
      const about =
        command.do === "request" ? { operation: command.operation, subject: command.subject } : command.name;
      return `change-permit.${sha256Hex(`${about.operation}#${subjectText(about.subject)}`)}`;
    }
    case "key-start":
      return `change.${sha256Hex(changeNameText(request.name))}`;
    case "pause":
      return "pause";
    case "export":
      return "export";
    case "permit": {
      const { command } = request;
      return `permit.${sha256Hex(command.do === "request" ? command.keyArn : command.name.keyArn)}`;
    }
  }
}

/** Returns the verdict as one word for each outcome, so that two can be compared: `case.counted.granted`. */
export function verdictKey({ about, verdict }: RequestVerdict): string {
  const more = "state" in verdict ? verdict.state : "why" in verdict ? verdict.why : undefined;
  return [about, verdict.kind, ...(more === undefined ? [] : [more])].join(".");
}
