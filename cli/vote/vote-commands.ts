import type { Command } from "commander";
import { caseNameFrom } from "../../lib/domain/ledger/case-name.ts";
import { changeNameFrom } from "../../lib/domain/ledger/change-name.ts";
import { parseDuration } from "../../lib/domain/policy/match/duration.ts";
import { quoted } from "../../lib/domain/printable-text.ts";
import { UsageError } from "../shell/input-error.ts";
import type { End } from "../shell/terminal.ts";
import type { TrailContext } from "../trail/trail-context.ts";
import { asCaller, type CallerOptions } from "./as-caller.ts";
import { changeVote } from "./vote-subject.ts";

const choices = [
  ["approve", "let the deletion of a key go ahead; the policy says how many have to"],
  ["keep", "keep a key; one vote is enough"],
] as const;

/** Votes on deletions, and pauses, in the name of the caller's AWS credentials. */
export function addVoteCommands(program: Command, context: TrailContext, end: End): void {
  for (const [choice, description] of choices)
    asCaller(program.command(choice).description(description))
      .argument(
        "<case>",
        "<key ARN>#<generation>, as the notice names it; or the key's id or alias, if the stack's cases can be read; or 'change#...', as the notice of a change names it",
      )
      .action(async (name: string, options: CallerOptions) => {
        const aboutChange = changeVote(choice, name);
        if (aboutChange !== undefined)
          return end(await (await import("./speak.ts")).speak(aboutChange, options, context));
        const [{ speak }, { caseNamed }] = await Promise.all([import("./speak.ts"), import("../cases/named-case.ts")]);
        const { stage, region, local } = options;
        const place = { ...(stage && { stage }), ...(region && { region }), ...(local && { local }) };
        // To approve, the deletion has to be named: another one of the same key may be newer.
        const named = await caseNamed(name, { ...place, newest: choice === "keep" }, context);
        end(await speak({ choice, case: named }, options, context));
      });
  asCaller(program.command("start-key"))
    .description("have a stopped key started again, if it is still as that stop, or that deletion, left it")
    .argument("<name>", "'change#stop#<key ARN>#<hour>', or <key ARN>#<generation> of a case, as the notice names it")
    .action(async (name: string, options: CallerOptions) => {
      if ((changeNameFrom(name) ?? caseNameFrom(name)) === undefined)
        throw new UsageError(`expected a stop such as change#stop#<key ARN>#<hour>, or a case, found ${quoted(name)}`);
      end(await (await import("./speak.ts")).speak({ start: name }, options, context));
    });
  const description =
    "suspend enforcement: deleted keys are NOT restored; needs two people within an hour; one person ends it";
  asCaller(program.command("pause").description(description))
    .option("--for <duration>", "such as 90m or 4h")
    .option("--end", "guard again, now")
    .action(async (options: CallerOptions & PauseOptions) => {
      const pause = pauseFrom(options);
      end(await (await import("./speak.ts")).speak({ pause }, options, context));
    });
}

interface PauseOptions {
  readonly for?: string;
  readonly end?: boolean;
}

function pauseFrom({ for: duration, end = false }: PauseOptions): number | "end" {
  if (end === (duration !== undefined)) throw new UsageError("expected --for DURATION, or --end");
  if (duration === undefined) return "end";
  const ms = parseDuration(duration);
  if (ms === undefined || ms === 0)
    throw new UsageError(`expected a duration such as 90m or 4h, found ${quoted(duration)}`);
  return ms;
}
