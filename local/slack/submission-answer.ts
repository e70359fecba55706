import * as v from "valibot";
import type { CallbackAnswer } from "./callback.ts";
import { type ModalView, modalFrom } from "./modal-limits.ts";
import { Refusal } from "./refusal.ts";

/** What happens to a dialog once the app has answered. */
export type SubmissionResult =
  | { readonly then: "close" }
  | { readonly then: "printError"; readonly errors: Readonly<Record<string, string>> }
  | { readonly then: "replace"; readonly view: ModalView }
  /** No answer, or none that Slack understands. */
  | { readonly then: "trouble" };

const answerSchema = v.variant("response_action", [
  v.object({ response_action: v.literal("clear") }),
  v.object({ response_action: v.literal("errors"), errors: v.record(v.string(), v.string()) }),
  v.object({ response_action: v.literal("update"), view: v.unknown() }),
]);

/** Reads an app's answer to a `view_submission` of `view`. */
export function outcomeOf({ status, body }: CallbackAnswer, view: ModalView): SubmissionResult {
  if (status !== 200) return { then: "trouble" };
  if (body === "") return { then: "close" };
  const parsed = v.safeParse(answerSchema, parsedJson(body));
  if (!parsed.success) return { then: "trouble" };
  const answer = parsed.output;
  switch (answer.response_action) {
    case "clear":
      return { then: "close" };
    case "errors":
      return complaint(answer.errors, view);
    case "update":
      return replacement(answer.view);
  }
}

/** Slack takes errors for the dialog's own input blocks only. */
function complaint(errors: Readonly<Record<string, string>>, { blocks }: ModalView): SubmissionResult {
  const inputs = blocks.flatMap((block) => (block.type === "input" ? [block.block_id] : []));
  const ids = Object.keys(errors);
  return ids.length > 0 && ids.every((id) => inputs.includes(id))
    ? { then: "printError", errors }
    : { then: "trouble" };
}

function replacement(view: unknown): SubmissionResult {
  try {
    return { then: "replace", view: modalFrom(view) };
  } catch (error) {
    if (error instanceof Refusal) return { then: "trouble" };
    throw error;
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
