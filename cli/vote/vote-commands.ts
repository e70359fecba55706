import type { Command } from "commander";
import { type CaseName, caseNameFrom } from "../../lib/domain/ledger/case-name.ts";
import { parseDuration } from "../../lib/domain/policy/match/duration.ts";
import { quoted } from "../../lib/domain/printable-text.ts";
import { UsageError } from "../shell/input-error.ts";
import type { End, Terminal } from "../shell/terminal.ts";
import { asCaller, type CallerOptions, speak } from "./as-caller.ts";

const choices = [
  ["approve", "let the deletion of a key go ahead; the policy says how many have to"],
  ["keep", "keep a key; one vote is enough"],
] as const;

/** Votes on deletions, and pauses, in the name of the caller's AWS credentials. */
export function addVoteCommands(program: Command, context: Terminal, end: End): void {
  for (const [choice, description] of choices)
    asCaller(program.command(choice).description(description))
      .argument("<case>", "<key ARN>#<generation>, as the notice names it")
      .action(async (name: string, options: CallerOptions) => {
        end(await speak({ choice, case: caseNamed(name) }, options, context));
      });
  const description =
    "suspend enforcement: deleted keys are NOT restored; needs two people within an hour; one person ends it";
  asCaller(program.command("pause").description(description))
    .option("--for <duration>", "such as 90m or 4h")
    .option("--end", "guard again, now")
    .action(async (options: CallerOptions & PauseOptions) => {
      end(await speak({ pause: pauseFrom(options) }, options, context));
    });
}

/** A case by its name, as notices have it. Throws a UsageError. */
export function caseNamed(text: string): CaseName {
  const name = caseNameFrom(text);
  if (name === undefined) throw new UsageError(`expected a case such as <key ARN>#1, found ${quoted(text)}`);
  return name;
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
