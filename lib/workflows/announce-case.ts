import { joinBurst, updateBurst } from "../domain/burst.ts";
import { caseOf } from "../domain/case.ts";
import { type CaseName, caseNameText } from "../domain/case-name.ts";
import type { Entry } from "../domain/entry.ts";
import { GuardError } from "../domain/guard-error.ts";
import type { Directory } from "../domain/person.ts";
import { burstSummary } from "../notices/burst-summary.ts";
import { caseNotice, type Notice, stateOf } from "../notices/case-notice.ts";
import { sentenceFor } from "../notices/entry-sentence.ts";
import { mailText, tellsByMail } from "../notices/mail.ts";
import type { CaseChannel, Mail, NoticeBoard, NoticeRecord } from "./notice-ports.ts";
import type { CaseStore, Log } from "./ports.ts";

/** What telling people works with. It reads cases, and writes only what was told. */
export interface Announcer {
  readonly cases: Pick<CaseStore, "read">;
  readonly board: NoticeBoard;
  /** Absent where no channel is configured: then mail alone tells. */
  readonly channel?: CaseChannel;
  readonly mail: Mail;
  readonly directory: Directory;
  /** ms since the epoch. */
  readonly clock: () => number;
  readonly newRunId: () => string;
  readonly log: Log;
}

/** One telling, under a claim. */
interface Telling {
  readonly announcer: Announcer;
  readonly owner: string;
  readonly name: CaseName;
  readonly entries: readonly Entry[];
  readonly notice: Notice;
  readonly state: string;
  record: NoticeRecord;
}

/** How long (ms) one telling may take: longer than the function's own timeout. */
const claimFor = 70_000;

/**
 * Tells people of a case as it stands now: the order in which its events come does not matter, and what was told before is not told
 * again. Throws a GuardError when it has to be done again later.
 */
export async function announceCase(announcer: Announcer, name: CaseName): Promise<void> {
  const { cases, board, clock, newRunId, directory, log } = announcer;
  const stored = await cases.read(name);
  if (stored === undefined) return;
  const owner = newRunId();
  const now = clock();
  const record = await board.claim(name, owner, now, now + claimFor);
  if (record === undefined) throw busy(name);
  const state = caseOf(stored.chain);
  const { entries } = stored.chain;
  const notice = caseNotice(state, entries, directory);
  const telling: Telling = { announcer, owner, name, entries, notice, state: stateOf(state), record };
  try {
    await tell(telling);
  } finally {
    await board.note(name, owner, telling.record, true);
  }
  log("NOTIFIED", { ...name, entries: entries.length });
}

async function tell(telling: Telling): Promise<void> {
  const { record, entries } = telling;
  const first = record.ref === undefined && record.told === 0 && record.mailed === 0;
  if (first && telling.notice.tone !== "asking") await join(telling);
  else if (record.grouped) await regroup(telling);
  if (telling.record.grouped && telling.notice.tone !== "asking")
    return await note(telling, { told: entries.length, mailed: entries.length });
  await tellByMail(telling);
  await tellInChannel(telling);
}

async function note(telling: Telling, change: Partial<NoticeRecord>): Promise<void> {
  const { announcer, name, owner } = telling;
  telling.record = { ...telling.record, ...change };
  await announcer.board.note(name, owner, telling.record, false);
}

/** Mail goes first: it is the way out that does not depend on Slack. */
async function tellByMail(telling: Telling): Promise<void> {
  const { announcer, record, entries, notice } = telling;
  const news = entries.slice(record.mailed).filter(tellsByMail);
  if (news.length > 0) {
    const { subject, text } = mailText(telling.name, notice, news);
    await announcer.mail(subject, text);
  }
  if (record.mailed < entries.length) await note(telling, { mailed: entries.length });
}

async function tellInChannel(telling: Telling): Promise<void> {
  const { announcer, name, notice, entries } = telling;
  const { channel } = announcer;
  const { ref, told } = telling.record;
  if (channel === undefined || told >= entries.length) return;
  const shown = await channel.show(name, notice, ref);
  // At once: should the function die here, the next one finds the message and does not make a second.
  if (ref === undefined) return await note(telling, { ref: shown, told: entries.length });
  const news = entries.slice(told);
  const lines = news.flatMap((entry) => sentenceFor(entry) ?? []);
  if (lines.length > 0) {
    const reminders = news.flatMap((entry) => (entry.kind === "approval-reminded" ? [entry.percent] : []));
    const urge = reminders.length > 0 ? (notice.question?.eligible ?? []) : [];
    await channel.reply(shown, lines, urge, reminders.includes(95));
  }
  await note(telling, { told: entries.length });
}

/** A case that is told of for the first time: by itself, or as one of many. */
async function join(telling: Telling): Promise<void> {
  const { announcer, owner, name, state } = telling;
  const { board, clock } = announcer;
  const now = clock();
  const record = await board.claimBurst(owner, now, now + claimFor);
  if (record === undefined) throw busy(name);
  const { burst, grouped } = joinBurst(record.burst, caseNameText(name), state, now);
  // A new burst has a message of its own.
  const ref = record.burst.active && burst.active ? record.ref : undefined;
  await showBurst(telling, { burst, ...(ref !== undefined && { ref }) }, grouped);
  if (grouped) await note(telling, { grouped });
}

/** A case shown in a summary has changed. Once that summary is history, the case gets a message of its own. */
async function regroup(telling: Telling): Promise<void> {
  const { announcer, owner, name, state } = telling;
  const now = announcer.clock();
  const record = await announcer.board.claimBurst(owner, now, now + claimFor);
  if (record === undefined) throw busy(name);
  const burst = updateBurst(record.burst, caseNameText(name), state);
  const member = burst.members[caseNameText(name)]?.grouped ?? false;
  await showBurst(telling, { ...record, burst }, burst !== record.burst);
  if (!member) await note(telling, { grouped: false });
}

async function showBurst(
  { announcer, owner }: Telling,
  record: Parameters<NoticeBoard["noteBurst"]>[1],
  changed: boolean,
): Promise<void> {
  const { board, channel, mail } = announcer;
  let shown = record;
  try {
    if (!changed) return;
    const summary = burstSummary(record.burst);
    if (record.ref === undefined && channel === undefined && summary.count === 1)
      await mail(
        "Many payment keys scheduled for deletion",
        "More than ten within five minutes; this is the last mail about single ones until it is quiet again.",
      );
    if (channel !== undefined) shown = { ...record, ref: await channel.showSummary(summary, record.ref) };
  } finally {
    await board.noteBurst(owner, shown, true);
  }
}

function busy(name: CaseName): GuardError {
  return new GuardError("CASE_CLAIMED", "retry", `somebody else is telling of \`${caseNameText(name)}\``, {
    retryAfter: 3,
  });
}
