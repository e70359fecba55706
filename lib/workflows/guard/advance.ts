import { foldPermit } from "../../domain/approval/permit.ts";
import { isNearDestruction, lastMomentMs } from "../../domain/case/confirmation.ts";
import { GuardError } from "../../domain/guard-error.ts";
import { keyIn } from "../../domain/key/payment-key.ts";
import type { DeletionDetected, DetectionSource } from "../../domain/ledger/entry.ts";
import { nextStep } from "../../domain/plan/next-step.ts";
import { awaitedUntil, isPastWaiting, type Situation, type Step } from "../../domain/plan/situation.ts";
import { minuteMs } from "../../domain/time.ts";
import { askPeople } from "./ask-people.ts";
import { CaseFile } from "./case-file.ts";
import { decideCase } from "./decide-case.ts";
import { restoreKey, startUsage } from "./key-effects.ts";
import { labelsOnce } from "./labels-once.ts";
import { policyFor } from "./pause-in-force.ts";
import { issuePermit, usePermit } from "./permit-effects.ts";
import { reconsiderQuestion } from "./reconsider-question.ts";
import { recordEntry } from "./record-entry.ts";
import { revokeKept } from "./revoke-permits.ts";
import type { Progress, Run } from "./run.ts";

/** More steps than any plan has: a plan that does not end is a fault of ours, and must not spin. */
const maxSteps = 30;

/** Takes step after step until there is nothing more to do now. What was added last is not stored yet. */
export async function advance(run: Run): Promise<Exclude<Progress, "go-on">> {
  for (let steps = 0; steps < maxSteps; steps++) {
    const progress = await perform(run, nextStep(situationOf(run)));
    if (progress === "rest") forgetMissingLabels(run);
    if (progress !== "go-on") return progress;
  }
  throw new GuardError("CASE_CHANGED", "retry", "the case does not come to rest");
}

/** Takes the steps that only record the request in hand. Returns whether a case knows it now; what was added last is not stored yet. */
export async function recordRequest(run: Run): Promise<boolean> {
  for (let steps = 0; steps < maxSteps && run.newRequest !== undefined; steps++) {
    const step = nextStep(situationOf(run));
    if (step.do !== "open" && step.do !== "attach-request" && step.do !== "record") return false;
    if ((await perform(run, step)) !== "go-on") return false;
  }
  return run.newRequest === undefined;
}

/** A run that rests has no decision due: the next one waits again for missing labels. */
function forgetMissingLabels({ files }: Run): void {
  for (const file of files) file.labelsMissingSince = undefined;
}

function situationOf(run: Run): Situation {
  const newest = run.files.at(-1)?.state;
  return {
    now: run.guard.clock(),
    mode: policyFor(run.guard, newest).mode,
    policyHash: run.guard.policy.hash,
    observation: run.observation,
    ...(newest !== undefined && { newest }),
    ...(run.newRequest !== undefined && { newRequest: run.newRequest }),
    trigger: run.trigger,
    asked: run.asked,
    listed: run.listed && !run.restoredHere,
    reconsidered: run.reconsidered ?? false,
    directory: run.guard.policy.directory,
    ...(run.history.keep && { keep: run.history.keep }),
    ...(run.permitsRevoked && { permitsRevoked: true }),
    ...(run.permits && { permits: run.permits.flatMap((chain) => foldPermit(chain) ?? []) }),
    ...(run.lastSeen && { lastSeen: run.lastSeen }),
    unrecordedAttempt: run.unrecordedAttempt,
    withoutRecord: run.withoutRecord,
    ...(run.startedHere && { startedHere: true }),
    ...(run.noRoom && { noRoom: true }),
  };
}

