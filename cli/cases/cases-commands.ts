import { type Command, Option } from "commander";
import { deletionName } from "../../lib/domain/operations/delete/name.ts";
import { everywhere } from "../places/everywhere.ts";
import type { PlacesContext } from "../places/places-context.ts";
import { ofAccounts, type PlacesOptions } from "../places/places-options.ts";
import { UsageError } from "../shell/input-error.ts";
import type { End } from "../shell/terminal.ts";
import { ofStack, type PlaceOptions } from "../stack/aws-place.ts";
import type { TrailContext } from "../trail/trail-context.ts";
import type { CaseFilter } from "./case-filter.ts";
import { keyNamedIn } from "./key-named-in.ts";

type Context = TrailContext & PlacesContext;
type Options = PlaceOptions & PlacesOptions & { readonly json?: true };

/** Cases as the table holds them: listed, shown, watched. Reads, and nothing else. */
export function addCasesCommands(program: Command, context: Context, end: End): void {
  const cases = program.command("cases").description("cases: list them, show one, watch what happens");
  addListCommand(cases, context, end);
  addShowCommand(cases, context, end);
  ofStack(cases.command("watch"))
    .description("every new entry as it comes, until you stop it")
    .option("--json", "one JSON object a line")
    .action(async (options: PlaceOptions & { json?: true }) => await (await running()).watch(options, context));
}

const running = async () => await import("./run-cases.ts");

function addListCommand(cases: Command, context: Context, end: End): void {
  ofAccounts(ofStack(cases.command("list")))
    .description("every case, newest first")
    .option("--open", "only those in which something is still to be done or decided")
    .option("--key <text>", "only those whose key ARN contains this, such as an id")
    .option("--state <state>", "only those in this state, as the list prints it")
    .option("--rule <id>", "only those that this rule decided")
    .option("--requester <text>", "only those whose requester's ARN or name contains this")
    .option("--since <date>", "only those opened on this day or later, such as 2026-07-01, in UTC")
    .option("--arn", "with the whole name of each case, which holds the ARN of its key")
    .addOption(
      new Option(
        "--operation <name>",
        "changes by this operation instead, as reprieve changes list prints them",
      ).conflicts(["open", "rule", "requester", "arn"]),
    )
    .option("--json", "one JSON object a line")
    .action(async (options: Options & CaseFilter & { arn?: true; operation?: string }) => {
      if (options.operation !== undefined && options.operation !== deletionName) {
        const { listEverywhere } = await import("../changes/changes-commands.ts");
        end(await listEverywhere(options, context));
        return;
      }
      const { caseFilter } = await import("./case-filter.ts");
      const shows = caseFilter(options);
      const list = async (here: Context) => await (await running()).list(options, shows, here);
      end(await everywhere(options, context, { json: "lines" }, list));
    });
}

function addShowCommand(cases: Command, context: Context, end: End): void {
  ofAccounts(ofStack(cases.command("show")))
    .description("one case, entry by entry, with its chain checked")
    .argument("<case>", "<key ARN>#<generation>, the end of it, or the key's id or alias for its newest case")
    .addHelpText(
      "after",
      "\nWith --accounts the case is named by the ARN of its key, and looked for in the account and Region of the key.",
    )
    .option("--json", "one JSON object a line: the entries as they were stored")
    .action(async (name: string, options: Options) => {
      const key = keyNamedIn(name);
      if (options.accounts !== undefined && key === undefined)
        throw new UsageError("expected the ARN of the key with --accounts: it says in which account to look");
      const isThere = ({ account, region }: NonNullable<typeof key>) =>
        account === key?.account && region === key.region;
      const show = async (here: Context) => await (await running()).show(name, options, here);
      end(await everywhere(options, context, { json: "lines", concerns: isThere }, show));
    });
}
