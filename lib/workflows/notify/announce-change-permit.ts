import { foldChangePermit } from "../../domain/approval/change-permit.ts";
import { askingChangeRule } from "../../domain/approval/change-permit-command.ts";
import type { Chain } from "../../domain/ledger/chain.ts";
import { type ChangePermitName, changePermitText } from "../../domain/ledger/change-permit-name.ts";
import { subjectText } from "../../domain/operations/subject.ts";
import type { Policy } from "../../domain/policy/policy.ts";
import { changePermitLines, isAsking } from "../../notices/change-permit-text.ts";
import { mailSubject } from "../../notices/mail.ts";
import { mailTexts } from "../../notices/mail-texts.ts";
import type { ChangePermitBook } from "../ports/change.ts";
import type { ChangeOffer } from "../ports/notices.ts";
import { announceLines } from "./announce-lines.ts";
import { keyNames } from "./key-names.ts";
import type { Announcer } from "./notification.ts";

/** What announcing a permit for a change works with. */
export interface ChangePermitSource {
  readonly permits: Pick<ChangePermitBook, "read">;
  readonly policy: Pick<Policy, "changeRules">;
}

/** Notifies of every change of a permit for a change other than a deletion, with buttons while people can answer. */
export async function announceChangePermit(
  announcer: Announcer,
  { permits, policy }: ChangePermitSource,
  name: ChangePermitName,
): Promise<void> {
  const chain = await permits.read(name);
  if (chain === undefined) return;
  const { subject, id } = name;
  const [keyName] = subject.kind === "key" ? await keyNames(announcer, [subject.keyArn]) : [];
  const title = subject.kind === "alias" ? subjectText(subject) : (keyName ?? "The account");
  const text = changePermitText(name);
  const number = id.by === "change" ? id.hour : id.number;
  const notice = { series: `permit#${text.slice(0, text.lastIndexOf("#"))}`, number };
  const mailTitle = mailSubject(`${mailTexts.changed}${title}`);
  await announceLines(
    announcer,
    notice,
    mailTitle,
    changePermitLines(chain, title),
    offersOf(chain, policy, announcer.clock()),
  );
}

/** A button that cannot count is not offered: an approval only where Slack proves one. */
function offersOf(chain: Chain, policy: Pick<Policy, "changeRules">, now: number): readonly ChangeOffer[] {
  const permit = foldChangePermit(chain);
  if (permit === undefined || !isAsking(chain, now)) return [];
  const name = changePermitText(permit.name);
  const proof = askingChangeRule(policy, permit.name.operation, permit.request.rule)?.approval.proof;
  const approve = proof === undefined || proof.includes("slack") ? [{ action: "approve-change", name } as const] : [];
  return [...approve, { action: "refuse-change", name }];
}
