import { mailLine } from "../notices/mail.ts";
import { pauseLines } from "../notices/pause-text.ts";
import { eachOf } from "./each-of.ts";
import type { PauseBook } from "./ports.ts";
import { type Announcer, claimSubject, note, release } from "./telling.ts";

/** Tells of every change of pause `no` once, on each way out, however often the bus says that there was one. */
export async function announcePause(announcer: Announcer, pauses: Pick<PauseBook, "read">, no: number): Promise<void> {
  const chain = await pauses.read(no);
  if (chain === undefined) return;
  const lines = pauseLines(chain, announcer.clock());
  const claimed = await claimSubject(announcer, { of: "pause", no });
  const { told, mailed } = claimed.record;
  const { channel, mail } = announcer;
  await eachOf([
    async () => {
      if (mailed >= lines.length) return;
      await mail("reprieve: a pause of the guard", lines.slice(mailed).map(mailLine).join("\n"));
      await note(claimed, { mailed: lines.length });
    },
    async () => {
      if (channel === undefined || told >= lines.length) return;
      await channel.say(lines.slice(told));
      await note(claimed, { told: lines.length });
    },
    async () => await release(claimed),
  ]);
}
