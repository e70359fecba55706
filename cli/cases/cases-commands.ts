import type { Command } from "commander";
import type { End } from "../shell/terminal.ts";
import { ofStack, type PlaceOptions } from "../stack/aws-place.ts";
import type { TrailContext } from "../trail/trail-context.ts";
import type { CaseFilter } from "./case-filter.ts";

/** Cases as the table holds them: listed, shown, watched. Reads, and nothing else. */
export function addCasesCommands(program: Command, context: TrailContext, end: End): void {
  const cases = program.command("cases").description("cases: list them, show one, watch what happens");
  const running = async () => await import("./run-cases.ts");
  ofStack(cases.command("list"))
    .description("every case, newest first")
    .option("--open", "only those in which something is still to be done or decided")
    .option("--key <text>", "only those whose key ARN contains this, such as an id")
    .option("--state <state>", "only those in this state, as the list prints it")
    .option("--rule <id>", "only those that this rule decided")
    .option("--requester <text>", "only those whose requester's ARN or name contains this")
    .option("--since <date>", "only those opened on this day or later, such as 2026-07-01, in UTC")
    .option("--arn", "with the whole name of each case, which holds the ARN of its key")
    .option("--json", "one JSON object a line")
    .action(
      async (options: PlaceOptions & CaseFilter & { arn?: true; json?: true }) =>
        await (await running()).list(options, context),
    );
  ofStack(cases.command("show"))
    .description("one case, entry by entry, with its chain checked")
    .argument("<case>", "<key ARN>#<generation>, the end of it, or the key's id or alias for its newest case")
    .option("--json", "one JSON object a line: the entries as they were stored")
    .action(async (name: string, options: PlaceOptions & { json?: true }) =>
      end(await (await running()).show(name, options, context)),
    );
  ofStack(cases.command("watch"))
    .description("every new entry as it comes, until you stop it")
    .option("--json", "one JSON object a line")
    .action(async (options: PlaceOptions & { json?: true }) => await (await running()).watch(options, context));
}
