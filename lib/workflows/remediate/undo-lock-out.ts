import { causeOf, codeOf, GuardError } from "../../domain/guard-error.ts";
import { caseNameText } from "../../domain/ledger/case-name.ts";
import type { WhyLockOutLeft } from "../../domain/ledger/entry.ts";
import type { LockOut } from "../../domain/lock-out/denial.ts";
import { deniedCalls, isOpenDenial, removalNumber } from "../../domain/lock-out/denied-calls.ts";
import { type Repair, repairOf } from "../../domain/lock-out/repair.ts";
import { hourMs } from "../../domain/time.ts";
import { CaseFile } from "../guard/case-file.ts";
import { pauseInForce, policyFor } from "../guard/pause-in-force.ts";
import { publishCases } from "../guard/publish-case.ts";
import type { DenialName } from "../ports/remediation.ts";
import type { LockOutDeps } from "./lock-out-deps.ts";
import { notePolicy, removeDeny } from "./remove-deny.ts";

/** How long (s) a request waits for the hour to pass in which the key's policy was changed already. */
const laterSeconds = 900;

/**
 * Undoes the lock-out behind a denied call, or records why it is left to people, and publishes what was recorded. Does nothing where the case lacks
 * nothing any more, so that a copy, a replay and a retry change nothing. Throws a GuardError if it has to be tried again.
 */
export async function undoLockOut(deps: LockOutDeps, { name, seq }: DenialName): Promise<void> {
  const stored = await deps.cases.read(name);
  if (stored === undefined) throw new GuardError("CASE_UNKNOWN", "dead-letter", `no case \`${caseNameText(name)}\``);
  const now = deps.clock();
  if (stored.lease !== undefined && stored.lease.until > now)
    throw new GuardError("CASE_CLAIMED", "retry", "the guard is at work on the case");
  const file = CaseFile.resume(stored, deps.newRunId());
  const { entries } = file.chain;
  const calls = deniedCalls(file.state, entries);
  // An attack: an event on the bus whose case records no such denial.
  if (calls.length === 0 || !isOpenDenial(entries, seq, now)) deps.log("LOCK_OUT_OVER", { ...name, seq });
  else await settleAlone(deps, file, { keyArn: name.keyArn, roles: deps.roles, calls }, seq);
  await publishCases(deps, [file]);
}

/** Settles a lock-out under a lease: two records of the same denial arrive at once, and one run is enough for both. */
async function settleAlone(deps: LockOutDeps, file: CaseFile, lockOut: LockOut, seq: number): Promise<void> {
  const now = deps.clock();
  if ((await file.claim(deps.cases, now, file.dueAt ?? now)) === "conflict")
    throw new GuardError("CASE_CHANGED", "retry", "the case was changed by someone else");
  try {
    await settle(deps, file, lockOut, seq);
  } finally {
    // A run that fails lets go of the case, which the guard may be waiting for.
    await file.release(deps.cases, deps.clock(), file.dueAt ?? now).catch(() => "conflict");
  }
}

async function settle(deps: LockOutDeps, file: CaseFile, lockOut: LockOut, seq: number): Promise<void> {
  const withheld = await withheldBecause(deps, file);
  if (withheld !== undefined) return await leave(deps, file, withheld);
  try {
    const policy = await deps.policies.read(lockOut.keyArn);
    const repair = repairOf(policy, lockOut);
    if (repair.do === "leave") return await withoutRepair(deps, file, repair.why, policy);
    await repairOnce(deps, file, lockOut, repair, seq);
  } catch (error) {
    const code = codeOf(error);
    if (code !== "ACCESS_DENIED" && code !== "CONTROL_PLANE_REFUSED") throw error;
    await leave(deps, file, code === "ACCESS_DENIED" ? "denied" : "refused", errorNameIn(error));
  }
}

/** Returns the name of the service's error behind `error`, short enough for the record. */
function errorNameIn(error: unknown): string | undefined {
  return causeOf(error).cause?.split(":")[0]?.slice(0, 64);
}

/** Returns why no policy is touched, whatever it says. */
async function withheldBecause(deps: LockOutDeps, { state }: CaseFile): Promise<WhyLockOutLeft | undefined> {
  const { removesDeny, exempts } = deps.policy.remediation;
  if (!removesDeny) return "off";
  if (exempts(state.keyArn)) return "excepted";
  const pausedBy = await pauseInForce(deps, state);
  const judging = pausedBy === undefined ? deps.policy : { ...deps.policy, pausedBy };
  return policyFor({ policy: judging }, state).mode === "enforce" ? undefined : "observe";
}

/** No statement of the policy is to be removed: our own removal was carried out, takes its time, or there was nothing to remove. */
async function withoutRepair(deps: LockOutDeps, file: CaseFile, why: WhyLockOutLeft, policy: unknown): Promise<void> {
  const { keyArn, generation, denyRemoval } = file.state;
  if (denyRemoval?.state === "intended") {
    await notePolicy(deps, keyArn, policy);
    return await recordRemoved(deps, file, "found");
  }
  if (denyRemoval?.state === "removed" && why === "no-deny" && deps.clock() - denyRemoval.at < hourMs)
    return deps.log("LOCK_OUT_OVER", { keyArn, generation });
  await leave(deps, file, why);
}

async function repairOnce(
  deps: LockOutDeps,
  file: CaseFile,
  lockOut: LockOut,
  repair: Exclude<Repair, { do: "leave" }>,
  seq: number,
): Promise<void> {
  const owner = `${caseNameText(file.state)} ${seq} ${removalNumber(file.state, file.chain.entries)}`;
  if ((await deps.claims.claim(lockOut.keyArn, owner, deps.clock())) === "taken") {
    await leave(deps, file, "removed-within-the-hour");
    await publishCases(deps, [file]);
    const retryAfterSeconds = laterSeconds;
    throw new GuardError("REMEDIATED_LATELY", "retry", "the key's policy was changed within the hour", {
      retryAfterSeconds,
    });
  }
  await removeDeny(deps, file, lockOut, repair);
  if (repairOf(await deps.policies.read(lockOut.keyArn), lockOut).do === "leave")
    return await recordRemoved(deps, file, "answered");
  await leave(deps, file, "came-back");
  await publishCases(deps, [file]);
  throw new GuardError("REMEDIATION_WITHOUT_EFFECT", "retry", "the key's policy still has the Deny that was removed");
}

async function recordRemoved(deps: LockOutDeps, file: CaseFile, how: "answered" | "found"): Promise<void> {
  const { keyArn, generation } = file.state;
  deps.log("DENY_REMOVED", { keyArn, generation, how });
  file.add({ kind: "deny-removed", how }, deps.clock());
  await store(deps, file);
}

/** Logs a lock-out that stands, and records it unless the latest record says the same. */
async function leave(deps: LockOutDeps, file: CaseFile, why: WhyLockOutLeft, code?: string): Promise<void> {
  const { keyArn, generation, lockOutLeft } = file.state;
  deps.log("LOCK_OUT_LEFT", { keyArn, generation, why, ...(code !== undefined && { code }) });
  if (lockOutLeft !== why) file.add({ kind: "lock-out-left", why, ...(code !== undefined && { code }) }, deps.clock());
  await store(deps, file);
}

async function store({ cases, clock }: LockOutDeps, file: CaseFile): Promise<void> {
  const now = clock();
  if ((await file.release(cases, now, file.dueAt ?? now)) === "conflict")
    throw new GuardError("CASE_CHANGED", "retry", "the case was changed by someone else");
}
