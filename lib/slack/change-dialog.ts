import type { ModalView } from "@slack/types";
import type { ChangeDialog } from "./change-controls.ts";
import { escaped } from "./mrkdwn.ts";
import { changeDialogTexts, dialogTexts } from "./texts.ts";
import { reasonInput } from "./vote-dialog.ts";

/** Returns the dialog that asks for a reason before a change is approved, or a key is started. It carries the name of the chain; what counts is the stored one. */
export function changeDialog(about: ChangeDialog, name: string): ModalView {
  const { title, submit, text, example } = changeDialogTexts[about];
  return {
    type: "modal",
    callback_id: about,
    private_metadata: name,
    title: { type: "plain_text", text: title },
    submit: { type: "plain_text", text: submit },
    close: { type: "plain_text", text: dialogTexts.cancel },
    blocks: [
      { type: "section", text: { type: "mrkdwn", text: `${text}\n${escaped(name, 300)}` } },
      reasonInput(example),
    ],
  };
}
