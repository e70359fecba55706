import type { Case } from "../../domain/case/case.ts";
import { followUp, isNearDestruction } from "../../domain/case/confirmation.ts";
import { type Consequence, confirmed, explained, type Finding } from "../../domain/case/finding.ts";
import { caseOf } from "../../domain/case/fold.ts";
import { watchedFrom } from "../../domain/case/history-mark.ts";
import type { DeletionRequest } from "../../domain/deletion/request.ts";
import { causeOf, codeOf, GuardError } from "../../domain/guard-error.ts";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import type { CaseName } from "../../domain/ledger/case-name.ts";
import type { EntryBody } from "../../domain/ledger/entry.ts";
import { knows } from "../guard/begin-run.ts";
import { CaseFile } from "../guard/case-file.ts";
import { completeRun } from "../guard/guard-deletion.ts";
import { publishCases } from "../guard/publish-case.ts";
import type { Guard, Trigger } from "../guard/run.ts";
import type { StoredCase } from "../ports/guard.ts";
import { earliestCall } from "./earliest-call.ts";
import type { HistoryReading } from "./history-reading.ts";

type Files = readonly CaseFile[];

/** Looks up what is in doubt about the newest case of a key, and then does whatever is missing. Answers the cases it worked on. */
export async function sweepKey(
  guard: Guard,
  history: HistoryReading,
  { keyArn, listed }: { readonly keyArn: KeyArn; readonly listed: boolean },
): Promise<Files> {
  const trigger = { source: "sweep", keyArn, listed, deliveries: 1 } as const;
  // A key whose time has come may be gone, and no confirmation is missing then: it is looked at first.
  const mayBeGone = (state: Case) => state.requests.length > 0 && isNearDestruction(state, guard.clock(), 0);
  const first = await settleDoubts(guard, history, keyArn, (state) => !mayBeGone(state));
  if (first.informed) return first.files;
  const looked = await work(guard, { ...trigger, asked: first.had });
  const seen = looked.at(-1);
  if (first.had || (seen !== undefined && !inDoubt(guard, seen.state))) return [...first.files, ...looked];
  // What was opened or allowed just now may have no time left to wait for its record until the next sweep.
  const second = await settleDoubts(guard, history, keyArn);
  const again = second.had && !second.informed ? await work(guard, { ...trigger, asked: true }) : [];
  return [...looked, ...second.files, ...again];
}

/** Finishes the record of a case that is over, or no longer the newest, and publishes it. Makes no control-plane calls of its own. */
export async function finishCase(guard: Guard, history: HistoryReading, name: CaseName): Promise<Files> {
  const past = await guard.cases.history(name.keyArn);
  const isNewest = past.newest !== undefined && caseOf(past.newest.chain).generation === name.generation;
  const settled = isNewest ? await settleDoubts(guard, history, name.keyArn) : undefined;
  if (settled?.informed) return settled.files;
  const stored = await guard.cases.read(name);
  if (stored === undefined) return [];
  // CloudTrail's latest call on a key says nothing of a deletion before the latest one.
  const hopeless = !isNewest && inDoubt(guard, caseOf(stored.chain));
  const file = hopeless ? await addEntry(guard, stored, { kind: "event-missed" }) : resume(guard, stored);
  await publishCases(guard, [file]);
  return [...(settled?.files ?? []), file];
}

function inDoubt(guard: Guard, state: Case): boolean {
  return followUp(state, guard.clock()) !== "nothing";
}

/** Outcomes that are no failure of a sweep: the next one goes on. */
const expected = new Set(["REQUESTER_AWAITED", "CASE_CLAIMED"]);

/** Runs the guard for `trigger`, as a sweep does. Answers the cases it worked on; none where another run is at work, or a record is awaited. */
export async function work(guard: Guard, trigger: Trigger): Promise<Files> {
  try {
    const { files, unpublished } = await completeRun(guard, trigger);
    if (unpublished !== undefined) noteUnpublished(guard, files, unpublished.error);
    return files;
  } catch (error) {
    if (expected.has(codeOf(error))) return [];
    throw error;
  }
}

/** Entries that are not published are due in the next sweep. INVARIANT: the key is not restored for them, and no later step is left out. */
function noteUnpublished({ log }: Guard, files: Files, error: unknown): void {
  log("SWEEP_STEP_FAILED", {
    task: "publish",
    keyArn: files.at(-1)?.state.keyArn,
    code: codeOf(error),
    ...causeOf(error),
  });
}

interface Settled {
  /** Whether there was anything to look up. */
  readonly had: boolean;
  /** CloudTrail had a record that the case did not know: with it the guard has done whatever there was to do. */
  readonly informed: boolean;
  readonly files: Files;
}

async function settleDoubts(
  guard: Guard,
  history: HistoryReading,
  keyArn: KeyArn,
  concerns: (state: Case) => boolean = () => true,
): Promise<Settled> {
  const past = await guard.cases.history(keyArn);
  const state = past.newest && caseOf(past.newest.chain);
  if (past.newest === undefined || state === undefined || !concerns(state) || !inDoubt(guard, state))
    return { had: false, informed: false, files: [] };
  const finding = await find(guard, history, state);
  const { newest } = past;
  const isKnown = (call: DeletionRequest) => knows({ state, earlier: newest.earlier }, call);
  const follows = state.requests.length === 0 ? explained : confirmed;
  return { had: true, ...(await follow(guard, newest, follows(state, finding, isKnown, guard.clock()))) };
}

/** Looks the deciding record up by its eventID where the calls that were read lack it: no number of other calls hides it there. */
async function find(guard: Guard, history: HistoryReading, state: Case): Promise<Finding> {
  const decidedOn = state.requests.at(-1);
  const since = decidedOn?.at ?? (await earliestCall(guard, state));
  const found = await history.calls(state.keyArn, since, watchedFrom(state) !== undefined);
  const isThere = decidedOn === undefined || found.calls.some(({ eventId }) => eventId === decidedOn.eventId);
  return { ...found, record: isThere ? "unread" : await history.record(decidedOn.eventId) };
}

async function follow(guard: Guard, stored: StoredCase, consequence: Consequence): Promise<Omit<Settled, "had">> {
  switch (consequence.do) {
    case "wait":
      if (consequence.isOverdue) guard.log("CONFIRMATION_OVERDUE", { ...nameOf(resume(guard, stored)) });
      return { informed: false, files: [] };
    case "record":
      return { informed: false, files: [await addEntry(guard, stored, consequence.body)] };
    case "attach-request":
      return {
        informed: true,
        files: await work(guard, { source: "event", request: consequence.request, deliveries: 1 }),
      };
  }
}

/** Adds one entry to a stored case, which is due at once: what follows from it is for the guard to do. */
async function addEntry(guard: Guard, stored: StoredCase, body: EntryBody): Promise<CaseFile> {
  const file = resume(guard, stored);
  const now = guard.clock();
  if (!file.add(body, now)) guard.log("CASE_FULL", { ...nameOf(file), kind: body.kind });
  if ((await file.release(guard.cases, now, now)) === "saved") return file;
  throw new GuardError("CASE_CHANGED", "retry", "the case was changed by others");
}

function nameOf({ state: { keyArn, generation } }: CaseFile): CaseName {
  return { keyArn, generation };
}

function resume(guard: Guard, stored: StoredCase): CaseFile {
  return CaseFile.resume(stored, guard.newRunId());
}
