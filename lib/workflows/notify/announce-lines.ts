import { mailLine } from "../../notices/mail.ts";
import type { ChangeOffer, NoticeSubject } from "../ports/notices.ts";
import { eachOf } from "./each-of.ts";
import { type Announcer, claimSubject, postOnce, release, saveRecord } from "./notification.ts";

/** What belongs to no case, as it stands. */
export interface LinesNotice {
  readonly title: string;
  readonly lines: readonly string[];
  /** What people may do about it. */
  readonly offers?: readonly ChangeOffer[];
  /** Numbers of lines that are reminders, and who is reminded. */
  readonly reminders?: ReadonlySet<number>;
  readonly urge?: readonly string[];
  /** Numbers of lines that are not mailed, and of lines with which others are called in. */
  readonly unmailed?: ReadonlySet<number>;
  readonly escalated?: ReadonlySet<number>;
}

const none: ReadonlySet<number> = new Set();

/** Notifies of what belongs to no case: each line once, on each way out, however often the bus says that there are any. */
export async function announceLines(announcer: Announcer, subject: NoticeSubject, notice: LinesNotice): Promise<void> {
  const { title, lines, offers = [], urge = [], reminders = none, unmailed = none, escalated = none } = notice;
  const claimed = await claimSubject(announcer, subject);
  const { record } = claimed;
  const { channel, mail } = announcer;
  const newOf = (seen: number) => lines.map((text, n) => ({ text, n })).slice(seen);
  await eachOf([
    async () => {
      if (record.mailed >= lines.length) return;
      const mailed = newOf(record.mailed).filter(({ n }) => !unmailed.has(n));
      if (mailed.length > 0) await mail(title, mailed.map(({ text }) => mailLine(text)).join("\n"));
      await saveRecord(claimed, { mailed: lines.length });
    },
    async () => {
      if (channel === undefined || record.told >= lines.length) return;
      const posted = newOf(record.told);
      const called = posted.some(({ n }) => reminders.has(n)) ? urge : [];
      await postOnce(claimed, ["posts", String(lines.length)], async () => {
        await channel.post(
          posted.map(({ text }) => text),
          offers,
          called,
        );
        await saveRecord(claimed, { told: lines.length, posts: undefined });
      });
    },
    async () => {
      const due = newOf(record.escalated).filter(({ n }) => escalated.has(n));
      if (channel === undefined || due.length === 0) return;
      await postOnce(claimed, ["escalationPosts", String(lines.length)], async () => {
        await channel.callIn(due.map(({ text }) => text));
        await saveRecord(claimed, { escalated: lines.length, escalationPosts: undefined });
      });
    },
    async () => await release(claimed),
  ]);
}
