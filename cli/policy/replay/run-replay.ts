import { createColors } from "picocolors";
import { printableText, quoted } from "../../../lib/domain/printable-text.ts";
import { csvLine } from "../../shell/csv-line.ts";
import { InputError, UsageError } from "../../shell/input-error.ts";
import type { Terminal } from "../../shell/terminal.ts";
import { policyOf } from "../compiled-policy.ts";
import { type ReplayCounts, type ReplayedDeletion, replay, type SkippedFile } from "./replay.ts";
import { Tally } from "./tally.ts";

export interface ReplayOptions {
  readonly policy: string;
  readonly against?: string;
  readonly format: string;
  readonly strict?: true;
  readonly assumeMinAge?: true;
}

/** What a policy would have done to the deletions in logs: 1 where it would have done something else than the other one. */
export async function replaying(paths: readonly string[], options: ReplayOptions, context: Terminal): Promise<0 | 1> {
  const { format, strict } = options;
  if (!isFormat(format)) throw new UsageError(`expected --format text, csv or json, found ${quoted(format)}`);
  const policy = await policyOf(options.policy);
  const against = options.against === undefined ? undefined : await policyOf(options.against);
  const print = printerOf(format, context);
  const skipped: SkippedFile[] = [];
  const tallies = { decisions: new Tally(), changes: new Tally(), requesters: new Tally(), usages: new Tally() };
  let changed = 0;
  print.head();
  const counts = await replay({
    ...{ policy, paths, assumeMinAge: options.assumeMinAge ?? false, ...(against && { against }) },
    found: (deletion) => {
      tallies.decisions.add(deletion.decision);
      const { before } = deletion;
      const differs = before !== undefined && before !== deletion.decision;
      if (against !== undefined && !differs) return;
      changed += Number(differs);
      if (differs) tallies.changes.add(`${before} → ${deletion.decision}`);
      tallies.requesters.add(deletion.requester);
      tallies.usages.add(deletion.usage || "usage unknown");
      print.deletion(deletion);
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

interface Summary {
  readonly counts: ReplayCounts;
  readonly changed: number;
  readonly compared: boolean;
  readonly skipped: readonly SkippedFile[];
  readonly tallies: Readonly<Record<"decisions" | "changes" | "requesters" | "usages", Tally>>;
}

interface Printer {
  readonly head: () => void;
  readonly deletion: (deletion: ReplayedDeletion) => void;
  readonly summary: (summary: Summary) => void;
}

const formats = ["text", "csv", "json"] as const;
type Format = (typeof formats)[number];

function isFormat(text: string): text is Format {
  return formats.some((format) => format === text);
}

function printerOf(format: Format, context: Terminal): Printer {
  const { print } = context;
  switch (format) {
    case "csv":
      return {
        head: () => print(csvLine(["at", "key_arn", "key_usage", "requester", "decision", "before", "event_id"])),
        deletion: ({ at, keyArn, usage, requester, decision, before, eventId }) =>
          print(csvLine([new Date(at).toISOString(), keyArn, usage, requester, decision, before, eventId])),
        summary: () => {},
      };
    case "json":
      return {
        head: () => {},
        deletion: (deletion) => print(JSON.stringify(deletion)),
        summary: ({ counts, changed, compared, skipped, tallies }) => {
          const tops = Object.entries(tallies).map(([name, tally]) => [name, Object.fromEntries(tally.top())]);
          print(
            JSON.stringify({
              summary: { ...counts, ...(compared && { changed }), skipped, ...Object.fromEntries(tops) },
            }),
          );
        },
      };
    case "text":
      return textPrinter(context);
  }
}

function textPrinter({ print, colours }: Terminal): Printer {
  const { bold, cyan, dim, yellow } = createColors(colours);
  const rows = (title: string, tally: Tally) => {
    const top = tally.top(10);
    if (top.length > 0) print(bold(title));
    for (const [name, count] of top) print(`  ${String(count).padStart(6)}  ${printableText(name, 200)}`);
  };
  return {
    head: () => {},
    deletion: ({ at, keyArn, requester, decision, before }) => {
      const change = before === undefined ? cyan(decision) : `${dim(before)} ${yellow("→")} ${cyan(decision)}`;
      const requesterText = printableText(requester, 200);
      print(
        `${dim(new Date(at).toISOString().slice(0, 19))}  ${change}  ${dim(`${requesterText} ${keyArn.split("/").at(-1) ?? ""}`)}`,
      );
    },
    summary: ({
      counts: { files, records, deletions, passedOver, changedByAge },
      changed,
      compared,
      skipped,
      tallies,
    }) => {
      print(`${bold(String(deletions))} deletions in ${records} records of ${files} files`);
      if (passedOver > 0) print(dim(`  ${passedOver} calls failed, or their records hold no key`));
      if (changedByAge > 0)
        print(yellow(`  ${changedByAge} may be decided otherwise once labels are old enough: see --assume-min-age`));
      if (skipped.length > 0) print(yellow(`  skipped: ${skipped.length}`));
      rows("decided", tallies.decisions);
      if (compared)
        print(
          changed === 0 ? "the other policy decides every one alike" : `${bold(String(changed))} are decided otherwise`,
        );
      rows("changes", tallies.changes);
      rows(compared ? "changes by requester" : "by requester", tallies.requesters);
      rows(compared ? "changes by key usage" : "by key usage", tallies.usages);
    },
  };
}
