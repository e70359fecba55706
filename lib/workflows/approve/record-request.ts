import type { PersonRequest, RequestVerdict } from "../../domain/approval/person-request.ts";
import { codeOf, GuardError } from "../../domain/guard-error.ts";
import type { CaseName } from "../../domain/ledger/case-name.ts";
import { type ChangeName, changeNameText } from "../../domain/ledger/change-name.ts";
import { changePermitText } from "../../domain/ledger/change-permit-name.ts";
import type { Origin, Voter } from "../../domain/people/vote.ts";
import type { ActOnChange, NotifyChangePermit } from "../ports/change.ts";
import type { Log, NotifyPauseChanged, NotifyPermitChanged, ReEvaluate } from "../ports/guard.ts";
import { type ChangePermitDeps, recordChangePermit } from "./record-change-permit.ts";
import { type ExportDeps, recordExport } from "./record-export.ts";
import { type KeyStartDeps, recordKeyStart } from "./record-key-start.ts";
import { type PauseDeps, recordPause } from "./record-pause.ts";
import { type PermitDeps, recordPermit } from "./record-permit.ts";
import { type Recorded, recordUsageStart, recordVote, type VoteDeps } from "./record-vote.ts";

/** What recording any request works with: cases, permits, pauses and exports, and no key. */
export interface RequestDeps {
  readonly voteDeps: VoteDeps;
  readonly pauseDeps: PauseDeps;
  readonly permitDeps: PermitDeps;
  readonly exportDeps: ExportDeps;
  readonly changePermitDeps: ChangePermitDeps;
  readonly keyStartDeps: KeyStartDeps;
  readonly reEvaluate: ReEvaluate;
  readonly notifyPauseChanged: NotifyPauseChanged;
  readonly notifyPermitChanged: NotifyPermitChanged;
  readonly notifyChangePermit: NotifyChangePermit;
  readonly actOnChange: ActOnChange;
  readonly log: Log;
}

/**
 * Judges a request of `voter` and records it, once. What can never be recorded, because there is no such case or the case is full, is a
 * verdict too. Throws CASE_CLAIMED, CASE_CHANGED, or what the store throws: then it is to be judged later.
 */
export async function recordRequest(
  deps: RequestDeps,
  request: PersonRequest,
  voter: Voter,
  origin: Origin,
): Promise<RequestVerdict> {
  try {
    switch (request.about) {
      case "vote": {
        const vote = { ...request.vote, voter };
        return await aboutCase(deps, request.name, await recordVote(deps.voteDeps, request.name, vote, origin));
      }
      case "usage-start":
        return await aboutCase(deps, request.name, await recordUsageStart(deps.voteDeps, request, voter, origin));
      case "pause":
        return await aboutPause(deps, await recordPause(deps.pauseDeps, voter, request.request, origin));
      case "export":
        return { about: "export", verdict: await recordExport(deps.exportDeps, voter, request.exported, origin) };
      case "change-permit":
        return await aboutChangePermit(
          deps,
          await recordChangePermit(deps.changePermitDeps, voter, request.command, origin),
        );
      case "key-start":
        return await aboutKeyStart(deps, request.name, await recordKeyStart(deps.keyStartDeps, voter, request, origin));
      case "permit":
        return await aboutPermit(deps, await recordPermit(deps.permitDeps, voter, request.command, origin));
    }
  } catch (error) {
    if (!(error instanceof GuardError) || error.disposition !== "reject") throw error;
    return { about: "nothing", verdict: { kind: "refused", why: error.code } };
  }
}

/** Asks the guard to re-evaluate the case. If that event is lost, the sweep does it. */
async function aboutCase(
  { reEvaluate, log }: RequestDeps,
  name: CaseName,
  { verdict, added, unrevoked }: Recorded,
): Promise<RequestVerdict> {
  const isRefused = verdict.kind === "refused";
  log(isRefused ? "VOTE_REFUSED" : "VOTE_RECORDED", { ...name, verdict: { ...verdict } });
  if (unrevoked !== undefined) log("PERMITS_LEFT_TO_GUARD", { ...name, code: unrevoked });
  if (added || !isRefused)
    await reEvaluate(name).catch((error: unknown) => log("RE_EVALUATE_FAILED", { ...name, code: codeOf(error) }));
  return { about: "case", verdict };
}

/** Publishes the change of a pause. If the event is lost, the sweep publishes it again. */
async function aboutPause(
  { notifyPauseChanged, log }: RequestDeps,
  { verdict, changed }: Awaited<ReturnType<typeof recordPause>>,
): Promise<RequestVerdict> {
  log(verdict.kind === "refused" ? "PAUSE_REFUSED" : "PAUSE_CHANGED", { pause: changed, verdict: { ...verdict } });
  if (changed !== undefined)
    await notifyPauseChanged(changed).catch((error: unknown) => log("PAUSE_NOTIFY_FAILED", { code: codeOf(error) }));
  return { about: "pause", verdict };
}

async function aboutPermit(
  { notifyPermitChanged, log }: RequestDeps,
  { verdict, changed }: Awaited<ReturnType<typeof recordPermit>>,
): Promise<RequestVerdict> {
  log(verdict.kind === "refused" ? "PERMIT_REFUSED" : "PERMIT_CHANGED", { ...changed, verdict: { ...verdict } });
  if (changed !== undefined)
    await notifyPermitChanged(changed).catch((error: unknown) => log("PERMIT_NOTIFY_FAILED", { code: codeOf(error) }));
  return { about: "permit", verdict };
}

async function aboutChangePermit(
  { notifyChangePermit, log }: RequestDeps,
  { verdict, changed }: Awaited<ReturnType<typeof recordChangePermit>>,
): Promise<RequestVerdict> {
  const named = changed && { permit: changePermitText(changed) };
  log(verdict.kind === "refused" ? "PERMIT_REFUSED" : "PERMIT_CHANGED", { ...named, verdict: { ...verdict } });
  if (changed !== undefined)
    await notifyChangePermit(changed).catch((error: unknown) => log("PERMIT_NOTIFY_FAILED", { code: codeOf(error) }));
  return { about: "change-permit", verdict };
}

/** Asks remediation to act. No sweep would do it later: where the bus does not take the event, the request is judged again, and found on record. */
async function aboutKeyStart(
  { actOnChange, log }: RequestDeps,
  name: ChangeName,
  verdict: Awaited<ReturnType<typeof recordKeyStart>>,
): Promise<RequestVerdict> {
  const isRefused = verdict.kind === "refused";
  log(isRefused ? "VOTE_REFUSED" : "VOTE_RECORDED", { change: changeNameText(name), verdict: { ...verdict } });
  if (!isRefused) await actOnChange(name);
  return { about: "key-start", verdict };
}
