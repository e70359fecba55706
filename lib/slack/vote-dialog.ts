import type { InputBlock, ModalView } from "@slack/types";
import { type CaseName, caseNameText } from "../domain/ledger/case-name.ts";
import type { ApprovalOffer } from "../notices/approval-offer.ts";
import { modalId, reasonField } from "./controls.ts";
import { maxReason } from "./interaction.ts";
import { sentenceMrkdwn } from "./sentence-mrkdwn.ts";
import { dialogTexts } from "./texts.ts";

/**
 * Returns the dialog that asks for a reason before a deletion is approved, and says what an approval does. It carries the name of the case; what
 * counts is the stored one.
 */
export function voteDialog(name: CaseName, offer: ApprovalOffer): ModalView {
  return {
    type: "modal",
    callback_id: modalId,
    private_metadata: caseNameText(name),
    title: { type: "plain_text", text: dialogTexts.title },
    submit: { type: "plain_text", text: dialogTexts.submit },
    close: { type: "plain_text", text: dialogTexts.cancel },
    blocks: [
      { type: "section", text: { type: "mrkdwn", text: offer.map(sentenceMrkdwn).join(" ") } },
      reasonInput(dialogTexts.reasonExample),
    ],
  };
}

/** Returns the field for the reason, with an example of one. */
export function reasonInput(example: string): InputBlock {
  return {
    type: "input",
    block_id: reasonField,
    label: { type: "plain_text", text: dialogTexts.reason },
    element: {
      type: "plain_text_input",
      action_id: reasonField,
      max_length: maxReason,
      placeholder: { type: "plain_text", text: example },
    },
  };
}
