import { printableText, quoted } from "../../../lib/domain/printable-text.ts";
import { InputError, UsageError } from "../../shell/input-error.ts";
import type { Terminal } from "../../shell/terminal.ts";
import { policyOf } from "../compiled-policy.ts";
import { isFormat, printerOf } from "./printers.ts";
import { replay, type SkippedFile } from "./replay.ts";
import { Tally } from "./tally.ts";

export interface ReplayOptions {
  readonly policy: string;
  readonly against?: string;
  readonly format: string;
  readonly strict?: true;
  readonly assumeMinAge?: true;
}

/** What a policy would have done about the deletions and other guarded calls in logs: 1 where it would have done something else than the other one. */
export async function replaying(paths: readonly string[], options: ReplayOptions, context: Terminal): Promise<0 | 1> {
  const { format, strict } = options;
  if (!isFormat(format)) throw new UsageError(`expected --format text, csv or json, found ${quoted(format)}`);
  const policy = await policyOf(options.policy);
  const against = options.against === undefined ? undefined : await policyOf(options.against);
  const print = printerOf(format, context);
  const skipped: SkippedFile[] = [];
  const tallies = {
    ...{ operations: new Tally(), decisions: new Tally(), changes: new Tally() },
    ...{ requesters: new Tally(), usages: new Tally() },
  };
  let changed = 0;
  print.head();
  const counts = await replay({
    ...{ policy, paths, assumeMinAge: options.assumeMinAge ?? false, ...(against && { against }) },
    found: (call) => {
      const { before, decision, operation, outcome } = call;
      tallies.operations.add(`${operation}: ${outcome}`);
      tallies.decisions.add(decision);
      const differs = before !== undefined && before !== decision;
      if (against !== undefined && !differs) return;
      changed += Number(differs);
      if (differs) tallies.changes.add(`${before} → ${decision}`);
      tallies.requesters.add(call.requester);
      tallies.usages.add(call.usage || "usage unknown");
      print.call(call);
    },
    skipped: (file) => {
      skipped.push(file);
      context.printError(`skipped ${printableText(file.path, 300)}: ${file.why}`);
    },
    progress: ({ files, records }) => context.progress(`${files} files, ${records} records`),
  });
  context.progress("");
  print.summary({ counts, changed, compared: against !== undefined, skipped, tallies });
  if (counts.files === 0) throw new InputError("there is no log of CloudTrail under these paths");
  if (strict && skipped.length > 0)
    throw new InputError(`${skipped.length} files are no logs, and --strict refuses them`);
  return changed > 0 ? 1 : 0;
}
