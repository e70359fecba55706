import type { Command } from "commander";
import { createColors } from "picocolors";
import { type CaseName, caseNameFrom, caseNameText } from "../lib/domain/case-name.ts";
import { parseDuration } from "../lib/domain/duration.ts";
import { keyArnParts } from "../lib/domain/key-arn.ts";
import { printableText, quoted } from "../lib/domain/printable-text.ts";
import { isRegion } from "../lib/domain/stack-place.ts";
import { isHere, localEndpoint } from "./aws-place.ts";
import { castVote, type Subject, type VoteCommand } from "./cast-vote.ts";
import { InputError, UsageError } from "./input-error.ts";
import type { End, Machine } from "./machine.ts";
import { outcomeJson, outcomeText } from "./outcome-text.ts";
import type { Credentials } from "./sign-vote.ts";

interface VoteOptions {
  readonly reason?: string;
  readonly endpoint?: string;
  readonly region?: string;
  readonly stsUrl?: string;
  readonly local?: true;
  readonly json?: true;
}

const choices = [
  ["approve", "let the deletion of a key go ahead; the policy says how many have to"],
  ["keep", "keep a key; one vote is enough"],
] as const;

/** Votes on deletions, and pauses, in the name of the caller's AWS credentials. */
export function addVoteCommands(program: Command, machine: Machine, end: End): void {
  for (const [choice, what] of choices)
    asCaller(program.command(choice).description(what))
      .argument("<case>", "<key ARN>#<generation>, as the notice names it")
      .action(async (name: string, options: VoteOptions) => {
        end(await vote({ choice, case: caseNamed(name) }, options, machine));
      });
  const what = "leave deletions alone for a while: two people have to say so within an hour; one ends it";
  asCaller(program.command("pause").description(what))
    .option("--for <duration>", "such as 90m or 4h")
    .option("--end", "guard again, now")
    .action(async (options: VoteOptions & PauseOptions) => {
      end(await vote({ pause: pauseFrom(options) }, options, machine));
    });
}

function asCaller(command: Command): Command {
  return command
    .option("--reason <text>", "why, up to 500 characters; it goes on record")
    .option("--endpoint <url>", "where the stack listens (default: REPRIEVE_ENDPOINT)")
    .option("--region <region>", "region of the stack (default: the region of the key, or AWS_REGION)")
    .option("--sts-url <url>", "sign for this STS, such as one on this machine (default: the region's own)")
    .option("--local", `the local world of npm start (${localEndpoint}), which is its own STS`)
    .option("--json", "answer with one JSON object")
    .addHelpText("after", "\nYou speak in the name of your AWS credentials: the stack asks STS who that is.");
}

async function vote(subject: Subject, options: VoteOptions, machine: Machine): Promise<0 | 1> {
  const { clock, fetch, print, complain, colours } = machine;
  const command = commandFrom(subject, options, machine);
  const credentials = await credentialsOf(machine);
  const outcome = await castVote(command, { credentials, now: clock(), fetch });
  const counts = outcome.kind === "judged" && outcome.accepted;
  const { green, red, dim } = createColors(colours);
  const text = outcomeText(outcome, command);
  if (options.json) print(JSON.stringify(outcomeJson(outcome, command)));
  else if (counts) print(`${green("✓")} ${text}${nameOf(subject, dim)}`);
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

function commandFrom(subject: Subject, options: VoteOptions, { endpoint, region }: Machine): VoteCommand {
  const stsUrl = options.stsUrl ?? (options.local ? `${localEndpoint}/` : undefined);
  const ofKey = "case" in subject ? keyArnParts(subject.case.keyArn).region : region;
  return {
    subject,
    reason: reasonFrom(options.reason),
    endpoint: endpointFrom(options.endpoint ?? (options.local ? localEndpoint : endpoint)),
    region: regionFrom(options.region ?? ofKey),
    ...(stsUrl !== undefined && { stsUrl: addressFrom(stsUrl, "--sts-url").href }),
  };
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

function reasonFrom(text: string | undefined): string {
  if (text === undefined || text.trim() === "") throw new UsageError("expected a reason: --reason TEXT");
  if (text.length > 500) throw new UsageError(`expected a reason of 500 characters at the most, found ${text.length}`);
  return text.toWellFormed();
}

function regionFrom(text: string): string {
  if (isRegion(text)) return text;
  throw new UsageError(`expected a region such as us-east-1, found ${quoted(text)}`);
}

function endpointFrom(text: string | undefined): string {
  if (text === undefined || text === "")
    throw new UsageError("expected an endpoint: --endpoint URL, or REPRIEVE_ENDPOINT in the environment");
  const { origin, pathname } = addressFrom(text, "the endpoint");
  return `${origin}${pathname.replace(/\/+$/, "")}`;
}

/** A vote goes over TLS; without it only on this machine. */
function addressFrom(text: string, what: string): URL {
  const url = URL.parse(text);
  const bare = url !== null && url.username === "" && url.password === "" && url.search === "" && url.hash === "";
  if (!bare) throw new UsageError(`expected a URL for ${what}, found ${quoted(text)}`);
  if (url.protocol === "https:" || (url.protocol === "http:" && isHere(url))) return url;
  throw new UsageError(`expected https for ${what}, found ${quoted(text)}`);
}
