import type { Case } from "../../../lib/domain/case/case.ts";
import { foldCase } from "../../../lib/domain/case/fold.ts";
import { sha256Hex } from "../../../lib/domain/ledger/canonical-json.ts";
import type { Chain } from "../../../lib/domain/ledger/chain.ts";
import type { Entry } from "../../../lib/domain/ledger/entry.ts";
import { permitText } from "../../../lib/domain/ledger/permit-name.ts";
import { principalOf } from "../../../lib/domain/people/requester.ts";
import { keyTitle } from "../../../lib/notices/key-title.ts";
import { requesterText, voterText } from "../../../lib/notices/words.ts";
import type { CasePart, PeriodEnd } from "./case-totals.ts";
import { entriesBefore, type Period } from "./period.ts";

/** One case as an assessor asks of it, as it stood at the end of the time of the report. Times are ms since the epoch. */
export interface CaseRow {
  readonly case: string;
  /** What people call the key. */
  readonly title: string;
  readonly part: CasePart;
  readonly keyArn: string;
  readonly usage: string;
  readonly kcv: string;
  /** The time by which it is counted: of the earliest call on record, or of its first entry where that is earlier. */
  readonly countedAt: number;
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
  readonly end: PeriodEnd;
  /** How it stands at the end of the log, where that differs. */
  readonly endLater: PeriodEnd | "";
  readonly timeToUsableMs?: number;
  readonly allowedBy: string;
  /** Name of the permit that let the deletion pass, and those who gave it, as far as they are known. */
  readonly permit: string;
  readonly permitGivenBy: readonly string[];
  readonly confirmed: string;
  readonly destroyedAt?: number;
  /** Whether StartKeyUsage answered, or the key was found enabled. Empty where it is not usable. */
  readonly usableKnownBy: string;
  readonly destructionKnownBy: string;
  /** The chain does not hold: this is what comes before the damage. */
  readonly damaged: boolean;
  readonly entries: number;
  readonly head: string;
}

/** Returns the row of a case in the report of a period; undefined for a chain that is no case, or that the period does not concern. */
export function caseRow(chain: Chain, period: Period, damaged = false): CaseRow | undefined {
  const now = foldCase(chain.entries);
  if (now === undefined) return undefined;
  const countedAt = countedTime(now);
  const [before, until] = [period.from, period.to].map((time) => entriesBefore(chain.entries, time));
  const part = partOf(countedAt, before ?? [], until ?? [], period);
  if (part === undefined) return undefined;
  const end = endAfter(until ?? []);
  // Of a case without an entry in time only what it begins with is shown: the key, and who deleted it.
  const shown = until?.length ? until : chain.entries.slice(0, 1);
  const endNow = now.end ?? "open";
  return {
    ...shownIn(shown, foldCase(shown) ?? now),
    ...{ part, countedAt, end, endLater: end === endNow ? "" : endNow, damaged },
    ...{ entries: shown.length, head: sha256Hex(chain.texts[shown.length - 1] ?? "") },
  };
}

/** INVARIANT: it never becomes later when the case goes on, so that no deletion is counted in two adjacent periods. */
function countedTime({ openedAt, requests }: Case): number {
  return Math.min(openedAt, ...requests.map(({ at }) => at));
}

function endAfter(entries: readonly Entry[]): PeriodEnd {
  return entries.length === 0 ? "recorded-after" : (foldCase(entries)?.end ?? "open");
}

function partOf(
  countedAt: number,
  before: readonly Entry[],
  until: readonly Entry[],
  { from, to }: Period,
): CasePart | undefined {
  if (countedAt >= to) return undefined;
  if (countedAt >= from) return "requested";
  const began = endAfter(before);
  if (began === "open") return "carried-over";
  if (began === "recorded-after") return until.length === 0 ? undefined : "recorded-late";
  return began === endAfter(until) ? undefined : "reopened";
}

type Shown = Omit<CaseRow, "part" | "countedAt" | "end" | "endLater" | "damaged" | "entries" | "head">;

function shownIn(entries: readonly Entry[], state: Case): Shown {
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
    allowedBy: entriesOf("deletion-allowed").at(-1)?.by ?? "",
    permit: state.permitUsed === undefined ? "" : permitText(state.keyArn, state.permitUsed),
    permitGivenBy: [],
    confirmed: entriesOf("deletion-allowed").length > 0 ? state.confirmation : "",
    usableKnownBy: usable?.how ?? "",
    destructionKnownBy: destroyed?.how ?? "",
    ...(request && { requestedAt: request.at }),
    ...(deletePendingAt !== undefined && { deletePendingAt }),
    ...(usable?.timeToUsableMs !== undefined && { timeToUsableMs: usable.timeToUsableMs }),
    ...(destroyed && { destroyedAt: destroyed.at }),
  };
}
