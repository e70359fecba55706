import { foldChangePermit } from "../../domain/approval/change-permit.ts";
import { type ChangePermitCommand, judgeChangePermit } from "../../domain/approval/change-permit-command.ts";
import { judgeKeyStart } from "../../domain/approval/key-start.ts";
import type { RequestVerdict } from "../../domain/approval/person-request.ts";
import { foldChange } from "../../domain/change/change-state.ts";
import type { Directory } from "../../domain/people/directory.ts";
import type { Voter } from "../../domain/people/vote.ts";
import type { Policy } from "../../domain/policy/policy.ts";
import type { ChangeBook, ChangePermitBook } from "../ports/change.ts";
import type { KeyStart } from "./record-key-start.ts";

/** What previewing a command about a permit for a change works with: it writes nothing. */
export interface ChangePermitPreviewDeps {
  readonly permits: Pick<ChangePermitBook, "list" | "read">;
  readonly policy: Pick<Policy, "changeRules" | "directory">;
  /** ms since the epoch. */
  readonly clock: () => number;
}

/** What previewing a request to start a stopped key works with: it writes nothing. */
export interface KeyStartPreviewDeps {
  readonly changes: Pick<ChangeBook, "read">;
  readonly directory: Directory;
}

/** Judges a command against the permits as they are stored, and records nothing. Throws what the store throws. */
export async function previewChangePermit(
  { permits, policy, clock }: ChangePermitPreviewDeps,
  command: ChangePermitCommand,
  voter: Voter,
): Promise<RequestVerdict> {
  const named = command.do === "request" ? undefined : await permits.read(command.name);
  const chains = command.do === "request" ? await permits.list(command, Number.MAX_SAFE_INTEGER) : [named];
  const known = chains.flatMap((chain) => (chain && foldChangePermit(chain)) ?? []);
  const { verdict } = judgeChangePermit(known, policy, { command, voter, now: clock() });
  return { about: "change-permit", verdict };
}

/** Judges a request against the changes as they are stored, and records nothing. Throws what the store throws. */
export async function previewKeyStart(
  { changes, directory }: KeyStartPreviewDeps,
  { name, reason }: KeyStart,
  voter: Voter,
): Promise<RequestVerdict> {
  const chain = await changes.read(name);
  if (chain === undefined) return { about: "nothing", verdict: { kind: "refused", why: "CASE_UNKNOWN" } };
  const state = foldChange(chain);
  const verdict =
    state === undefined
      ? ({ kind: "refused", why: "too-late" } as const)
      : judgeKeyStart(state, directory, voter, reason).verdict;
  return { about: "key-start", verdict };
}
