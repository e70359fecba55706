import { caseOf } from "../../domain/case/fold.ts";
import { GuardError } from "../../domain/guard-error.ts";
import { type CaseName, caseNameText } from "../../domain/ledger/case-name.ts";
import { caseNotice, needsPeople, stateOf } from "../../notices/case-notice.ts";
import { noticeSentence } from "../../notices/entry-sentence.ts";
import { mailText, tellsByMail } from "../../notices/mail.ts";
import { leaveSummary, tellInSummary } from "./announce-burst.ts";
import { eachOf } from "./each-of.ts";
import { type Announcer, type Claimed, claimSubject, note, release, type Telling } from "./telling.ts";

/**
 * Tells people of a case as it stands now: the order in which its events come does not matter, and what was told before is not told
 * again. Throws a GuardError when it has to be done again later.
 */
export async function announceCase(announcer: Announcer, name: CaseName): Promise<void> {
  const claimed = await claimSubject(announcer, { of: name.keyArn, no: name.generation });
  await eachOf([async () => await tell(claimed, name), async () => await release(claimed)]);
}

async function tell(claimed: Claimed, name: CaseName): Promise<void> {
  const { announcer } = claimed;
  // INVARIANT: read under the claim; a case read before it may be older than what somebody has told meanwhile.
  const stored = await announcer.cases.read(name);
  if (stored === undefined)
    throw new GuardError("CASE_UNKNOWN", "dead-letter", `there is no case \`${caseNameText(name)}\``);
  const state = caseOf(stored.chain);
  const { entries } = stored.chain;
  const notice = caseNotice(state, entries, announcer.directory);
  // The record moves on while the case is told: one object, not a copy.
  const telling: Telling = Object.assign(claimed, { name, entries, notice, state: stateOf(state) });
  await tellSomewhere(telling);
  announcer.log("NOTIFIED", { ...name, entries: entries.length, place: telling.record.place });
}

async function tellSomewhere(telling: Telling): Promise<void> {
  const { record, notice } = telling;
  const { place } = record;
  // Whatever people can do something about has a message of its own, however many there are: the buttons are there.
  const own = place === "own" || record.ref !== undefined || needsPeople(notice);
  if (!own && (await tellInSummary(telling)) === "summary") return;
  await eachOf([
    async () => await tellByMail(telling),
    async () => await tellInChannel(telling),
    async () => await escalate(telling),
    async () => await settle(telling, place),
  ]);
}

/** Last, so that no trouble with the summary keeps back the message itself; a retry finds it by `ref` and gets here again. */
async function settle(telling: Telling, before: Telling["record"]["place"]): Promise<void> {
  if (before === "own") return;
  if (before === "summary") await leaveSummary(telling);
  await note(telling, { place: "own" });
}

async function tellByMail(telling: Telling): Promise<void> {
  const { announcer, record, entries, notice, name } = telling;
  if (record.mailed >= entries.length) return;
  const news = entries.slice(record.mailed).filter(tellsByMail);
  if (news.length > 0) {
    const { subject, text } = mailText(name, notice, news);
    await announcer.mail(subject, text);
  }
  await note(telling, { mailed: entries.length });
}

/** The message shows the case as it stands; its thread tells the whole story, every sentence once. */
async function tellInChannel(telling: Telling): Promise<void> {
  const { announcer, name, notice, entries } = telling;
  const { channel } = announcer;
  const { ref, told } = telling.record;
  if (channel === undefined || told >= entries.length) return;
  const shown = await channel.show(name, notice, ref);
  // At once: should the function die here, the next one finds the message and does not make a second.
  if (shown !== ref) await note(telling, { ref: shown });
  const news = entries.slice(told);
  const lines = news.flatMap((entry) => noticeSentence(entry) ?? []);
  const reminded = news.some(({ kind }) => kind === "approval-reminded");
  if (lines.length > 0) await channel.reply(shown, lines, reminded ? (notice.question?.eligible ?? []) : []);
  await note(telling, { told: entries.length });
}

/** Calls others in when the time is nearly over; with a cursor of its own, so that trouble with them repeats nothing in the thread. */
async function escalate(telling: Telling): Promise<void> {
  const { announcer, name, notice, entries, record } = telling;
  const due = entries
    .slice(record.escalated)
    .some((entry) => entry.kind === "approval-reminded" && entry.percent === 95);
  if (announcer.channel === undefined || record.ref === undefined || !due) return;
  if (notice.question?.deadline !== undefined) await announcer.channel.escalate(name, notice, record.ref);
  await note(telling, { escalated: entries.length });
}
