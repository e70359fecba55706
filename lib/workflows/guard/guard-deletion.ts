import { contradicts } from "../../domain/case/contradiction.ts";
import { caseOf } from "../../domain/case/fold.ts";
import type { DeletionTarget } from "../../domain/deletion/request.ts";
import { GuardError } from "../../domain/guard-error.ts";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import { type KeyObservation, keyIn } from "../../domain/key/payment-key.ts";
import type { CaseName } from "../../domain/ledger/case-name.ts";
import { hourMs } from "../../domain/time.ts";
import type { KeyHistory, StoredCase } from "../ports/guard.ts";
import { advance } from "./advance.ts";
import { beginRun } from "./begin-run.ts";
import type { CaseFile } from "./case-file.ts";
import { failOpen, isStoreFailure } from "./fail-open.ts";
import { noteAliases } from "./note-aliases.ts";
import { noticed, observeKey } from "./observe-key.ts";
import { pauseInForce, underPause } from "./pause-in-force.ts";
import { publishCases } from "./publish-case.ts";
import { isRecordedFirst, recordFirst } from "./record-first.ts";
import type { Guard, Progress, Run, Trigger } from "./run.ts";
import { storeFiles } from "./store-files.ts";

/** Retries after a write conflict. */
const maxRounds = 4;

/** What a run that came to its end leaves behind. Everything is stored. */
export interface Completed {
  /** The cases it worked on, the newest last. */
  readonly files: readonly CaseFile[];
  /** Why entries of them are not published. It is logged, and says nothing about the key. */
  readonly unpublished?: { readonly error: unknown };
}

/** Does what `completeRun` does. Returns the cases it worked on, the newest last. Throws also if their entries are not published. */
export async function guardDeletion(guard: Guard, trigger: Trigger): Promise<readonly CaseFile[]> {
  const { files, unpublished } = await completeRun(guard, trigger);
  if (unpublished !== undefined) throw unpublished.error;
  return files;
}

/**
 * Does whatever is still missing for the key that `trigger` names, and leaves it on record: the same for a first event, a
 * duplicate, a replay, and a retry after a crash. Throws a GuardError when this run cannot finish; nothing is lost then, and the
 * next run goes on from there.
 */
export async function completeRun(guard: Guard, trigger: Trigger): Promise<Completed> {
  for (let round = 0; round < maxRounds; round++) {
    const completed = await runOnce(guard, trigger);
    if (completed !== "conflict") return completed;
  }
  throw new GuardError("CASE_CHANGED", "retry", "the case was changed by others again and again");
}

async function runOnce(guard: Guard, trigger: Trigger): Promise<Completed | "conflict"> {
  let run: Run | undefined;
  let progress: Exclude<Progress, "go-on">;
  try {
    if (isRecordedFirst(trigger)) await recordFirst(guard, trigger);
    run = await look(guard, trigger);
    if (isReplica(run)) return await leaveReplica(run);
    progress = await advanceAndStore(run);
  } catch (error) {
    if (isStoreFailure(error)) await failOpen(guard, trigger, run);
    throw error;
  }
  if (progress === "conflict") return "conflict";
  // INVARIANT: outside of the failing open. What is published late is on record, and nothing is done again for it.
  const published = await publish(run);
  return { files: finished(run, progress), ...published };
}

/** How long (ms) the case of a replica rests. */
const replicaRestMs = hourMs;

/** A replica follows its primary, eventually, and can be changed there alone: the stack in that region is the one to act. */
function isReplica({ observation }: Run): boolean {
  return keyIn(observation)?.multiRegion === "REPLICA";
}

/** A case may have been opened while GetKey was denied: it is looked at once an hour, in case the key becomes a primary. */
async function leaveReplica(run: Run): Promise<Completed | "conflict"> {
  const { guard, arn, observation } = run;
  guard.log("REPLICA_LEFT_ALONE", { keyArn: arn, state: observation.kind });
  run.dueAt = guard.clock() + replicaRestMs;
  return (await storeFiles(run)) === "conflict" ? "conflict" : { files: [] };
}

