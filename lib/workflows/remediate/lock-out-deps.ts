import type { Policy } from "../../domain/policy/policy.ts";
import type { KnownStates } from "../ports/change.ts";
import type { CaseBus, CaseStore, Log, PauseBook } from "../ports/guard.ts";
import type { RemediationClaims, ResourcePolicies } from "../ports/remediation.ts";

/** What undoing a lock-out works with. */
export interface LockOutDeps {
  readonly policy: Policy;
  readonly cases: Pick<CaseStore, "read" | "save" | "markPublished">;
  readonly pauses: Pick<PauseBook, "latest">;
  readonly policies: ResourcePolicies;
  /** What keys looked like: a removal is no change that anyone has to undo. */
  readonly known: Pick<KnownStates, "note">;
  readonly claims: RemediationClaims;
  readonly bus: CaseBus;
  /** ARNs of the roles that a Deny may name for it to be a lock-out of the stack. */
  readonly roles: readonly string[];
  /** ms since the epoch. */
  readonly clock: () => number;
  /** A name no other run has. */
  readonly newRunId: () => string;
  readonly log: Log;
}
