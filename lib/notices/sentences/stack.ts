import type { stackKinds } from "../../domain/ledger/entry-kinds/stack.ts";
import { printableText } from "../../domain/printable-text.ts";
import { dateAndTime, requesterText } from "../words.ts";
import { notTold, type Sentences, wordsOf } from "./row.ts";

/** What concerns the stack and no single case. Nobody is notified of an entry: alarms have their own mails. */
export const stackSentences: Sentences<keyof typeof stackKinds> = {
  "call-refused": {
    notice: notTold,
    record: ({ operation, identifier, errorCode, requester, calledAt }, { yellow }) =>
      yellow(
        `the call ${printableText(operation, 64)}${identifier === undefined ? "" : ` of ${printableText(identifier, 160)}`} by ${printableText(requesterText(requester))} failed with ${printableText(errorCode, 64)} at ${dateAndTime(calledAt)}`,
      ),
  },
  "calls-not-recorded": {
    notice: notTold,
    record: ({ count }, { yellow }) => yellow(`${count} more calls failed within the hour, which are only counted`),
  },
  "keys-listed": {
    notice: notTold,
    record: ({ keys, part, parts, sameAs }, { dim }) =>
      dim(
        `${keys} keys listed, ${sameAs === undefined ? `part ${part} of ${parts}` : `the same as on ${printableText(sameAs, 10)}`}`,
      ),
  },
  "policy-in-force": {
    notice: notTold,
    record: ({ policyHash, mode, guardVersion, claimedDeployer }, { bold }) =>
      `policy ${bold(printableText(policyHash, 12))} in force: ${mode}, version ${printableText(guardVersion, 40)}${claimedDeployer === undefined ? "" : `, deployed by ${printableText(claimedDeployer, 200)} as the deploy command claims`}`,
  },
  "policy-text": {
    notice: notTold,
    record: ({ pieces }, { dim }) => dim(`text of the policy, ${pieces.length} more pieces`),
  },
  "alarm-began": {
    notice: notTold,
    record: ({ alarm, changedAt, reason }, { red }) =>
      red(`alarm ${printableText(alarm, 255)} began at ${dateAndTime(changedAt)}: ${printableText(reason, 400)}`),
  },
  "alarm-ended": {
    notice: notTold,
    record: ({ alarm, changedAt, state }, { green }) =>
      green(
        `alarm ${printableText(alarm, 255)} ended at ${dateAndTime(changedAt)}${state === "OK" ? "" : ` (${wordsOf(state.toLowerCase().replace("_", "-"))})`}`,
      ),
  },
  "trail-exported": {
    notice: notTold,
    record: ({ person, entries, digest }) =>
      `${printableText(person)} exported the trail: ${entries} entries, digest ${printableText(digest, 64)}`,
  },
};
