import { createColors } from "picocolors";
import { deletionName } from "../../../lib/domain/operations/delete/name.ts";
import { printableText } from "../../../lib/domain/printable-text.ts";
import type { Terminal } from "../../shell/terminal.ts";
import type { Printer } from "./printer.ts";
import type { Tally } from "./tally.ts";

/** Returns what prints a replay for a person. */
export function textPrinter({ print, colours }: Terminal): Printer {
  const { bold, cyan, dim, yellow } = createColors(colours);
  const rows = (title: string, tally: Tally) => {
    const top = tally.top(10);
    if (top.length > 0) print(bold(title));
    for (const [name, count] of top) print(`  ${String(count).padStart(6)}  ${printableText(name, 200)}`);
  };
  return {
    head: () => {},
    call: ({ at, operation, subject, requester, decision, before }) => {
      const change = before === undefined ? cyan(decision) : `${dim(before)} ${yellow("→")} ${cyan(decision)}`;
      const requesterText = printableText(requester, 200);
      print(
        `${dim(new Date(at).toISOString().slice(0, 19))}  ${change}  ${dim(`${requesterText} ${shownSubject(operation, subject)}`)}`,
      );
    },
    summary: ({
      counts: { files, records, deletions, otherCalls, passedOver, changedByAge, unread },
      changed,
      compared,
      skipped,
      tallies,
    }) => {
      print(`${bold(String(deletions))} deletions in ${records} records of ${files} files`);
      if (otherCalls > 0) {
        print(`${bold(String(otherCalls))} other calls on keys, aliases and settings`);
        print(
          dim("  judged by their records alone: what a rule asks about the time before, or about labels, is unknown"),
        );
      }
      if (passedOver > 0) print(dim(`  ${passedOver} calls failed, or their records hold no key`));
      if (changedByAge > 0)
        print(yellow(`  ${changedByAge} may be decided otherwise once labels are old enough: see --assume-min-age`));
      for (const [why, times] of Object.entries(unread)) print(yellow(`  not read: ${times} (${why})`));
      if (skipped.length > 0) print(yellow(`  skipped: ${skipped.length}`));
      rows("by operation and outcome", tallies.operations);
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

function shownSubject(operation: string, subject: string): string {
  const name = printableText(subject.startsWith("arn:") ? (subject.split("/").at(-1) ?? "") : subject, 200);
  return operation === deletionName ? name : `${operation} ${name}`;
}
