import { isOwnKey, judgePermitWord, type PermitVerdict, type PermitWord } from "../../domain/approval/permit-word.ts";
import { foldPlannedPermit } from "../../domain/approval/planned-permit.ts";
import { GuardError } from "../../domain/guard-error.ts";
import { append, emptyChain } from "../../domain/ledger/chain.ts";
import { permitChainName } from "../../domain/ledger/chain-name.ts";
import type { PermitName } from "../../domain/ledger/permit-name.ts";
import type { Voter } from "../../domain/people/vote.ts";
import type { Policy } from "../../domain/policy/policy.ts";
import type { CaseStore } from "../ports/guard.ts";

/** What recording a word on a permit works with. */
export interface PermitDesk {
  readonly cases: Pick<CaseStore, "history" | "permits" | "savePermit">;
  readonly policy: Pick<Policy, "rules" | "default" | "directory">;
  readonly stack: { readonly account: string; readonly region: string };
  /** ms since the epoch. */
  readonly clock: () => number;
}

/** Whoever loses against somebody else reads again; more than a few at once are no people. */
const maxRounds = 10;

/** Judges a word on a permit and records it. Throws CASE_CHANGED, or what the store throws. */
export async function recordPermitWord(
  { cases, policy, stack, clock }: PermitDesk,
  voter: Voter,
  word: PermitWord,
): Promise<{ readonly verdict: PermitVerdict; readonly changed?: PermitName }> {
  const keyArn = word.do === "request" ? word.keyArn : word.name.keyArn;
  if (!isOwnKey(keyArn, stack)) return { verdict: { kind: "refused", why: "foreign-key" } };
  for (let round = 0; round < maxRounds; round++) {
    const chains = await cases.permits(keyArn);
    const known = chains.flatMap((chain) => foldPlannedPermit(chain) ?? []);
    const now = clock();
    // Only an approval depends on the record of the cases: a revocation must not wait for it.
    const { keep } = word.do === "approve" ? await cases.history(keyArn) : {};
    const said = { word, voter, now, ...(keep && { keep }) };
    const { entries, number, verdict } = judgePermitWord(known, policy, said);
    if (entries.length === 0) return { verdict };
    const before =
      chains.find((chain) => foldPlannedPermit(chain)?.number === number) ??
      emptyChain(permitChainName(keyArn, { by: "request", number }));
    const chain = entries.reduce((sofar, body) => append(sofar, body, now), before);
    const saved = await cases.savePermit({ chain, expectedLength: before.entries.length });
    if (saved === "saved") return { verdict, changed: { keyArn, number } };
  }
  throw new GuardError("CASE_CHANGED", "retry", "the permit was changed by others again and again");
}
