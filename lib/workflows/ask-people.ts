import { standingOf } from "../domain/dual-control.ts";
import type { Decided } from "../domain/entry.ts";
import { codeOf } from "../domain/guard-error.ts";
import type { CaseFile } from "./case-file.ts";
import type { Progress, Run } from "./run.ts";

/** What a message shows at the most; an item holds 400 KB, and anybody may add tags. */
const maxLabels = 20;

/**
 * Records that the people are asked, with the labels by which they know the key. It is fetched only now: a key that is restored
 * first does not wait for it, and people can decide without it.
 */
export async function askPeople(run: Run, file: CaseFile, deadline: number): Promise<Progress> {
  const { state } = file;
  if (state.decision?.effect.outcome !== "ask") throw new TypeError("nobody is to be asked in this case");
  const labels = await labelsOf(run, state.decision);
  const { quorum } = standingOf(state, run.guard.policy.directory);
  const { from } = state.decision.effect.approval;
  file.add({ kind: "approval-requested", from, quorum, deadline, ...labels }, run.guard.clock());
  return "go-on";
}

async function labelsOf(
  { guard, arn }: Run,
  decision: Decided,
): Promise<{ tags?: Readonly<Record<string, string>>; aliases?: readonly string[] }> {
  const read = async <Labels>(labels: () => Promise<Labels>): Promise<Labels | undefined> =>
    await labels().catch((error: unknown) => {
      guard.log("LABELS_UNREADABLE", { keyArn: arn, code: codeOf(error) });
      return undefined;
    });
  const tags = decision.tags ?? (await read(async () => await guard.keys.tags(arn)));
  const aliases = decision.aliases ?? (await read(async () => await guard.keys.aliases(arn)));
  return {
    ...(tags && { tags: Object.fromEntries(Object.entries(tags).slice(0, maxLabels)) }),
    ...(aliases && { aliases: aliases.slice(0, maxLabels) }),
  };
}
