import { codeOf } from "../../domain/guard-error.ts";
import { labelsShown } from "../../domain/ledger/recorded-labels.ts";
import { aliasesIn } from "../../domain/policy/label-age.ts";
import { hourMs } from "../../domain/time.ts";
import type { CaseFile } from "./case-file.ts";
import { labelsOnce } from "./labels-once.ts";
import { recordEntry } from "./record-entry.ts";
import type { Run } from "./run.ts";

/** A case that has no name after so long (ms) stays without one. */
const namedWithinMs = hourMs;

/**
 * Records under which aliases the inventory knows the key, once a case. INVARIANT: called once nothing more is to be done for the key now, so
 * that no restore waits for a name; a failure is logged, and the case goes on without.
 */
export async function noteAliases(run: Run): Promise<void> {
  const file = run.files.at(-1);
  if (file === undefined || !lacksName(file, run.guard.clock())) return;
  const aliases = await aliasesSeen(run);
  if (aliases.length === 0) return;
  const { aliases: recorded } = labelsShown({ aliases }, { tags: [], aliases: [] });
  if (recorded !== undefined) recordEntry(run, file, { kind: "key-named", aliases: recorded });
}

function lacksName({ state }: CaseFile, now: number): boolean {
  return state.aliases === undefined && state.over === undefined && now - state.openedAt <= namedWithinMs;
}

async function aliasesSeen(run: Run): Promise<readonly string[]> {
  const { guard, arn } = run;
  try {
    run.labels ??= labelsOnce(guard);
    const seen = await run.labels.labelsSeen(arn);
    return seen === undefined || seen === "unreadable" ? [] : (aliasesIn(seen.aliases?.state ?? "") ?? []);
  } catch (error) {
    guard.log("LABELS_UNREADABLE", { keyArn: arn, fact: "aliases", code: codeOf(error) });
    return [];
  }
}
