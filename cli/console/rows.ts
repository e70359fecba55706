import { createColors } from "picocolors";
import { foldCase } from "../../lib/domain/case/fold.ts";
import { caseNameFrom } from "../../lib/domain/ledger/case-name.ts";
import { readChain } from "../../lib/domain/ledger/chain.ts";
import type { Entry } from "../../lib/domain/ledger/entry.ts";
import { printableText } from "../../lib/domain/printable-text.ts";
import { approvalOffer } from "../../lib/notices/approval-offer.ts";
import { recordSentence } from "../../lib/notices/entry-sentence.ts";
import { plainSentence } from "../../lib/notices/prose.ts";
import { listedCase } from "../cases/case-list.ts";
import { listChanges } from "../changes/change-list.ts";
import { changeTitle } from "../changes/change-title.ts";
import { caseRow } from "../report/rows/case-row.ts";
import { showTrail } from "../trail/shown-trail.ts";
import type { StoredTrail } from "../trail/stored-trail.ts";
import type { ChainPart, EntryPart, Row, RowQuestion, StackPart } from "./parts.ts";
import { permitOffer, permitRow } from "./permit-row.ts";

const plain = createColors(false);

/** A chain as a row of the list, and by which policy its case was decided last; without a row for a chain that is neither a case nor a change. */
export interface ReadRow {
  readonly row?: Row;
  readonly decided?: NonNullable<StackPart["lastDecided"]>;
}

/** Reads a chain once for all that the list shows of it. */
export function readRow(trail: StoredTrail, place = ""): ReadRow {
  const change = changeRowOf(trail, place);
  if (change !== undefined) return { row: { ...change, ...printable(change) } };
  const permit = permitRow(trail, place);
  if (permit !== undefined) return { row: { ...permit, ...printable(permit) } };
  const reading = readChain(trail.texts, trail.case);
  const row = caseRowOf(trail, reading, place);
  const decided = reading.ok ? reading.chain.entries.findLast((entry) => entry.kind === "decided") : undefined;
  return {
    ...(row && { row: { ...row, ...printable(row) } }),
    ...(decided && { decided: { mode: decided.mode, policyHash: decided.policyHash, at: decided.at } }),
  };
}

/** Strangers choose these: what would hide or reorder text around it is escaped. */
function printable({ title, outcome, rule, requester, requesterName, usage }: Row) {
  const texts = { title, outcome, rule, requester, requesterName, usage };
  const shown = Object.entries(texts).map(([field, text]) => [field, printableText(text, 300)]);
  return Object.fromEntries(shown) as typeof texts;
}

const allTime = { from: 0, to: Number.POSITIVE_INFINITY };

function caseRowOf(trail: StoredTrail, reading: ReturnType<typeof readChain>, place: string): Row | undefined {
  const listed = listedCase(trail, reading);
  if (listed === undefined) return undefined;
  const { case: name, title, openedAt, state, open, outcome, rule, requester, requesterName, usage } = listed;
  const reported = reading.ok ? caseRow(reading.chain, allTime) : undefined;
  const question =
    reading.ok && listed.decideUntil !== undefined
      ? questionOf(reading.chain.entries, reported?.approvedBy ?? [])
      : undefined;
  return {
    ...{ place, name, kind: "case", title, keyArn: caseNameFrom(name)?.keyArn ?? "", operation: "delete" },
    ...{ at: openedAt, state, open, outcome, rule, requester, requesterName, usage, entries: trail.texts.length },
    ...(listed.deletePendingAt !== undefined && { deletePendingAt: listed.deletePendingAt }),
    ...(question && { question }),
    ...(reported?.timeToUsableMs !== undefined && { timeToUsableMs: reported.timeToUsableMs }),
  };
}

function questionOf(entries: readonly Entry[], approvedBy: readonly string[]): RowQuestion | undefined {
  const asked = entries.findLast((entry) => entry.kind === "approval-requested");
  return asked && { until: asked.deadline, from: asked.from, quorum: asked.quorum, approvedBy };
}

/** A change that waits for a person counts as open: it stands although a rule wants it undone, or its chain does not hold. */
const openChanges: readonly string[] = ["left", "reverting", "damaged"];

function changeRowOf(trail: StoredTrail, place: string): Row | undefined {
  const [listed] = listChanges([trail]);
  if (listed === undefined) return undefined;
  const { change, operation, keyArn, changedAt, state, rule, requester, requesterName, says, entries } = listed;
  return {
    ...{ place, name: change, kind: "change", title: changeTitle(change) ?? change, keyArn, operation, at: changedAt },
    ...{ state, open: openChanges.includes(state), outcome: says, rule, requester, requesterName, usage: "", entries },
  };
}

/** Returns a chain entry by entry, as far as it holds. */
export function chainPart(trail: StoredTrail): ChainPart {
  const { entries, head, damage } = showTrail(trail);
  const decided = entries.findLast((entry) => entry.kind === "decided");
  return {
    ...{ entries: entryParts(trail), head, offer: offerOf(trail, entries) },
    ...{ passedOver: decided?.passedOver ?? [], morePassedOver: decided?.morePassedOver ?? 0 },
    ...(damage !== undefined && { damage }),
  };
}

/** Returns the entries of a chain as far as it holds, each as it was stored. */
export function entryParts(trail: StoredTrail): readonly EntryPart[] {
  const { entries, texts } = showTrail(trail);
  return entries.map((entry, n) => ({
    ...{ seq: entry.seq, at: entry.at, kind: entry.kind },
    ...{ sentence: recordSentence(entry, plain), text: texts[n] ?? "" },
  }));
}

function offerOf(trail: StoredTrail, entries: readonly Entry[]): readonly string[] {
  const named = caseNameFrom(trail.case);
  if (named === undefined) return permitOffer(trail);
  const state = foldCase(entries);
  if (state?.question?.state !== "open") return [];
  const reading = readChain(trail.texts, trail.case);
  const reported = reading.ok ? caseRow(reading.chain, allTime) : undefined;
  const asked = questionOf(entries, reported?.approvedBy ?? []);
  const counted = asked && { approvals: asked.approvedBy.length, quorum: asked.quorum };
  return approvalOffer(named, state, counted).map((sentence) => printableText(plainSentence(sentence), 500));
}
