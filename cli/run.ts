import { createColors } from "picocolors";
import { caseNameText } from "../lib/domain/case-name.ts";
import { printableText } from "../lib/domain/printable-text.ts";
import { runAudit } from "./audit/run-audit.ts";
import { castVote } from "./cast-vote.ts";
import { readCommand, type Subject, usage, type VoteCommand } from "./command-line.ts";
import { InputError, UsageError } from "./input-error.ts";
import type { Machine } from "./machine.ts";
import { outcomeJson, outcomeText } from "./outcome-text.ts";
import { runRedrive } from "./redrive.ts";
import type { Credentials } from "./sign-vote.ts";

/** Runs the command that `args` spell; answers the exit status. */
export async function run(args: readonly string[], machine: Machine): Promise<0 | 1 | 2> {
  const { print, complain } = machine;
  try {
    if (args[0] === "audit") return await runAudit(args.slice(1), machine);
    if (args[0] === "redrive") return await runRedrive(args.slice(1), machine);
    const command = readCommand(args, machine);
    if (command !== "help") return await vote(command, machine);
    print(usage);
    return 0;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { red, dim } = createColors(machine.colours);
    const help = error instanceof UsageError ? `\n${dim("  reprieve --help shows how it goes")}` : "";
    complain(`${red("✗")} ${error.message}${help}`);
    return 2;
  }
}

async function vote(command: VoteCommand, machine: Machine): Promise<0 | 1> {
  const { clock, fetch, print, complain, colours } = machine;
  const credentials = await credentialsOf(machine);
  const outcome = await castVote(command, { credentials, now: clock(), fetch });
  const counts = outcome.kind === "judged" && outcome.accepted;
  const { green, red, dim } = createColors(colours);
  const text = outcomeText(outcome, command);
  if (command.json) print(JSON.stringify(outcomeJson(outcome, command)));
  else if (counts) print(`${green("✓")} ${text}${nameOf(command.subject, dim)}`);
  else complain(`${red("✗")} ${text}`);
  return counts ? 0 : 1;
}

function nameOf(subject: Subject, dim: (text: string) => string): string {
  return "case" in subject ? `\n${dim(`  ${subject.choice} ${caseNameText(subject.case)}`)}` : "";
}

async function credentialsOf({ credentials }: Machine): Promise<Credentials> {
  try {
    return await credentials();
  } catch (error) {
    const why = error instanceof Error ? ` (${printableText(error.message)})` : "";
    throw new InputError(`found no AWS credentials${why}: sign in with \`aws sso login\`, or set AWS_PROFILE`);
  }
}
