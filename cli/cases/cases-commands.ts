import type { Command } from "commander";
import type { End } from "../shell/terminal.ts";
import { ofStack, type PlaceOptions } from "../stack/aws-place.ts";
import type { TrailContext } from "../trail/trail-context.ts";

/** Cases as the table holds them: listed, shown, watched. Reads, and nothing else. */
export function addCasesCommands(program: Command, context: TrailContext, end: End): void {
  const cases = program.command("cases").description("cases: list them, show one, watch what happens");
  const running = async () => await import("./run-cases.ts");
  ofStack(cases.command("list"))
    .description("every case, newest first")
    .option("--open", "only those in which something is still to be done or decided")
    .option("--arn", "with the whole name of each case, which holds the ARN of its key")
    .option("--json", "one JSON object a line")
    .action(
      async (options: PlaceOptions & { open?: true; arn?: true; json?: true }) =>
        await (await running()).list(options, context),
    );
  ofStack(cases.command("show"))
    .description("one case, entry by entry, with its chain checked")
    .argument("<case>", "<key ARN>#<generation>, or the end of it that is one case's alone")
    .option("--json", "one JSON object a line: the entries as they were stored")
    .action(async (name: string, options: PlaceOptions & { json?: true }) =>
      end(await (await running()).show(name, options, context)),
    );
  ofStack(cases.command("watch"))
    .description("every new entry as it comes, until you stop it")
    .option("--json", "one JSON object a line")
    .action(async (options: PlaceOptions & { json?: true }) => await (await running()).watch(options, context));
}
