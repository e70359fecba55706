import { eventGraceMs } from "../../../lib/domain/case/confirmation.ts";
import { foldCase } from "../../../lib/domain/case/fold.ts";
import type { Chain } from "../../../lib/domain/ledger/chain.ts";
import type { Entry } from "../../../lib/domain/ledger/entry.ts";
import { durationText } from "../../../lib/notices/words.ts";
import type { CaseRow } from "./case-row.ts";
import type { ChangeRow } from "./change-row.ts";
import type { KeptChain } from "./kept-log.ts";
import { isWithin, type Period } from "./period.ts";

/** Each kind of exception with what it means, from the gravest on. */
export const exceptionKinds = {
  "damaged-chain":
    "The log or the table contradicts what is on record of a key: what follows the damage is not counted.",
  "destroyed-without-permission": "A key was destroyed, and no entry before that allows it.",
  "restored-late": "A key was usable again later than the target.",
  "detected-late": "The first entry of a case is more than 15 minutes younger than the call.",
  "requester-unconfirmed": "CloudTrail does not confirm the record on which a deletion was allowed.",
  "event-missed": "No record of the deletion was found: who requested it is unknown.",
  "restored-unrecorded": "A key was restored while the record could not be written.",
  "left-disabled": "A restored key was left disabled.",
  "effect-failed": "A call of the guard failed.",
  "locked-out": "A key's own resource policy denied the guard its calls.",
  "state-unknown": "AWS reported a state of a key that this version does not know.",
  "restored-by-others": "Someone other than the guard restored a key.",
  "change-left": "A change stands although a rule wants it undone.",
} as const;
export type ExceptionKind = keyof typeof exceptionKinds;

/** One exception. Times are ms since the epoch. */
export interface ExceptionRow {
  readonly kind: ExceptionKind;
  /** Absent where no entry tells it. */
  readonly at?: number;
  readonly title: string;
  readonly chain: string;
  readonly says: string;
}

/** Returns the exception that a damaged chain is, whatever can be read of it. */
export function damageException({ name, texts, damage }: KeptChain, title = name): readonly ExceptionRow[] {
  if (damage === undefined) return [];
  const { why, after } = damage;
  const shown = texts.length === 0 ? "nothing of it can be shown" : `its first ${texts.length} entries are shown`;
  const lost = after.length === 0 ? "" : `; after the damage: ${[...new Set(after)].join(", ")}`;
  return [{ kind: "damaged-chain", title, chain: name, says: `${reasons[why]}; ${shown}${lost}` }];
}

const reasons = {
  broken: "an entry of it does not hold",
  "table-differs": "the table contradicts it",
  cut: "the log begins after its first entry",
} as const;

/** Returns the exceptions of a case within the period. */
export function caseExceptions(
  chain: Chain,
  { title, countedAt, detectedAt }: CaseRow,
  period: Period,
  targetMs: number,
): readonly ExceptionRow[] {
  const row = (kind: ExceptionKind, at: number, says: string): ExceptionRow => ({
    ...{ kind, at, says, title, chain: chain.name },
  });
  const late = detectedAt - countedAt;
  return [
    ...(late > eventGraceMs && isWithin(detectedAt, period)
      ? [row("detected-late", detectedAt, `${durationText(late)} after the call`)]
      : []),
    ...chain.entries.flatMap((entry, n) => {
      const found = isWithin(entry.at, period)
        ? exceptionIn(entry, () => chain.entries.slice(0, n), targetMs)
        : undefined;
      return found === undefined ? [] : [row(found.kind, entry.at, found.says)];
    }),
  ];
}

type Found = Pick<ExceptionRow, "kind" | "says">;

function exceptionIn(entry: Entry, before: () => readonly Entry[], targetMs: number): Found | undefined {
  switch (entry.kind) {
    case "key-destroyed":
      return foldCase(before())?.allowed === true
        ? undefined
        : { kind: "destroyed-without-permission", says: `known by ${entry.how}` };
    case "key-usable":
      return (entry.timeToUsableMs ?? 0) > targetMs
        ? { kind: "restored-late", says: `usable ${durationText(entry.timeToUsableMs ?? 0)} after the call` }
        : undefined;
    case "key-restored":
      return entry.how === "unrecorded"
        ? { kind: "restored-unrecorded", says: "restored after an attempt that could not be recorded" }
        : undefined;
    case "lock-out-left":
      return { kind: "locked-out", says: entry.code === undefined ? entry.why : `${entry.why}: ${entry.code}` };
    case "look-denied":
      return { kind: "locked-out", says: "GetKey was denied" };
    case "effect-failed":
      return { kind: "effect-failed", says: `${entry.effect}: ${entry.code}, attempt ${entry.attempt}` };
    case "requester-unconfirmed":
      return { kind: "requester-unconfirmed", says: entry.why };
    case "event-missed":
      return { kind: "event-missed", says: "no record of the call" };
    case "key-left-disabled":
      return { kind: "left-disabled", says: entry.why };
    case "key-state-unknown":
      return { kind: "state-unknown", says: entry.state };
    case "restored-by-others":
      return { kind: "restored-by-others", says: "found restored, and not by the guard" };
    default:
      return undefined;
  }
}

/** Returns the exception that a chain of changes is, if a change of it stands that a rule wants undone. */
export function changeException({
  change,
  subject,
  changedAt,
  ends,
  says,
  whyLeft,
}: ChangeRow): readonly ExceptionRow[] {
  if (ends.left === 0) return [];
  const why = whyLeft === "" ? "" : ` (${whyLeft})`;
  return [{ kind: "change-left", at: changedAt, title: subject, chain: change, says: `${says}${why}` }];
}
