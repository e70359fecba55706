import { caseOf } from "../domain/case.ts";
import type { CaseName } from "../domain/case-name.ts";
import { contradicts } from "../domain/contradiction.ts";
import { GuardError } from "../domain/guard-error.ts";
import type { KeyArn } from "../domain/key-arn.ts";
import type { KeyObservation } from "../domain/payment-key.ts";
import { restFor } from "../domain/situation.ts";
import { advance } from "./advance.ts";
import { CaseFile } from "./case-file.ts";
import { failOpen, isFresh, isStoreFailure } from "./fail-open.ts";
import { pauseInForce, underPause } from "./pause-in-force.ts";
import type { KeyHistory, StoredCase } from "./ports.ts";
import { publishCase } from "./publish-case.ts";
import type { Guard, Run, Trigger } from "./run.ts";

/** Rounds begun anew because somebody else wrote to the case first. */
const maxRounds = 4;

/**
 * Does whatever is still missing for the key that `trigger` speaks of, and leaves it on record: the same for a first event, a
 * duplicate, a replay, and a retry after a crash. Returns the cases it worked on, the newest last. Throws a GuardError when
 * this run cannot finish; nothing is lost then, and the next run goes on from there.
 */
export async function guardDeletion(guard: Guard, trigger: Trigger): Promise<readonly CaseFile[]> {
  for (let round = 0; round < maxRounds; round++) {
    const files = await runOnce(guard, trigger);
    if (files !== "conflict") return files;
  }
  throw new GuardError("CASE_CHANGED", "retry", "the case was changed by others again and again");
}

async function runOnce(guard: Guard, trigger: Trigger): Promise<readonly CaseFile[] | "conflict"> {
  let run: Run | undefined;
  try {
    run = await look(guard, trigger);
    if (isReplica(run)) return leaveReplica(run);
    return await work(run);
  } catch (error) {
    if (isStoreFailure(error)) await failOpen(run?.guard ?? guard, trigger, run?.restoredHere ?? false);
    throw error;
  }
}

/** A replica follows its primary, eventually, and can be changed there alone: the stack in that region is the one to act. */
function isReplica({ observation, files }: Run): boolean {
  return "key" in observation && observation.key.multiRegion === "REPLICA" && files.length === 0;
}

function leaveReplica({ guard, arn, observation }: Run): readonly CaseFile[] {
  guard.log("REPLICA_LEFT_ALONE", { keyArn: arn, state: observation.kind });
  return [];
}

async function work(run: Run): Promise<readonly CaseFile[] | "conflict"> {
  const progress = await advance(run);
  if (progress === "conflict") return "conflict";
  for (const file of run.files)
    if ((await file.release(run.guard.cases, run.guard.clock(), run.dueAt)) === "conflict") return "conflict";
  for (const file of [...run.earlier, ...run.files]) await publishCase(run.guard, file);
  if (progress === "await-requester")
    throw new GuardError("REQUESTER_AWAITED", "retry", `who deleted \`${run.arn}\` is not known yet, and matters`);
  if (progress === "look-again")
    throw new GuardError("KEY_STATE_UNKNOWN", "retry", `the state of \`${run.arn}\` is not understood`);
  return run.files;
}

/** Looks at the key and its history at the same time: the key is unusable meanwhile, and every round trip counts. */
async function look(guard: Guard, trigger: Trigger): Promise<Run> {
  const target = trigger.source === "event" ? trigger.request.target : { kind: "arn" as const, arn: trigger.keyArn };
  const resolved = target.kind === "alias" ? await guard.keys.observe(target.alias) : undefined;
  const arn = target.kind === "alias" ? arnOf(resolved, target.alias) : target.arn;
  const [seen, history, pause] = await Promise.all([
    resolved ?? guard.keys.observe(arn),
    guard.cases.history(arn),
    pauseInForce(guard),
  ]);
  refuseClaimed(history, guard.clock(), arn);
  const stale = history.newest !== undefined && contradicts(caseOf(history.newest.chain), seen);
  const observation = stale ? await guard.keys.observe(arn) : seen;
  const named = trigger.source === "look-again" ? await earlierCase(guard, trigger, history) : undefined;
  return begin(
    underPause(guard, pause, observation),
    trigger,
    arn,
    observation,
    named ? { ...history, previous: named } : history,
  );
}

/** The case that was added to, where it is not one of the two newest: all there is to do is to publish it. */
async function earlierCase({ cases }: Guard, name: CaseName, { newest }: KeyHistory): Promise<StoredCase | undefined> {
  const newestGeneration = newest === undefined ? 0 : caseOf(newest.chain).generation;
  return name.generation < newestGeneration - 1 ? await cases.read(name) : undefined;
}

function begin(guard: Guard, trigger: Trigger, arn: KeyArn, observation: KeyObservation, history: KeyHistory): Run {
  const { policy } = guard;
  const owner = guard.newRunId();
  const file = history.newest && CaseFile.resume(history.newest, owner);
  const request = trigger.source === "event" ? trigger.request : undefined;
  const known =
    request === undefined || file?.state.eventIds.has(request.eventId) || history.earlierEventIds.has(request.eventId);
  const retried = trigger.deliveries > 1 && request !== undefined && isFresh(request, guard.clock());
  return {
    guard,
    trigger: trigger.source,
    owner,
    arn,
    deliveries: trigger.deliveries,
    earlier: history.previous ? [CaseFile.resume(history.previous, owner)] : [],
    unrecordedAttempt: retried && !known && (policy.mode === "enforce" || policy.pausedBy !== undefined),
    observation,
    news: known ? undefined : request,
    files: file === undefined ? [] : [file],
    dueAt: guard.clock() + restFor,
    restoredHere: false,
  };
}

function arnOf(seen: KeyObservation | undefined, alias: string): KeyArn {
  if (seen === undefined || seen.kind === "absent")
    throw new GuardError("ALIAS_UNRESOLVED", "dead-letter", `no key answers to \`${alias}\` any more`);
  return seen.kind === "unrecognised" ? seen.arn : seen.key.arn;
}

function refuseClaimed({ newest }: KeyHistory, now: number, arn: KeyArn): void {
  if (newest?.lease !== undefined && newest.lease.until > now)
    throw new GuardError("CASE_CLAIMED", "retry", `another run is at work on \`${arn}\``);
}
