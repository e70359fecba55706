import type { DeletionRequest } from "../../domain/deletion/request.ts";
import type { WhyUnconfirmed } from "../../domain/ledger/entry.ts";
import type { deletionKinds } from "../../domain/ledger/entry-kinds/deletion.ts";
import { principalOf, type Requester } from "../../domain/people/requester.ts";
import { printableText } from "../../domain/printable-text.ts";
import { byHand } from "../aws-command.ts";
import { callPathText, requesterText } from "../words.ts";
import { notTold, type Sentences, wordsOf } from "./row.ts";

export const deletionSentences: Sentences<keyof typeof deletionKinds> = {
  "deletion-detected": {
    notice: notTold,
    record: ({ request }) => `deletion detected${request ? `, requested by ${callerOf(request)}` : ""}`,
  },
  "key-named": {
    notice: notTold,
    record: ({ aliases: { listed, count } }) =>
      `the inventory knows the key as ${printableText(listed[0] ?? "an alias that is too long", 256)}${count > 1 ? ` and ${count - 1} more` : ""}`,
  },
  "requester-learned": {
    notice: ({ request }) => `The deletion was requested by ${requesterText(request.requester)}.`,
    record: ({ request }) => `requester learned: ${callerOf(request)}`,
  },
  "event-missed": {
    notice: () => "No record of this deletion arrived, and CloudTrail has none: check that its events still arrive.",
    record: (_, { yellow }) => yellow("no record of the deletion came, and CloudTrail has none"),
  },
  "requester-confirmed": {
    notice: () => "CloudTrail confirms who asked for the deletion.",
    record: () => "requester confirmed by CloudTrail",
  },
  "requester-unconfirmed": {
    notice: ({ why }) => whyUnconfirmed[why],
    record: ({ why }, { red }) => red(`requester not confirmed by CloudTrail: ${wordsOf(why)}`),
  },
  "key-state-unknown": {
    notice: ({ state, chain }) =>
      `The key is in a state that the guard does not know (${state}): check it now.${byHand({ chain }, "get-key")}`,
    record: ({ state }, { red }) => red(`the key is in a state that is not known: ${printableText(state)}`),
  },
  "restored-by-others": {
    notice: () => "The key was restored by someone else; the guard took no action.",
    record: () => "restored by others",
  },
  "deletion-superseded": {
    notice: () => "The key was deleted again: see the new case.",
    record: () => "a newer deletion of the same key takes its place",
  },
  "key-destroyed": {
    notice: () => "The key is destroyed.",
    record: ({ how }, { red }) => red(`key destroyed (${wordsOf(how)})`),
  },
};

const whyUnconfirmed: Readonly<Record<WhyUnconfirmed, string>> = {
  "no-record":
    "CloudTrail has no such call, or a later one, so the key is restored: someone may have forged a record. Look at it now.",
  "record-differs":
    "CloudTrail's own record of the call differs, so the key is restored: someone may have forged a record. Look at it now.",
  "history-unreadable":
    "CloudTrail's event history could not be read in time to confirm the deletion again, so the key is restored. Delete it again once the history can be read.",
  "time-unknown":
    "The key's deletion time cannot be read, so nothing could confirm the deletion in time, and the key is restored. Look at it now.",
};

/** Returns who called, and how where the record says more than that. */
function callerOf(request: DeletionRequest): string {
  const how = callPathText(request);
  return `${nameOf(request.requester)}${how === "" ? "" : ` (${printableText(how, 200)})`}`;
}

/** Returns who it was, as short as it is clear: the session of a role, or the last part of an ARN. */
function nameOf(requester: Requester): string {
  const last = principalOf(requester).split("/").at(-1) ?? "";
  const name = requester.kind === "role-session" && requester.permissionSet ? (requester.sessionName ?? last) : last;
  return printableText(name, 60);
}
