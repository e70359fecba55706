import { GuardError } from "../../domain/guard-error.ts";

/** A policy document, read and not judged. */
export type PolicyDocument = Readonly<Record<string, unknown>>;

/**
 * Returns the document in the `Policy` of a GetResourcePolicy answer: text, as recorded, or an object, as the user guide
 * prints it. A key without a policy has `"{}"`, which is undefined here, as is an absent member. Throws
 * CONTROL_PLANE_UNAVAILABLE for anything else: what cannot be read must not pass for "no policy".
 */
export function policyDocumentIn(answer: { readonly Policy?: unknown }): PolicyDocument | undefined {
  const { Policy } = answer;
  if (Policy === undefined || Policy === null) return undefined;
  const document = typeof Policy === "string" ? parsed(Policy) : Policy;
  if (typeof document !== "object" || document === null || Array.isArray(document)) throw unreadable();
  return Object.keys(document).length === 0 ? undefined : (document as PolicyDocument);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadable(error);
  }
}

function unreadable(cause?: unknown): GuardError {
  const message = "the key's resource policy is not a JSON object";
  return new GuardError("CONTROL_PLANE_UNAVAILABLE", "retry", message, { cause });
}
