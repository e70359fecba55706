import { mailTexts } from "../../notices/mail-texts.ts";
import { pauseLines } from "../../notices/pause-text.ts";
import type { PauseBook } from "../ports/guard.ts";
import { announceLines } from "./announce-lines.ts";
import type { Announcer } from "./notification.ts";

/** Notifies of every change of pause `number`. */
export async function announcePause(
  announcer: Announcer,
  pauses: Pick<PauseBook, "read">,
  number: number,
): Promise<void> {
  const chain = await pauses.read(number);
  if (chain === undefined) return;
  const lines = pauseLines(chain, announcer.clock());
  await announceLines(announcer, { series: "pause", number }, { title: mailTexts.pauseSubject, lines });
}
