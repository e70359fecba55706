import type { WhyWithheld } from "../../domain/ledger/entry.ts";
import type { permitKinds } from "../../domain/ledger/entry-kinds/permit.ts";
import { printableText } from "../../domain/printable-text.ts";
import { timeText } from "../words.ts";
import { type Sentences, wordsOf } from "./row.ts";

export const permitSentences: Sentences<keyof typeof permitKinds> = {
  "permit-requested": {
    notice: ({ person, subject, principal }) =>
      `${person} requests a permit: ${subject ?? principal} would delete the key, once.`,
    record: ({ person, subject, principal }) =>
      `${printableText(person)} requests a permit to delete the key, for ${printableText(subject ?? principal)}`,
  },
  "permit-approved": {
    notice: ({ person }) => `${person} approved the permit.`,
    record: ({ person }, { yellow }) => yellow(`${printableText(person)} approved the permit`),
  },
  "permit-issued": {
    notice: ({ permit: { person, principal, until } }) =>
      `A permit: ${person ?? principal} may delete the key once, with as much notice, until ${timeText(until)}.`,
    record: ({ permit: { person, principal } }, { yellow }) =>
      yellow(`permit issued to ${printableText(person ?? principal)}: one deletion`),
  },
  "permit-withheld": {
    notice: ({ why }) =>
      `No permit was issued: ${whyWithheld[why]}. The key lives until its deletion is requested again.`,
    record: ({ why }) => `no permit: ${wordsOf(why)}`,
  },
  "permit-used": {
    notice: () => "This deletion uses up its permit.",
    record: () => "permit used",
  },
  "permit-revoked": {
    notice: ({ by }) => `${by} revoked the permit.`,
    record: ({ by }) => `permit revoked by ${printableText(by)}`,
  },
};

const whyWithheld: Readonly<Record<WhyWithheld, string>> = {
  "requester-unknown": "the requester is not known",
  "approval-lapsed":
    "the approval no longer stands, because an approver turned out to have requested the deletion, or has left the group",
  "no-room-to-ask": "the key was deleted too often for the approvers to be asked again",
};
