import { codeOf } from "../../domain/guard-error.ts";
import { caseNameText } from "../../domain/ledger/case-name.ts";
import { type Burst, leaveBurst, placeInBurst } from "../../notices/burst.ts";
import { burstSummary, summaryMail } from "../../notices/burst-summary.ts";
import type { BurstRecord } from "../ports/notices.ts";
import { type BoundedNotice, postBounded } from "./bounded-post.ts";
import { eachOf } from "./each-of.ts";
import { busy, type CaseNotification, claimMs, saveRecord } from "./notification.ts";

/** The summary of a burst while it is announced, under a claim. */
interface Summary {
  readonly notification: CaseNotification;
  record: BurstRecord;
}

/**
 * A case that nobody can do anything about: shown by itself, or as one of many in a summary, and then told there. A summary that
 * has become history shows nothing new any more: its cases are placed again.
 */
export async function addToSummary(notification: CaseNotification): Promise<"own" | "summary"> {
  const { announcer, name, state, notice } = notification;
  const now = announcer.clock();
  const standing = { state, title: notice.title };
  try {
    const burst = await inBurst(notification, (before) => placeInBurst(before, caseNameText(name), standing, now));
    return isGrouped(burst, notification) ? "summary" : "own";
  } catch (error) {
    // A damaged summary must not silence the cases: each is announced by itself.
    if (codeOf(error) !== "NOTICE_UNREADABLE") throw error;
    announcer.log("SUMMARY_UNREADABLE", { ...name });
    return "own";
  }
}

/** The case has a message of its own now. */
export async function leaveSummary(notification: CaseNotification): Promise<void> {
  await inBurst(notification, (before) => leaveBurst(before, caseNameText(notification.name)));
}

async function inBurst(notification: CaseNotification, change: (before: Burst) => Burst): Promise<Burst> {
  const { announcer, owner } = notification;
  const now = announcer.clock();
  const record = await announcer.board.claimBurst(owner, now, now + claimMs);
  if (record === undefined) throw busy({ series: "burst", number: 0 });
  const summary: Summary = { notification, record: changed(record, change(record.burst)) };
  // The record is kept whatever happens to the ways out: what could not be shown now is shown by the next run that gets through.
  await eachOf([
    async () => await place(summary),
    async () => await mailSummary(summary),
    async () => await showSummary(summary),
    async () => await announcer.board.saveBurst(owner, summary.record, true),
  ]);
  return summary.record.burst;
}

function isGrouped({ members }: Burst, { name }: CaseNotification): boolean {
  return members[caseNameText(name)]?.grouped ?? false;
}

function changed(before: BurstRecord, burst: Burst): BurstRecord {
  if (burst.number !== before.burst.number) return { shown: burstSummary(burst).count === 0, mailed: 0, burst };
  const same = JSON.stringify(burstSummary(burst)) === JSON.stringify(burstSummary(before.burst));
  return { ...before, shown: before.shown && same, burst };
}

async function keep(summary: Summary, change: Partial<BurstRecord>): Promise<void> {
  const { announcer, owner } = summary.notification;
  summary.record = { ...summary.record, ...change };
  await announcer.board.saveBurst(owner, summary.record, false);
}

async function place({ notification, record }: Summary): Promise<void> {
  if (isGrouped(record.burst, notification) && notification.record.place !== "summary")
    await saveRecord(notification, { place: "summary" });
}

/** At 1, 2, 4, 8 ... cases: the first tells at once, and no flood of keys is a flood of mails. */
async function mailSummary(summary: Summary): Promise<void> {
  const { burst, mailed } = summary.record;
  const { count } = burstSummary(burst);
  if (count === 0 || count < 2 * mailed) return;
  const { subject, text } = summaryMail(burstSummary(burst));
  await summary.notification.announcer.mail(subject, text);
  await keep(summary, { mailed: count });
}

async function showSummary(summary: Summary): Promise<void> {
  const { announcer } = summary.notification;
  const { channel } = announcer;
  const { burst, shown, ref, posts } = summary.record;
  if (channel === undefined || shown) return;
  const bounded: BoundedNotice = {
    ...{ notice: JSON.stringify([burst.number, burstSummary(burst)]), posts, now: announcer.clock() },
    save: async (made) => await keep(summary, { posts: made }),
    log: announcer.log,
  };
  await postBounded(bounded, async () => {
    const shownAt = await channel.showSummary(burstSummary(burst), ref);
    await keep(summary, { ref: shownAt, shown: true, posts: undefined });
  });
}
