import * as v from "valibot";
import type { CallPath } from "../../domain/deletion/request.ts";
import { wellFormed } from "../../domain/well-formed.ts";

const service = v.fallback(
  v.optional(
    v.pipe(
      v.string(),
      v.transform((text) => wellFormed(text, 256)),
    ),
  ),
  undefined,
);
const delegate = v.fallback(v.optional(v.object({ accountId: v.pipe(v.string(), v.regex(/^\d{12}$/)) })), undefined);
const session = v.fallback(
  v.optional(v.object({ assumedRoot: v.optional(v.union([v.string(), v.boolean()])) })),
  undefined,
);

const pathSchema = v.object({ invokedBy: service, invokedByDelegate: delegate, sessionContext: session });

/**
 * Returns how a call came about, as far as a CloudTrail `userIdentity` element without empty members says so. Shown to people, and nothing
 * is decided by it: whatever cannot be read is left out.
 */
export function callPathFrom(userIdentity: unknown): CallPath {
  const parsed = v.safeParse(pathSchema, userIdentity);
  if (!parsed.success) return {};
  const { invokedBy, invokedByDelegate, sessionContext } = parsed.output;
  return {
    ...(invokedBy !== undefined && { invokedBy }),
    ...(String(sessionContext?.assumedRoot) === "true" && { assumedRoot: true as const }),
    ...(invokedByDelegate && { invokedByDelegate: invokedByDelegate.accountId }),
  };
}
