import { caseOf } from "../../domain/case/fold.ts";
import { codeOf } from "../../domain/guard-error.ts";
import type { Revert } from "../../domain/operations/operation.ts";
import type { Subject } from "../../domain/operations/subject.ts";
import type { ChangeDeps } from "./change-deps.ts";

/**
 * Returns whether the newest case of a key, and no sighting, tells whether the key may be used: it is open, or left the key disabled, or ended without
 * us, and nobody has seen the key since. INVARIANT: a key that its case leaves disabled is never started because it was enabled before its deletion.
 */
export async function isUsageOfCase(
  { newestCase, known }: Pick<ChangeDeps, "newestCase" | "known">,
  { aspect }: Revert,
  subject: Subject,
): Promise<boolean> {
  if (aspect !== "usage" || subject.kind !== "key") return false;
  const stored = await readable(newestCase(subject.keyArn));
  if (stored === undefined) return false;
  if (stored === "unreadable") return true;
  const { settled, over } = caseOf(stored.chain);
  if (settled === "key-usable" && over === undefined) return false;
  const last = await known.last(aspect, subject);
  const changedAt = stored.chain.entries.at(-1)?.at ?? Number.POSITIVE_INFINITY;
  return last === undefined || last.at <= changedAt;
}

async function readable<Value>(reading: Promise<Value>): Promise<Value | "unreadable"> {
  return await reading.catch((error: unknown) => {
    if (codeOf(error) === "CASE_UNREADABLE") return "unreadable" as const;
    throw error;
  });
}
