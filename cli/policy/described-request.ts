import * as v from "valibot";
import type { RequestFacts } from "../../lib/domain/policy/decision.ts";
import { requesterFrom, type requesterSchema } from "./described-requester.ts";

const text = v.string("expected text");

/** When a call was made, and from which address. */
export const requestMembers = {
  at: v.optional(v.pipe(text, v.isoTimestamp("expected a time such as 2026-01-05T10:00:00Z")), "2026-01-05T10:00:00Z"),
  from: v.optional(text),
};

/** Returns who made a call that a test file describes, when and from where. */
export function requestFrom(
  requester: v.InferOutput<typeof requesterSchema>,
  { at, from }: { readonly at: string; readonly from?: string | undefined },
): RequestFacts {
  const identity = requesterFrom(requester);
  if (identity.kind === "unknown") return { identity };
  return { identity, at: Date.parse(at), ...(from !== undefined && { sourceIp: from }) };
}
