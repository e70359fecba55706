import { hourOf, type RepeatedDeletions } from "../../domain/deletion/repeated-deletions.ts";
import { mailLine } from "../../notices/mail.ts";
import { namedInAlarm, repeatedDeletionsText } from "../../notices/repeated-deletions-text.ts";
import { eachOf } from "./each-of.ts";
import { keyNames } from "./key-names.ts";
import { type Announcer, type Claimed, claimSubject, postOnce, release, saveRecord } from "./notification.ts";

/** Notifies people of a principal that deletes repeatedly: once per principal and hour on each channel, however often the bus delivers the event. */
export async function announceAlarm(announcer: Announcer, alarm: RepeatedDeletions): Promise<void> {
  const claimed = await claimSubject(announcer, { series: alarm.principal, number: hourOf(alarm.to) });
  const names = await keyNames(announcer, alarm.keys.slice(0, namedInAlarm));
  const { subject, lines } = repeatedDeletionsText(alarm, names);
  await eachOf([
    async () => await mailOnce(claimed, subject, lines.map(mailLine).join("\n")),
    async () => await sayOnce(claimed, lines),
    async () => await release(claimed),
  ]);
}

async function mailOnce(claimed: Claimed, subject: string, text: string): Promise<void> {
  if (claimed.record.mailed > 0) return;
  await claimed.announcer.mail(subject, text);
  await saveRecord(claimed, { mailed: 1 });
}

async function sayOnce(claimed: Claimed, lines: readonly string[]): Promise<void> {
  const { channel } = claimed.announcer;
  if (channel === undefined || claimed.record.told > 0) return;
  await postOnce(claimed, ["posts", "1"], async () => {
    await channel.post(lines);
    await saveRecord(claimed, { told: 1, posts: undefined });
  });
}
