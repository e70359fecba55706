import { countsStart, foldChange, startersNow } from "../../domain/change/change-state.ts";
import { GuardError } from "../../domain/guard-error.ts";
import { changeChainName } from "../../domain/ledger/chain-name.ts";
import type { ChangeName } from "../../domain/ledger/change-name.ts";
import { permitOfChange } from "../../domain/ledger/change-permit-name.ts";
import { subjectText } from "../../domain/operations/subject.ts";
import { changedKeyArn, changeLines } from "../../notices/change-text.ts";
import { mailSubject } from "../../notices/mail.ts";
import { mailTexts } from "../../notices/mail-texts.ts";
import type { ChangeBook } from "../ports/change.ts";
import { announceChangePermit, type ChangePermitSource } from "./announce-change-permit.ts";
import { announceLines } from "./announce-lines.ts";
import { keyNames } from "./key-names.ts";
import type { Announcer } from "./notification.ts";

/** Notifies of the changes of one subject within one hour, and of their outcome. Throws CASE_UNKNOWN where they are not on record, although they were published. */
export async function announceChange(
  announcer: Announcer,
  { changes, ...source }: ChangePermitSource & { readonly changes: Pick<ChangeBook, "read"> },
  name: ChangeName,
): Promise<void> {
  const chain = await changes.read(name);
  if (chain === undefined)
    throw new GuardError("CASE_UNKNOWN", "dead-letter", `there is no chain \`${changeChainName(name)}\``);
  const keyArn = changedKeyArn(chain);
  const [keyName] = keyArn === undefined ? [] : await keyNames(announcer, [keyArn]);
  const { subject } = name;
  const title = subject.kind === "alias" ? subjectText(subject) : (keyName ?? "The account");
  const series = changeChainName(name).slice(0, -`#${name.hour}`.length);
  const mailTitle = mailSubject(`${mailTexts.changed}${title}`);
  const state = foldChange(chain);
  // A button that cannot count is not offered: the notice names the command, which AWS proves.
  const isOffered = state !== undefined && startersNow(state) !== undefined && countsStart(state, "slack");
  const start = isOffered ? [{ action: "start-key", name: chain.name } as const] : [];
  const notice = { title: mailTitle, lines: changeLines(chain, title), offers: start };
  await announceLines(announcer, { series, number: name.hour }, notice);
  // The question is a chain of its own, and no other event reports its first entry.
  if (state?.asked !== undefined) await announceChangePermit(announcer, source, permitOfChange(name));
}