/** Takes the steps that are missing and stores what was learned, also when a step fails: no fault keeps a case from being opened. */
async function advanceAndStore(run: Run): Promise<Exclude<Progress, "go-on">> {
  try {
    const progress = await advance(run);
    if (progress !== "conflict") await noteAliases(run);
    return progress === "conflict" || (await storeFiles(run)) === "conflict" ? "conflict" : progress;
  } catch (error) {
    if (isStoreFailure(error)) throw error;
    run.dueAt = run.guard.clock();
    if ((await storeFiles(run)) === "conflict") return "conflict";
    // The step that failed is what the caller needs to know; `publishCases` has logged its own failure.
    await publish(run);
    throw error;
  }
}

/** Publishes what is stored. A failure is a value: it never hides what happened to the run itself. */
async function publish({ guard, earlier, files }: Run): Promise<Pick<Completed, "unpublished">> {
  try {
    await publishCases(guard, [...earlier, ...files]);
    return {};
  } catch (error) {
    return { unpublished: { error } };
  }
}

function finished(
  { arn, files, observation }: Run,
  progress: Exclude<Progress, "go-on" | "conflict">,
): readonly CaseFile[] {
  if (progress === "await-requester")
    throw new GuardError("REQUESTER_AWAITED", "retry", `who deleted \`${arn}\` is not known yet, and matters`);
  if (progress === "re-evaluate" && observation.kind === "undated" && observation.why === "unavailable")
    throw new GuardError("CONTROL_PLANE_UNAVAILABLE", "retry", `GetKey fails for \`${arn}\``);
  if (progress === "re-evaluate")
    throw new GuardError("KEY_STATE_UNKNOWN", "retry", `the state of \`${arn}\` is not understood`);
  return files;
}

function targetOf(trigger: Trigger): DeletionTarget {
  if (trigger.source === "event") return trigger.request.target;
  return trigger.source === "hint" ? trigger.target : { kind: "arn", arn: trigger.keyArn };
}

/** Looks at the key and its history at the same time: the key is unusable meanwhile, and every round trip counts. */
async function look(guard: Guard, trigger: Trigger): Promise<Run> {
  const target = targetOf(trigger);
  const resolved = target.kind === "alias" ? noticed(guard.log, await guard.keys.observe(target.alias)) : undefined;
  const arn = target.kind === "alias" ? arnOf(resolved, target.alias) : target.arn;
  const [seen, history, pause] = await Promise.all([
    resolved ?? observeKey(guard, arn),
    guard.cases.history(arn),
    pauseInForce(guard),
  ]);
  refuseClaimed(history, guard.clock(), arn);
  const newest = history.newest && caseOf(history.newest.chain);
  const stale = newest !== undefined && contradicts(newest, seen);
  const observation = stale ? await observeKey(guard, arn) : seen;
  const named = trigger.source === "re-evaluate" ? await earlierCase(guard, trigger, history) : undefined;
  // Under `observe` only a promise can be paused, and only the records report one.
  const pausedBy = guard.policy.mode === "enforce" ? pause : await pauseInForce(guard, newest);
  return beginRun(
    underPause(guard, pausedBy, observation, newest),
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

function arnOf(seen: KeyObservation | undefined, alias: string): KeyArn {
  if (seen === undefined || seen.kind === "absent")
    throw new GuardError("ALIAS_UNRESOLVED", "dead-letter", `no key answers to \`${alias}\` any more`);
  return "arn" in seen ? seen.arn : seen.key.arn;
}

function refuseClaimed({ newest }: KeyHistory, now: number, arn: KeyArn): void {
  if (newest?.lease !== undefined && newest.lease.until > now)
    throw new GuardError("CASE_CLAIMED", "retry", `another run is at work on \`${arn}\``);
}
