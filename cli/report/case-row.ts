import { foldCase } from "../../lib/domain/case/fold.ts";
import type { Entry } from "../../lib/domain/ledger/entry.ts";
import { permitText } from "../../lib/domain/ledger/permit-name.ts";
import { principalOf } from "../../lib/domain/people/requester.ts";
import { keyTitle } from "../../lib/notices/key-title.ts";
import { requesterText, voterText } from "../../lib/notices/words.ts";

/** One case as an assessor asks of it. Times are ms since the epoch. */
export interface CaseRow {
  readonly case: string;
  /** What people call the key. */
  readonly title: string;
  readonly keyArn: string;
  readonly usage: string;
  readonly kcv: string;
  readonly requestedAt?: number;
  /** The stable name: an ARN where there is one. */
  readonly requester: string;
  /** Who that was, for people; of an Identity Center role its session. */
  readonly requesterName: string;
  readonly sourceIp: string;
  readonly eventId: string;
  readonly detectedAt: number;
  readonly detectedBy: string;
  readonly deletePendingAt?: number;
  readonly outcome: string;
  readonly rule: string;
  readonly policyHash: string;
  readonly mode: string;
  readonly approvedBy: readonly string[];
  readonly keptBy: readonly string[];
  readonly end: string;
  readonly timeToUsableMs?: number;
  readonly allowedBy: string;
  /** Name of the permit that let the deletion pass, and those who gave it, as far as they are known. */
  readonly permit: string;
  readonly permitGivenBy: readonly string[];
  readonly confirmed: string;
  readonly destroyedAt?: number;
  readonly destructionKnownBy: string;
  readonly entries: number;
  readonly head: string;
}

/** The row of one case, or undefined for entries that are none. */
export function caseRow(entries: readonly Entry[], head: string): CaseRow | undefined {
  const state = foldCase(entries);
  if (state === undefined) return undefined;
  const { decision, requests, key, deletePendingAt } = state;
  const request = requests.at(-1);
  const entriesOf = <Kind extends Entry["kind"]>(kind: Kind) =>
    entries.filter((entry): entry is Extract<Entry, { kind: Kind }> => entry.kind === kind);
  const votes = entriesOf("vote-cast").filter(({ refused }) => refused === undefined);
  const voters = (choice: "approve" | "keep") => [
    ...new Set(
      votes.filter(({ vote }) => vote.choice === choice).map(({ vote, person }) => person ?? voterText(vote.voter)),
    ),
  ];
  const destroyed = entriesOf("key-destroyed").at(-1);
  const usable = entriesOf("key-usable").at(-1);
  const [first] = entriesOf("deletion-detected");
  return {
    case: `${state.keyArn}#${state.generation}`,
    title: keyTitle(state),
    keyArn: state.keyArn,
    usage: key?.usage ?? "",
    kcv: key?.kcv ?? "",
    requester: request === undefined ? "unknown" : principalOf(request.requester),
    requesterName: request === undefined ? "unknown" : requesterText(request.requester),
    sourceIp: request?.sourceIp ?? "",
    eventId: request?.eventId ?? "",
    detectedAt: state.openedAt,
    detectedBy: first?.source ?? "",
    outcome: decision?.effect.outcome ?? "none",
    rule: decision?.rule ?? "",
    policyHash: decision?.policyHash ?? "",
    mode: decision?.mode ?? "",
    approvedBy: voters("approve"),
    keptBy: voters("keep"),
    end: state.end ?? "open",
    allowedBy: entriesOf("deletion-allowed").at(-1)?.by ?? "",
    permit: state.permitUsed === undefined ? "" : permitText(state.keyArn, state.permitUsed),
    permitGivenBy: [],
    confirmed: entriesOf("deletion-allowed").length > 0 ? state.confirmation : "",
    destructionKnownBy: destroyed?.how ?? "",
    entries: entries.length,
    head,
    ...(request && { requestedAt: request.at }),
    ...(deletePendingAt !== undefined && { deletePendingAt }),
    ...(usable?.timeToUsableMs !== undefined && { timeToUsableMs: usable.timeToUsableMs }),
    ...(destroyed && { destroyedAt: destroyed.at }),
  };
}
