import type { VoteVerdict } from "../../domain/approval/dual-control.ts";
import type { Case } from "../../domain/case/case.ts";
import type { CaseName } from "../../domain/ledger/case-name.ts";
import { type Directory, personOfVoter } from "../../domain/people/directory.ts";
import type { Vote } from "../../domain/people/vote.ts";
import { CaseFile } from "../guard/case-file.ts";
import { revocable, revokePermits } from "../guard/revoke-permits.ts";
import type { CaseStore } from "../ports/guard.ts";

/** What a Keep outside its case works with. */
export interface KeepDeps {
  readonly directory: Directory;
  readonly cases: Pick<CaseStore, "read" | "permits" | "savePermit">;
  /** ms since the epoch. */
  readonly clock: () => number;
  readonly newRunId: () => string;
}

/**
 * Keeps a key whose case `name` has no room for another Keep: in its next case, by `record`, or else from every usable permit, whose own chain records it.
 * INVARIANT: toward the key's life no full case stands in the way. Returns undefined where there is nothing to keep the key from. Throws what the store throws.
 */
export async function keepInFullCase<Recorded extends { readonly verdict: VoteVerdict }>(
  { directory, cases, clock, newRunId }: KeepDeps,
  name: CaseName,
  vote: Vote,
  record: (name: CaseName) => Promise<Recorded>,
): Promise<Recorded | { readonly verdict: VoteVerdict; readonly state: Case; readonly added: false } | undefined> {
  const { keyArn, generation } = name;
  const person = personOfVoter(directory, vote.voter);
  if (person === undefined) return undefined;
  const next = { keyArn, generation: generation + 1 };
  const recorded = (await cases.read(next)) && (await record(next));
  if (recorded !== undefined && recorded.verdict.kind !== "refused") return recorded;
  const revocation = { cases, keyArn, clock, keep: { at: clock(), by: person } };
  const found = revocable(revocation, await cases.permits(keyArn));
  const stored = await cases.read(name);
  if (found.length === 0 || stored === undefined) return recorded;
  await revokePermits(revocation, found);
  const { state } = CaseFile.resume(stored, newRunId());
  return { verdict: { kind: "counted", person, state: "kept" }, state, added: false };
}
