import { mailLine } from "../../notices/mail.ts";
import type { ChangeOffer, NoticeSubject } from "../ports/notices.ts";
import { eachOf } from "./each-of.ts";
import { type Announcer, claimSubject, postOnce, release, saveRecord } from "./notification.ts";

/** Notifies of what belongs to no case: each of `lines` once, on each way out, however often the bus says that there are any. */
export async function announceLines(
  announcer: Announcer,
  subject: NoticeSubject,
  title: string,
  lines: readonly string[],
  offers: readonly ChangeOffer[] = [],
): Promise<void> {
  const claimed = await claimSubject(announcer, subject);
  const { told, mailed } = claimed.record;
  const { channel, mail } = announcer;
  await eachOf([
    async () => {
      if (mailed >= lines.length) return;
      await mail(title, lines.slice(mailed).map(mailLine).join("\n"));
      await saveRecord(claimed, { mailed: lines.length });
    },
    async () => {
      if (channel === undefined || told >= lines.length) return;
      await postOnce(claimed, ["posts", String(lines.length)], async () => {
        await channel.post(lines.slice(told), offers);
        await saveRecord(claimed, { told: lines.length, posts: undefined });
      });
    },
    async () => await release(claimed),
  ]);
}
