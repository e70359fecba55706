import { createColors } from "picocolors";
import { quoted } from "../lib/domain/printable-text.ts";
import { placeOptions, stackFrom } from "./aws-place.ts";
import { InputError, UsageError } from "./input-error.ts";
import type { InvokeSweep } from "./invoke-sweep.ts";
import type { Machine } from "./machine.ts";
import { parseOptions } from "./parse-options.ts";

export const redriveUsage = `usage: reprieve redrive guard|notify|rule [--stage STAGE] [--region REGION] [--endpoint-url URL] [--json]

Gives what lies in a dead-letter queue back to the queue that it was for. Nothing has to be given back for a key to live: the sweep sees to that.
Do it once what was wrong is mended, so that records are complete and people hear what they were not told.

  guard                what the guard did not understand, or failed at for a day
  notify               notices that could not be sent for a day
  rule                 events that a rule could not deliver

  --stage STAGE        the stage of the stack (default: dev)
  --region REGION      its region (default: AWS_REGION, else us-east-1)
  --endpoint-url URL   another endpoint, such as the local world's
  --json               answer with one JSON object

It takes lambda:InvokeFunction on reprieve-<stage>-sweep, and nothing on the queues.

exit status: 0 the queue is empty, 1 something is left, 2 nothing was done`;

/** How often, and after how long (ms), to try again while a sweep is at work: it takes four minutes at the most. */
const tries = 60;
const pauseFor = 5_000;

/** Runs `reprieve redrive ...`; answers the exit status. Throws an InputError. */
export async function runRedrive(args: readonly string[], machine: Machine): Promise<0 | 1> {
  const { values, positionals } = parseOptions(args, {
    ...placeOptions,
    json: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  });
  if (values.help) {
    machine.print(redriveUsage);
    return 0;
  }
  const [queue = "", ...more] = positionals;
  if (!["guard", "notify", "rule"].includes(queue) || more.length > 0)
    throw new UsageError(
      `expected one queue: guard, notify or rule${queue && `, found ${quoted(positionals.join(" "))}`}`,
    );
  const { moved, left } = await redriven(machine, stackFrom(values, machine.region), queue);
  const { green, yellow } = createColors(machine.colours);
  if (values.json) machine.print(JSON.stringify({ queue, moved, left }));
  else if (left) machine.print(`${yellow("!")} ${moved} messages moved, and some are left: run it again`);
  else machine.print(`${green("✓")} ${moved} messages moved; the dead letters of ${queue} are empty`);
  return left ? 1 : 0;
}

async function redriven(machine: Machine, stack: Parameters<InvokeSweep>[0], queue: string) {
  for (let n = 0; n < tries; n++) {
    const invoked = await machine.invokeSweep(stack, { redrive: queue });
    if (invoked.kind === "answered") {
      const { moved, left } = (invoked.payload ?? {}) as { moved?: unknown; left?: unknown };
      if (typeof moved === "number" && typeof left === "boolean") return { moved, left };
      throw new InputError("the stack does not know how to redrive: deploy the version of this command");
    }
    machine.progress("a sweep is at work; waiting for it");
    await machine.pause(pauseFor);
  }
  throw new InputError("a sweep was at work all the time: try again, and see docs/runbook.md, `sweep-throttles`");
}
