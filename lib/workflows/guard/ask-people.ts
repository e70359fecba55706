import { standingOf } from "../../domain/approval/dual-control.ts";
import { codeOf } from "../../domain/guard-error.ts";
import type { Decided } from "../../domain/ledger/entry.ts";
import { labelsShown } from "../../domain/ledger/recorded-labels.ts";
import type { CaseFile } from "./case-file.ts";
import { labelsOnce } from "./labels-once.ts";
import { recordEntry } from "./record-entry.ts";
import type { Progress, Run } from "./run.ts";

/**
 * Records that the people are asked, with the labels by which they know the key. It is fetched only now: a key that is restored
 * first does not wait for it, and people can decide without it. A restored key about which the case has no room to ask gets no permit.
 */
export async function askPeople(run: Run, file: CaseFile, deadline: number): Promise<Progress> {
  const { state } = file;
  if (state.decision?.effect.outcome !== "ask") throw new TypeError("nobody is to be asked in this case");
  const labels = await labelsOf(run, state.decision);
  const { quorum } = standingOf(state, run.guard.policy.directory);
  const { from } = state.decision.effect.approval;
  recordEntry(run, file, { kind: "approval-requested", from, quorum, deadline, ...labels });
  // The key lives and no later sweep finds more room: the case ends, and nobody gets a permit.
  if (file.state.question === undefined && state.restore === "restored")
    recordEntry(run, file, { kind: "permit-withheld", why: "no-room-to-ask" });
  return "go-on";
}

/** What a rule asked for comes first; where the labels cannot be read now, what the decision recorded has to do. */
async function labelsOf(run: Run, { tags, aliases }: Decided): Promise<ReturnType<typeof labelsShown>> {
  const { guard, arn } = run;
  const read = async <Value>(labels: (key: typeof arn) => Promise<Value>): Promise<Value | "unreadable"> =>
    await labels(arn).catch((error: unknown) => {
      guard.log("LABELS_UNREADABLE", { keyArn: arn, code: codeOf(error) });
      return "unreadable" as const;
    });
  run.labels ??= labelsOnce(guard);
  const now = { tags: await read(run.labels.tags), aliases: await read(run.labels.aliases) };
  const first = { tags: Object.keys(tags?.listed ?? {}), aliases: aliases?.listed ?? [] };
  return { ...(tags && { tags }), ...(aliases && { aliases }), ...labelsShown(now, first) };
}
