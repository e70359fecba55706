import { foldPause, judgePause } from "../../domain/approval/pause.ts";
import { isOwnKey, judgePermitCommand, type PermitCommand } from "../../domain/approval/permit-command.ts";
import type { PersonRequest, RequestVerdict } from "../../domain/approval/person-request.ts";
import { foldPlannedPermit } from "../../domain/approval/planned-permit.ts";
import type { Voter } from "../../domain/people/vote.ts";
import type { CaseStore } from "../ports/guard.ts";
import {
  type ChangePermitPreviewDeps,
  type KeyStartPreviewDeps,
  previewChangePermit,
  previewKeyStart,
} from "./preview-change.ts";
import { previewVote, type VotePreviewDeps } from "./preview-vote.ts";
import { type ChangePermitDeps, isOwnSubject } from "./record-change-permit.ts";
import { judgeExport } from "./record-export.ts";
import type { PauseDeps } from "./record-pause.ts";
import { type PermitDeps, readPermits } from "./record-permit.ts";

/** What previewing any request works with: it writes nothing. */
export interface PreviewDeps {
  readonly voteDeps: VotePreviewDeps;
  readonly pauseDeps: Omit<PauseDeps, "pauses"> & { readonly pauses: Pick<PauseDeps["pauses"], "latest"> };
  readonly changePermitDeps: ChangePermitPreviewDeps & Pick<ChangePermitDeps, "stack">;
  readonly keyStartDeps: KeyStartPreviewDeps;
  readonly permitDeps: Omit<PermitDeps, "cases"> & { readonly cases: Pick<CaseStore, "history" | "permits"> };
}

/** Judges a request against what is stored, and records nothing. Throws what the store throws. */
export async function previewRequest(deps: PreviewDeps, request: PersonRequest, voter: Voter): Promise<RequestVerdict> {
  switch (request.about) {
    case "vote":
    case "usage-start":
      return await previewVote(deps.voteDeps, request, voter);
    case "pause": {
      const { pauses, terms, directory, clock } = deps.pauseDeps;
      const latest = await pauses.latest();
      const submitted = { request: request.request, voter, now: clock() };
      return { about: "pause", verdict: judgePause(latest && foldPause(latest), terms, directory, submitted).verdict };
    }
    case "export":
      return { about: "export", verdict: judgeExport(deps.pauseDeps.directory, voter) };
    case "change-permit": {
      const { permits, policy, stack, clock } = deps.changePermitDeps;
      if (!isOwnSubject(request.command, stack))
        return { about: "change-permit", verdict: { kind: "refused", why: "foreign-key" } };
      return await previewChangePermit({ permits, policy, clock }, request.command, voter);
    }
    case "key-start":
      return await previewKeyStart(deps.keyStartDeps, request, voter);
    case "permit":
      return await previewPermit(deps.permitDeps, request.command, voter);
  }
}

async function previewPermit(
  deps: PreviewDeps["permitDeps"],
  command: PermitCommand,
  voter: Voter,
): Promise<RequestVerdict> {
  const keyArn = command.do === "request" ? command.keyArn : command.name.keyArn;
  if (!isOwnKey(keyArn, deps.stack)) return { about: "permit", verdict: { kind: "refused", why: "foreign-key" } };
  const { chains, keep } = await readPermits(deps, keyArn, command);
  const known = chains.flatMap((chain) => foldPlannedPermit(chain) ?? []);
  const submitted = { command, voter, now: deps.clock(), ...(keep && { keep }) };
  return { about: "permit", verdict: judgePermitCommand(known, deps.policy, submitted).verdict };
}
