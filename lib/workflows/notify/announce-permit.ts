import type { PermitName } from "../../domain/ledger/permit-name.ts";
import { mailTexts } from "../../notices/mail-texts.ts";
import { permitLines } from "../../notices/permit-text.ts";
import type { ReadPermit } from "../ports/guard.ts";
import { announceLines } from "./announce-lines.ts";
import { keyNames } from "./key-names.ts";
import type { Announcer } from "./notification.ts";

/** Notifies of every change of a permit that was requested before the deletion. */
export async function announcePermit(announcer: Announcer, readPermit: ReadPermit, name: PermitName): Promise<void> {
  const chain = await readPermit(name);
  if (chain === undefined) return;
  const subject = { series: `permit#${name.keyArn}`, number: name.number };
  const [keyName = ""] = await keyNames(announcer, [name.keyArn]);
  await announceLines(announcer, subject, { title: mailTexts.permitSubject, lines: permitLines(chain, keyName) });
}