async function perform(run: Run, step: Step): Promise<Progress> {
  switch (step.do) {
    case "open":
      return await openCase(run, step.source);
    case "attach-request":
      return recordEntry(run, newestFile(run), detection(run, newestFile(run).state.generation, step.source));
    case "record":
      if (step.body.kind === "requester-learned") run.newRequest = undefined;
      return recordEntry(run, newestFile(run), step.body);
    case "decide":
      return await decideNow(run, newestFile(run));
    case "reconsider":
      return await reconsiderQuestion(run, newestFile(run));
    case "restore":
      return await restoreKey(run, newestFile(run), step.late);
    case "start-usage":
      return await startUsage(run, newestFile(run), step.evidence);
    case "read-permits":
      run.permits = await run.guard.cases.permits(run.arn);
      return "go-on";
    case "revoke-permits":
      return await revokeKept(run, newestFile(run));
    case "read-inventory":
      run.lastSeen = (await run.guard.inventory.lastSeen(run.arn)) ?? "never";
      return "go-on";
    case "use-permit":
      return await usePermit(run, newestFile(run), step.permit);
    case "issue-permit":
      return await issuePermit(run, newestFile(run));
    case "ask":
      return await askPeople(run, newestFile(run), step.deadline);
    case "await-requester":
      run.dueAt = awaitedUntil(newestFile(run).state);
      return "await-requester";
    case "wait":
      run.dueAt = step.until;
      return "rest";
    case "re-evaluate":
      return "re-evaluate";
    case "done":
      return "rest";
  }
}

function newestFile({ files }: Run): CaseFile {
  const file = files.at(-1);
  if (file === undefined) throw new TypeError("this step needs a case");
  return file;
}

async function openCase(run: Run, source: DetectionSource): Promise<Progress> {
  const now = run.guard.clock();
  const before = run.files.at(-1);
  // INVARIANT: a generation is closed in the store before the next one is opened.
  if (before !== undefined && (await before.release(run.guard.cases, now, now)) === "conflict") return "conflict";
  run.startedHere = false;
  const generation = (before?.state.generation ?? 0) + 1;
  run.files.push(CaseFile.open(detection(run, generation, source), now, run.owner, before));
  return "go-on";
}

/** What is seen now, together with the record in hand, which the case knows from here on. */
function detection(run: Run, generation: number, source: DetectionSource): DeletionDetected {
  const { observation, newRequest } = run;
  const key = keyIn(observation);
  run.newRequest = undefined;
  return {
    kind: "deletion-detected",
    case: { keyArn: run.arn, generation },
    source,
    guardVersion: run.guard.version,
    ...(key !== undefined && { key }),
    ...(observation.kind === "pending" && { deletePendingAt: observation.deletePendingAt }),
    ...(newRequest !== undefined && { request: newRequest }),
  };
}

/** Tags and aliases that could not be read once are waited for until the third delivery (20 s), or for so long (ms). */
const labelDeliveries = 3;
const labelWaitMs = minuteMs;

/**
 * Returns whether a decision is made without labels that cannot be read. INVARIANT: the wait begins when this very decision first lacked
 * them, so that one throttled call undoes no allowed deletion; and nothing waits in the last moments.
 */
function isPastLabelWait({ deliveries, guard, withoutRecord }: Run, { state, labelsMissingSince }: CaseFile): boolean {
  const now = guard.clock();
  if (isNearDestruction(state, now, lastMomentMs)) return true;
  // Nothing can keep the time of the first failure.
  const since = labelsMissingSince ?? (withoutRecord ? state.openedAt : undefined);
  return since !== undefined && (deliveries >= labelDeliveries || now - since >= labelWaitMs);
}

async function decideNow(run: Run, file: CaseFile): Promise<Progress> {
  const { observation, guard, arn } = run;
  const undated = observation.kind === "undated";
  run.labels ??= labelsOnce(guard);
  const judging = { ...guard, policy: policyFor(guard, file.state) };
  const decided = await decideCase(judging, run.labels, file.state, keyIn(observation) ?? { arn }, {
    withoutRequester: undated || isPastWaiting(file.state, situationOf(run)),
    withoutLabels: undated || isPastLabelWait(run, file),
  }).catch((error: unknown) => {
    file.labelsMissingSince ??= guard.clock();
    throw error;
  });
  file.labelsMissingSince = undefined;
  if (decided === undefined) {
    run.dueAt = awaitedUntil(file.state);
    return "await-requester";
  }
  return recordEntry(run, file, decided);
}
