import { GuardError } from "../../domain/guard-error.ts";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import { maxFieldBytes } from "../../domain/ledger/bounded-values.ts";
import type { LockOut } from "../../domain/lock-out/denial.ts";
import type { Repair } from "../../domain/lock-out/repair.ts";
import { resourcePolicy } from "../../domain/operations/resource-policy/operation.ts";
import type { CaseFile } from "../guard/case-file.ts";
import type { LockOutDeps } from "./lock-out-deps.ts";

/** Characters of a statement's text in one piece of its record. In canonical JSON a character of a policy takes at most three bytes. */
const pieceLength = maxFieldBytes / 3;

/**
 * Records the statements that are to be removed and claims the case in one write, then writes the policy without them. Throws CASE_CHANGED, or what
 * the store or the control plane throws.
 */
export async function removeDeny(
  { cases, policies, clock, log, known }: Pick<LockOutDeps, "cases" | "policies" | "clock" | "log" | "known">,
  file: CaseFile,
  { keyArn, calls }: LockOut,
  repair: Exclude<Repair, { do: "leave" }>,
): Promise<void> {
  const { removed, left } = repair;
  const now = clock();
  const intent = { kind: "deny-removal-intended", calls, statements: piecesOf(removed), left } as const;
  // INVARIANT: what is removed is on record before it is removed, whole: people may have to put it back. A case that is full costs no key its life:
  // then the log is the record.
  if (file.state.denyRemoval?.state !== "intended" && !file.add(intent, now))
    log("ACTING_WITHOUT_RECORD", { keyArn, entries: [intent.kind], statements: intent.statements });
  if ((await file.claim(cases, now, file.dueAt ?? now)) === "conflict")
    throw new GuardError("CASE_CHANGED", "retry", "the case was changed by someone else");
  if (repair.do === "delete") await policies.remove(keyArn);
  else await policies.put(keyArn, repair.text);
  await notePolicy({ known, clock }, keyArn, repair.do === "delete" ? undefined : repair.text);
}

/**
 * Notes what the policy of a key looks like without a Deny that was removed. INVARIANT: the stack never takes its own removal for a change to undo:
 * that would put the Deny back.
 */
export async function notePolicy(
  { known, clock }: Pick<LockOutDeps, "known" | "clock">,
  keyArn: KeyArn,
  policy: unknown,
): Promise<void> {
  const { revert } = resourcePolicy;
  const state = revert?.stateIn({ answer: { Policy: policy } });
  if (revert === undefined || state === undefined) return;
  await known.note(revert.aspect, { kind: "key", keyArn }, state, clock());
}

function piecesOf(text: string): readonly string[] {
  return Array.from({ length: Math.ceil(text.length / pieceLength) }, (_, n) =>
    text.slice(n * pieceLength, (n + 1) * pieceLength),
  );
}
