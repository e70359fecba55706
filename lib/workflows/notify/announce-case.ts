import { caseOf } from "../../domain/case/fold.ts";
import { escalationPercent } from "../../domain/case/question.ts";
import { GuardError } from "../../domain/guard-error.ts";
import { type CaseName, caseNameText } from "../../domain/ledger/case-name.ts";
import { hourMs } from "../../domain/time.ts";
import { caseNotice, stateOf } from "../../notices/case-notice.ts";
import { noticeSentence } from "../../notices/entry-sentence.ts";
import { isMailed, mailText } from "../../notices/mail.ts";
import type { CaseChannel } from "../ports/notices.ts";
import { addToSummary, leaveSummary } from "./announce-burst.ts";
import { eachOf } from "./each-of.ts";
import {
  type Announcer,
  type CaseNotification,
  type Claimed,
  claimSubject,
  postOnce,
  release,
  saveRecord,
} from "./notification.ts";

/**
 * Notifies people of a case as it stands now: the order in which its events come does not matter, and what was announced before is not told
 * again. Throws a GuardError when it has to be done again later.
 */
export async function announceCase(announcer: Announcer, name: CaseName): Promise<void> {
  const claimed = await claimSubject(announcer, { series: name.keyArn, number: name.generation });
  await eachOf([async () => await notifyOfCase(claimed, name), async () => await release(claimed)]);
}

async function notifyOfCase(claimed: Claimed, name: CaseName): Promise<void> {
  const { announcer } = claimed;
  // INVARIANT: read under the claim; a case read before it may be older than what someone has told meanwhile.
  const stored = await announcer.cases.read(name);
  if (stored === undefined)
    throw new GuardError("CASE_UNKNOWN", "dead-letter", `there is no case \`${caseNameText(name)}\``);
  const state = caseOf(stored.chain);
  const { entries } = stored.chain;
  const notice = caseNotice(state, entries, announcer.directory);
  // The record moves on while the case is announced: one object, not a copy.
  const notification: CaseNotification = Object.assign(claimed, { name, entries, notice, state: stateOf(state) });
  await notifyWhereItBelongs(notification);
  announcer.log("NOTIFIED", { ...name, entries: entries.length, place: notification.record.place });
}

async function notifyWhereItBelongs(notification: CaseNotification): Promise<void> {
  const { record, notice } = notification;
  const { place } = record;
  // Whatever people can do something about has a message of its own, however many there are: the buttons are there.
  const own = place === "own" || record.ref !== undefined || notice.needsPeople;
  if (!own && (await addToSummary(notification)) === "summary") return;
  await eachOf([
    async () => await sendMail(notification),
    async () => await postToChannel(notification),
    async () => await escalate(notification),
    async () => await keepOwnMessage(notification, place),
  ]);
}

/** Last, so that no trouble with the summary keeps back the message itself; a retry finds it by `ref` and gets here again. */
async function keepOwnMessage(
  notification: CaseNotification,
  before: CaseNotification["record"]["place"],
): Promise<void> {
  if (before === "own") return;
  if (before === "summary") await leaveSummary(notification);
  await saveRecord(notification, { place: "own" });
}

async function sendMail(notification: CaseNotification): Promise<void> {
  const { announcer, record, entries, notice, name } = notification;
  if (record.mailed >= entries.length) return;
  const newEntries = entries.slice(record.mailed).filter(isMailed);
  if (newEntries.length > 0) {
    const { subject, text } = mailText(name, notice, newEntries);
    await announcer.mail(subject, text);
  }
  await saveRecord(notification, { mailed: entries.length });
}

/** The message shows the case as it stands; its thread tells the whole story, every sentence once. */
async function postToChannel(notification: CaseNotification): Promise<void> {
  const { announcer, entries } = notification;
  const { channel } = announcer;
  if (channel === undefined || notification.record.told >= entries.length) return;
  const post = async () => await showAndReply(notification, channel);
  try {
    if (!(await postOnce(notification, ["posts", String(entries.length)], post))) await mailInstead(notification);
  } catch (error) {
    const oldest = entries[notification.record.told]?.at ?? announcer.clock();
    if (announcer.clock() - oldest >= channelPatienceMs) await mailInstead(notification);
    throw error;
  }
}

/** How long (ms) people wait for a channel that fails. */
const channelPatienceMs = hourMs;

/** What the channel does not show is mailed, as far as it was not mailed anyway. Does nothing the second time. */
async function mailInstead(notification: CaseNotification): Promise<void> {
  const { announcer, record, entries, notice, name } = notification;
  const seen = Math.max(record.told, record.mailedInstead ?? 0);
  if (seen >= entries.length) return;
  const unseen = entries.slice(seen).filter((entry) => !isMailed(entry));
  if (unseen.some((entry) => noticeSentence(entry) !== undefined)) {
    const { subject, text } = mailText(name, notice, unseen);
    await announcer.mail(subject, text);
  }
  await saveRecord(notification, { mailedInstead: entries.length });
}

async function showAndReply(notification: CaseNotification, channel: CaseChannel): Promise<void> {
  const { name, notice, entries } = notification;
  const { ref, told } = notification.record;
  const shown = await channel.show(name, notice, ref);
  // At once: should the function die here, the next one finds the message and does not make a second.
  if (shown !== ref) await saveRecord(notification, { ref: shown });
  const newEntries = entries.slice(told);
  const lines = newEntries.flatMap((entry) => noticeSentence(entry) ?? []);
  const reminded = newEntries.some(({ kind }) => kind === "approval-reminded");
  if (lines.length > 0) await channel.reply(shown, lines, reminded ? (notice.question?.eligible ?? []) : []);
  await saveRecord(notification, { told: entries.length, posts: undefined });
}

/**
 * Calls others in when the time is nearly over; with a cursor of its own, so that trouble with them repeats nothing in the thread. They are
 * called in all the more where the custodians' channel has no message.
 */
async function escalate(notification: CaseNotification): Promise<void> {
  const { announcer, name, notice, entries, record } = notification;
  const due = entries
    .slice(record.escalated)
    .some((entry) => entry.kind === "approval-reminded" && entry.percent >= escalationPercent);
  const { channel } = announcer;
  const { ref } = record;
  if (channel === undefined || !due) return;
  await postOnce(notification, ["escalationPosts", String(entries.length)], async () => {
    if (notice.question?.deadline !== undefined) await channel.escalate(name, notice, ref);
    await saveRecord(notification, { escalated: entries.length, escalationPosts: undefined });
  });
}
