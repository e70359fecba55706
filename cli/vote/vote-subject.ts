import { caseNameFrom } from "../../lib/domain/ledger/case-name.ts";
import { changeNameFrom } from "../../lib/domain/ledger/change-name.ts";
import { changePermitNameFrom, changePermitText, permitOfChange } from "../../lib/domain/ledger/change-permit-name.ts";
import type { Subject } from "./cast-vote.ts";

type Choice = "approve" | "keep";

/**
 * Returns the answer to a question about a change: `name` is that of the permit, or of the change about which people are asked. Keeping refuses the permit, or revokes
 * it. Undefined for any other name.
 */
export function changeVote(choice: Choice, name: string): Subject | undefined {
  const change = changeNameFrom(name);
  const permit = change === undefined ? changePermitNameFrom(name) : permitOfChange(change);
  if (permit === undefined) return undefined;
  const text = changePermitText(permit);
  return { changePermit: choice === "approve" ? { approve: text } : { revoke: text } };
}

/** Returns the vote on the case or the permit for a change that is called `name`; undefined for any other name. */
export function voteSubject(choice: Choice, name: string): Subject | undefined {
  const named = caseNameFrom(name);
  return named === undefined ? changeVote(choice, name) : { choice, case: named };
}
