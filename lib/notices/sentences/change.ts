import type { EntryOf } from "../../domain/ledger/entry.ts";
import type { changeKinds } from "../../domain/ledger/entry-kinds/change.ts";
import { printableText } from "../../domain/printable-text.ts";
import { whyLeftText } from "../why-left-text.ts";
import { actorText } from "../words.ts";
import { notTold, type Paint, type Sentences } from "./row.ts";

/** What people are notified of a change is in `change-text.ts`: it is no part of any case. */
export const changeSentences: Sentences<keyof typeof changeKinds> = {
  "change-detected": {
    notice: notTold,
    record: ({ requester, says, call, subject }, { yellow }) =>
      yellow(
        `${printableText(actorText(requester))} ${printableText(says, 400)} (${call === undefined ? "seen by the inventory" : printableText(call, 64)}, ${printableText(subject)})`,
      ),
  },
  "change-judged": {
    notice: notTold,
    record: (entry, paint) => `${judgedText(entry, paint)}${gravityText(entry, paint)}${doubtText(entry)}`,
  },
  "changes-crowded": {
    notice: notTold,
    record: (_, { yellow }) => yellow("more changes follow within the hour, which are not recorded one by one"),
  },
  "revert-intended": {
    notice: notTold,
    record: ({ calls }) => `the stack begins to undo it, with ${printableText(calls.join(", "))}`,
  },
  "change-reverted": {
    notice: notTold,
    record: ({ how, revertedAfterMs }, { green }) =>
      green(
        how === "found"
          ? `the change was found undone, ${seconds(revertedAfterMs)} after it was made`
          : `the change was undone ${seconds(revertedAfterMs)} after it was made`,
      ),
  },
  "change-asked": {
    notice: notTold,
    record: ({ from, quorum }, { bold }) =>
      `people are asked whether it may be made again: ${bold(`${quorum} of ${printableText(from)}`)} must approve`,
  },
  "revert-left": {
    notice: notTold,
    record: ({ why, code, stands }, { red, dim }) =>
      (stands ? red : dim)(
        `${stands ? "not undone" : "nothing is undone"}: ${whyLeftText(why)}${code === undefined ? "" : ` (AWS: ${printableText(code, 64)})`}`,
      ),
  },
};

type Judged = EntryOf<"change-judged">;

function judgedText({ outcome, rule: id, mode, pause, permit }: Judged, { bold, cyan }: Paint): string {
  const rule = `rule ${cyan(printableText(id))}`;
  if (permit !== undefined) return `${rule} lets it pass by the permit ${printableText(permit)}`;
  if (outcome === "allow") return `${rule} ${bold("allows")} it`;
  if (outcome === "notify")
    return id === "none" ? "no rule undoes it: people are notified" : `${rule} has people notified; nothing is undone`;
  const asks = outcome === "ask" ? ", and people decide whether it may be made again" : "";
  if (mode === "enforce") return `${rule} has it ${bold("undone")}${asks}`;
  const why = pause === undefined ? "the stack only observes" : "enforcement is suspended by a pause";
  return `${rule} would have it undone, but ${why}`;
}

function gravityText({ weight, outcome }: Judged, { red }: Paint): string {
  return weight === "grave" && outcome !== "allow" ? `; ${red("it is serious")}` : "";
}

function doubtText({ doubt }: Judged): string {
  return doubt === undefined
    ? ""
    : `; rule ${printableText(doubt.rule)} may be about it, but ${printableText(doubt.condition)} cannot be settled`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
