import { isRevokedBy, isUsable, permitIdOf } from "../../domain/approval/permit.ts";
import type { Keep } from "../../domain/case/keep.ts";
import { GuardError } from "../../domain/guard-error.ts";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import { append, type Chain } from "../../domain/ledger/chain.ts";
import type { EntryBody } from "../../domain/ledger/entry.ts";
import { isSamePermit } from "../../domain/ledger/permit-name.ts";
import type { CaseStore } from "../ports/guard.ts";
import type { CaseFile } from "./case-file.ts";
import type { Progress, Run } from "./run.ts";

/** The permits of one key, and the Keep that revokes them. */
export interface Revocation {
  readonly cases: Pick<CaseStore, "permits" | "savePermit">;
  readonly keyArn: KeyArn;
  readonly keep: Keep;
  /** ms since the epoch. */
  readonly clock: () => number;
}

/** Records in the newest case, and then in the permits' own chains, which permits the latest Keep revokes. */
export async function revokeKept(run: Run, file: CaseFile): Promise<Progress> {
  const { guard, arn: keyArn, history } = run;
  const { keep } = history;
  if (keep === undefined) throw new TypeError("this step needs a Keep");
  const revocation = { cases: guard.cases, clock: guard.clock, keyArn, keep };
  run.permits = await guard.cases.permits(keyArn);
  const found = revocable(revocation, run.permits);
  if (found.length > 0) {
    for (const body of unrecorded(file, found, keep)) file.add(body, guard.clock());
    // Not a claim: a permit that cannot be written must not lock other runs out of the case.
    const now = guard.clock();
    if ((await file.release(guard.cases, now, now)) === "conflict") return "conflict";
    await revokePermits(revocation, found);
  }
  run.permitsRevoked = true;
  return "go-on";
}

/** Returns those of `permits` that the Keep revokes, and whose chains do not say so yet. */
export function revocable({ keep, clock }: Pick<Revocation, "keep" | "clock">, permits: readonly Chain[]): Chain[] {
  return permits.filter(
    ({ entries }) =>
      isUsable({ entries }, clock()) && entries[0] !== undefined && isRevokedBy(keep, { requestedAt: entries[0].at }),
  );
}

/** Returns the entries with which a case records that `found` are revoked, except those it holds. */
export function unrecorded({ chain }: Pick<CaseFile, "chain">, found: readonly Chain[], { by }: Keep): EntryBody[] {
  const recorded = chain.entries.flatMap((entry) => (entry.kind === "permit-revoked" ? entry.permit : []));
  return found
    .map((permit) => revoked(permit, by))
    .filter((body) => !recorded.some((permit) => isSamePermit(permit, body.permit)));
}

/** Records the revocation in the chain of each of `found`. Throws CASE_CHANGED if any of them is still usable. */
export async function revokePermits(revocation: Revocation, found: readonly Chain[]): Promise<void> {
  const { cases, keyArn } = revocation;
  let usable = found;
  // A permit that another writer changes at the same time is tried again.
  for (let rounds = found.length + 1; usable.length > 0 && rounds > 0; rounds--) {
    await Promise.all(usable.map(async (chain) => await revoke(revocation, chain)));
    usable = revocable(revocation, await cases.permits(keyArn));
  }
  if (usable.length > 0)
    throw new GuardError("CASE_CHANGED", "retry", `${usable.length} permits of \`${keyArn}\` could not be revoked`);
}

async function revoke({ cases, keep, clock }: Revocation, permit: Chain): Promise<void> {
  const chain = append(permit, revoked(permit, keep.by), clock());
  await cases.savePermit({ chain, expectedLength: permit.entries.length });
}

function revoked(permit: Chain, by: string) {
  const id = permitIdOf(permit);
  if (id === undefined) throw new TypeError("this is not the chain of a permit");
  return { kind: "permit-revoked", permit: id, by } as const;
}
