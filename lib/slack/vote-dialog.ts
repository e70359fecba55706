import type { ModalView } from "@slack/types";
import { keyArnParts } from "../domain/key/key-arn.ts";
import { type CaseName, caseNameText } from "../domain/ledger/case-name.ts";
import { modalId, reasonField } from "./controls.ts";
import { maxReason } from "./interaction.ts";
import { code } from "./mrkdwn.ts";

/** The dialog that asks for a reason before a deletion is approved. It carries the name of the case; what counts is the stored one. */
export function voteDialog(name: CaseName): ModalView {
  return {
    type: "modal",
    callback_id: modalId,
    private_metadata: caseNameText(name),
    title: { type: "plain_text", text: "Approve deletion" },
    submit: { type: "plain_text", text: "Approve deletion" },
    close: { type: "plain_text", text: "Cancel" },
    blocks: [
      {
        type: "section",
        text: {
          type: "mrkdwn",
          text: `You approve that the key ${code(keyArnParts(name.keyArn).keyId)} is destroyed. That cannot be undone once the waiting period is over.`,
        },
      },
      {
        type: "input",
        block_id: reasonField,
        label: { type: "plain_text", text: "Reason or ticket" },
        element: {
          type: "plain_text_input",
          action_id: reasonField,
          max_length: maxReason,
          placeholder: { type: "plain_text", text: "CHG-1234: product retired, no cards left" },
        },
      },
    ],
  };
}
