import type { WhyLockOutLeft } from "../../domain/ledger/entry.ts";
import type { lockOutKinds } from "../../domain/ledger/entry-kinds/lock-out.ts";
import { printableText } from "../../domain/printable-text.ts";
import { type Sentences, wordsOf } from "./row.ts";

/** Longest text of a statement that people are shown; the record has all of it. */
const shownLength = 600;

export const lockOutSentences: Sentences<keyof typeof lockOutKinds> = {
  "look-denied": {
    notice: () =>
      "The guard may not read this key (GetKey is denied): look at the key's resource policy and at the guard's role.",
    record: (_, { red }) => red("the guard is denied GetKey"),
  },
  "deny-removal-intended": {
    notice: ({ calls, statements }) =>
      `The key's resource policy denies the guard ${calls.join(", ")}. These statements are removed from it: ${printableText(statements.join(""), shownLength)}`,
    record: ({ calls, statements, left }) =>
      `removal of the Deny of ${printableText(calls.join(", "))} intended: ${printableText(statements.join(""), shownLength)}; ${left === 1 ? "1 other statement stays" : `${left} other statements stay`}`,
  },
  "deny-removed": {
    notice: () =>
      "The Deny is removed from the key's resource policy, and the restore goes on. Find out who put it there (CloudTrail: PutResourcePolicy).",
    record: (_, { green }) => green("denial removed from the resource policy"),
  },
  "lock-out-left": {
    notice: ({ why, code }) =>
      `THE GUARD IS DENIED ACCESS TO THIS KEY and cannot restore it: ${whyLeft[why]}${code === undefined ? "" : ` (${printableText(code, 200)})`}. Remove the denial now, or restore the key by hand.`,
    record: ({ why, code }, { red }) =>
      red(`lock-out left to people: ${wordsOf(why)}${code === undefined ? "" : ` (${printableText(code, 200)})`}`),
  },
};

const whyLeft: Readonly<Record<WhyLockOutLeft, string>> = {
  off: "the policy file says that resource policies are not touched",
  excepted: "the policy file excepts the resource policy of this key",
  observe: "the guard only observes",
  unreadable: "its resource policy cannot be read as a policy",
  conditional: "its resource policy has a Deny with a condition or an exclusion, which is for people to judge",
  "no-deny":
    "no Deny of its resource policy is the cause, so look at SCPs, permissions boundaries and the guard's role",
  "removed-within-the-hour": "a Deny was removed from its resource policy within the last hour, and put back",
  denied: "remediation may not read or change its resource policy",
  refused: "the control plane refuses to change its resource policy",
  "came-back": "the Deny was put back as soon as it was removed",
};
