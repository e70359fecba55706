import { Argument, type Command } from "commander";
import { createColors } from "picocolors";
import { InputError } from "../shell/input-error.ts";
import type { End, Terminal } from "../shell/terminal.ts";
import { ofStack, type PlaceOptions, stackFrom } from "./aws-place.ts";
import type { InvokeSweep } from "./invoke-sweep.ts";

/** What a redrive uses. */
export interface RedriveContext extends Terminal {
  /** Calls the sweep of a stack. */
  readonly invokeSweep: InvokeSweep;
}

/** How often, and after how long (ms), to try again while a sweep is at work: it takes four minutes at most. */
const tries = 60;
const pauseMs = 5_000;

const queues = ["guard", "notify", "votes", "remediation", "rule"] as const;

/** Dead letters go back to the queue that they were for. */
export function addRedriveCommand(program: Command, context: RedriveContext, end: End): void {
  const description = "redrive dead letters to the queue that they were meant for";
  ofStack(program.command("redrive").description(description))
    .addHelpText(
      "after",
      `
Keys are protected without a redrive. Run it after fixing the cause, to complete records and send missed notifications. It takes lambda:InvokeFunction on reprieve-<stage>-sweep, and nothing on the queues.`,
    )
    .addArgument(
      new Argument(
        "<queue>",
        "guard: what it did not understand, or failed at for a day; notify: notices that could not be sent for a day; votes: requests of people that could not be judged for a day, of which only Keeps still count; remediation: lock-outs and changes of the stack that could not be undone for a day; rule: events that a rule could not deliver",
      ).choices(queues),
    )
    .option("--json", "answer with one JSON object")
    .action(async (queue: string, options: PlaceOptions & { readonly json?: true }) => {
      const { moved, left } = await redriven(context, stackFrom(options, context), queue);
      const { green, yellow } = createColors(context.colours);
      if (options.json) context.print(JSON.stringify({ queue, moved, left }));
      else if (left) context.print(`${yellow("!")} ${moved} messages moved, and some are left: run it again`);
      else context.print(`${green("✓")} ${moved} messages moved; the dead letters of ${queue} are empty`);
      end(left ? 1 : 0);
    });
}

async function redriven(context: RedriveContext, stack: Parameters<InvokeSweep>[0], queue: string) {
  for (let n = 0; n < tries; n++) {
    const invoked = await context.invokeSweep(stack, { redrive: queue });
    if (invoked.kind === "answered") {
      const { moved, left } = (invoked.payload ?? {}) as { moved?: unknown; left?: unknown };
      if (typeof moved === "number" && typeof left === "boolean") return { moved, left };
      throw new InputError("the stack does not know how to redrive: deploy the version of this command");
    }
    context.progress("a sweep is running; waiting for it to end");
    await context.pause(pauseMs);
  }
  throw new InputError(
    "a sweep was still running after 5 minutes; try again, and see docs/runbook.md, `sweep-throttles`",
  );
}
