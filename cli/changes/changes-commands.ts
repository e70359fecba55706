import type { Command } from "commander";
import { keyArnParts } from "../../lib/domain/key/key-arn.ts";
import { changeNameFrom } from "../../lib/domain/ledger/change-name.ts";
import { quoted } from "../../lib/domain/printable-text.ts";
import { everywhere } from "../places/everywhere.ts";
import type { PlacesContext } from "../places/places-context.ts";
import { ofAccounts, type PlacesOptions } from "../places/places-options.ts";
import { UsageError } from "../shell/input-error.ts";
import type { End, Status } from "../shell/terminal.ts";
import { ofStack, type PlaceOptions } from "../stack/aws-place.ts";
import type { TrailContext } from "../trail/trail-context.ts";
import type { ChangeFilter } from "./change-filter.ts";

type Context = TrailContext & PlacesContext;
type Options = PlaceOptions & PlacesOptions & { readonly json?: true };

/** Adds the commands that read changes of keys other than deletions. */
export function addChangesCommands(program: Command, context: Context, end: End): void {
  const changes = program
    .command("changes")
    .description("changes of keys other than deletions (StopKeyUsage, UpdateAlias, ...): list them, show one");
  ofAccounts(ofStack(changes.command("list")))
    .description("what each operation did to each key within an hour, newest first")
    .option("--operation <name>", "only those by this operation, as policies name it, such as stop")
    .option("--key <text>", "only those whose key ARN or alias contains this")
    .option("--state <state>", "only those in this state, as the list prints it")
    .option("--since <date>", "only those made on this day or later, such as 2026-07-01, in UTC")
    .option("--json", "one JSON object a line")
    .action(async (options: Options & ChangeFilter) => end(await listEverywhere(options, context)));
  addShowCommand(changes, context, end);
}

const running = async () => await import("./run-changes.ts");

/** Lists changes at the stack, or at every place of --accounts. Throws a UsageError. */
export async function listEverywhere(options: Options & ChangeFilter, context: Context): Promise<Status> {
  const { changeFilter } = await import("./change-filter.ts");
  const shows = changeFilter(options);
  const { operation: _o, key: _k, state: _s, since: _d, ...place } = options;
  const list = async (here: Context) => await (await running()).list(place, shows, here);
  return await everywhere(options, context, { json: "lines" }, list);
}

function addShowCommand(changes: Command, context: Context, end: End): void {
  ofAccounts(ofStack(changes.command("show")))
    .description("the changes of one hour, entry by entry, with their chain checked")
    .argument("<change>", "its name, as notices and the list have it, or the end of it")
    .addHelpText(
      "after",
      "\nWith --accounts the whole name of a change of a key: it is looked for in the account and Region of the key.",
    )
    .option("--json", "one JSON object a line: the entries as they were stored")
    .action(async (name: string, options: Options) => {
      const concerns = options.accounts === undefined ? undefined : placeOf(name);
      const show = async (here: Context) => await (await running()).show(name, options, here);
      end(await everywhere(options, context, { json: "lines", ...(concerns && { concerns }) }, show));
    });
}

function placeOf(name: string) {
  const subject = changeNameFrom(name)?.subject;
  if (subject?.kind !== "key")
    throw new UsageError(
      `expected the whole name of a change of a key with --accounts, found ${quoted(name)}: the ARN in it says in which account to look`,
    );
  const there = keyArnParts(subject.keyArn);
  return ({ account, region }: { readonly account: string; readonly region: string }) =>
    account === there.account && region === there.region;
}
