import { join } from "node:path";
import type { Command } from "commander";
import { createColors } from "picocolors";
import { everywhere } from "../places/everywhere.ts";
import { type Place, sourceText } from "../places/place.ts";
import { ofAccounts } from "../places/places-options.ts";
import type { End, Status } from "../shell/terminal.ts";
import { expectedFrom, type KeyOptions } from "./asked.ts";
import type { FlatCommand } from "./audit-command.ts";
import {
  type AnswerOptions,
  type AuditContext,
  asJson,
  expectedAt,
  folderOf,
  oneLog,
  withKeys,
} from "./audit-options.ts";

type FlatOptions = KeyOptions & AnswerOptions & { readonly out?: string };

/** Adds the command that writes an export as lines for a database. */
export function addFlatCommand(audit: Command, context: AuditContext, end: End): void {
  asJson(ofAccounts(withKeys(audit.command("flat")), oneLog))
    .description("write an export as JSON Lines for Athena or a SIEM")
    .addHelpText(
      "after",
      `
Each line of the file is one line of the log: its account, Region, stack, chain, key and time beside what it records, and its exact text.
Exit status: that of the verification. With --accounts DIR and --out are folders: a file for each place, by its name.`,
    )
    .argument("<dir>", "the export")
    .option("--out <file>", "the new file (default: DIR.jsonl)")
    .action(async (folder: string, options: FlatOptions) => {
      const out = options.out ?? `${folder.replace(/\/+$/, "")}${options.accounts === undefined ? ".jsonl" : "-flat"}`;
      const flat = async (here: AuditContext, place?: Place) => {
        const expected = place === undefined ? expectedFrom(options) : expectedAt(place, options);
        const atPlace = place && { exportOf: sourceText(place), out: join(out, `${place.name}.jsonl`) };
        const command = { folder: folderOf(folder, place), out, json: options.json ?? false, ...expected, ...atPlace };
        return await flattening(command, here);
      };
      end(await everywhere(options, context, { json: "object", isOffline: true }, flat));
    });
}

/** Writes an export as lines. Returns the exit status: that of its verification. Throws an InputError. */
async function flattening(command: FlatCommand, context: AuditContext): Promise<Status> {
  const { writeFlat } = await import("../flat/write-flat.ts");
  const { optionsFrom, statusOf } = await import("./verify-folder.ts");
  const { lines, verified } = await writeFlat(command.folder, command.out, await optionsFrom(command, context));
  context.progress("");
  const { verdict, unlogged, found } = verified;
  const { green, red, yellow } = createColors(context.colours);
  const mark = { whole: green("✓"), damaged: red("✗"), linked: yellow("!") }[verdict];
  const later = unlogged === 0 ? "" : `; ${unlogged} entries that are not logged yet are not in it`;
  if (command.json)
    context.print(JSON.stringify({ whole: verdict === "whole", verdict, out: command.out, lines, unlogged, found }));
  else context.print(`${mark} ${command.out} holds ${lines} lines of the log; the export is ${verdict}${later}`);
  return statusOf[verdict];
}
