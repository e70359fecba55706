import { foldChangePermit, isOpenPermit } from "../../domain/approval/change-permit.ts";
import { changePermitStanding } from "../../domain/approval/change-permit-standing.ts";
import { escalationPercent, mailedPercent } from "../../domain/case/question.ts";
import type { Chain } from "../../domain/ledger/chain.ts";
import { type ChangePermitName, changePermitText } from "../../domain/ledger/change-permit-name.ts";
import { subjectText } from "../../domain/operations/subject.ts";
import type { Policy } from "../../domain/policy/policy.ts";
import { changePermitLines } from "../../notices/change-permit-text.ts";
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
  readonly policy: Pick<Policy, "changeRules" | "directory">;
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
  const lines = changePermitLines(chain, title);
  const numbersOf = (is: (percent: number) => boolean) =>
    new Set(lines.flatMap(({ percent }, n) => (percent !== undefined && is(percent) ? [n] : [])));
  const { offers, urge, isOpen } = askedOf(chain, policy, announcer.clock());
  await announceLines(announcer, notice, {
    ...{ title: mailTitle, lines: lines.map((line) => line.text), offers, urge },
    reminders: numbersOf(() => true),
    unmailed: numbersOf((percent) => percent < mailedPercent),
    // Nobody is called in for what is decided.
    escalated: numbersOf((percent) => isOpen && percent >= escalationPercent),
  });
}

interface Asked {
  readonly offers: readonly ChangeOffer[];
  /** Those who may still approve. */
  readonly urge: readonly string[];
  readonly isOpen: boolean;
}

/** A button that cannot count is not offered: an approval only where Slack proves one. */
function askedOf(chain: Chain, policy: ChangePermitSource["policy"], now: number): Asked {
  const permit = foldChangePermit(chain);
  if (permit === undefined || !isOpenPermit(permit, now)) return { offers: [], urge: [], isOpen: false };
  const name = changePermitText(permit.name);
  const standing = changePermitStanding(permit, policy);
  const proof = standing?.proof;
  const approve = proof === undefined || proof.includes("slack") ? [{ action: "approve-change", name } as const] : [];
  return { offers: [...approve, { action: "refuse-change", name }], urge: standing?.open ?? [], isOpen: true };
}
