import { createColors } from "picocolors";
import { keyArnParts } from "../../lib/domain/key/key-arn.ts";
import { caseNameText } from "../../lib/domain/ledger/case-name.ts";
import { printableText, quoted } from "../../lib/domain/printable-text.ts";
import { isRegion } from "../../lib/domain/stack-place.ts";
import type { Credentials } from "../shell/credentials.ts";
import { InputError, UsageError } from "../shell/input-error.ts";
import type { Terminal } from "../shell/terminal.ts";
import { isHere } from "../stack/aws-place.ts";
import { localWorld } from "../stack/local-world.ts";
import type { CallerOptions } from "./as-caller.ts";
import { castVote, keyOf, type Subject, type VoteCommand } from "./cast-vote.ts";
import { outcomeJson, outcomeText } from "./outcome-text.ts";

/** Says `subject` to the stack; 1 where it does not count. Throws a UsageError or an InputError. */
export async function speak(subject: Subject, options: CallerOptions, context: Terminal): Promise<0 | 1> {
  const { clock, fetch, pause, print, printError, colours } = context;
  const command = commandFrom(subject, options, context);
  const credentials = await credentialsOf(context);
  const outcome = await castVote(command, { credentials, now: clock(), fetch, pause });
  const counts = outcome.kind === "judged" && outcome.accepted;
  const { green, red, dim } = createColors(colours);
  const text = outcomeText(outcome, command);
  if (options.json) print(JSON.stringify(outcomeJson(outcome, command)));
  else if (counts) print(`${green("✓")} ${text}${nameOf(subject, dim)}`);
  else printError(`${red("✗")} ${text}`);
  return counts ? 0 : 1;
}

function nameOf(subject: Subject, dim: (text: string) => string): string {
  return "case" in subject ? `\n${dim(`  ${subject.choice} ${caseNameText(subject.case)}`)}` : "";
}

/** Returns the credentials of the person who speaks. Throws an InputError without any. */
export async function credentialsOf({ credentials }: Pick<Terminal, "credentials">): Promise<Credentials> {
  try {
    return await credentials();
  } catch (error) {
    const why = error instanceof Error ? ` (${printableText(error.message)})` : "";
    throw new InputError(`found no AWS credentials${why}: sign in with \`aws sso login\`, or set AWS_PROFILE`);
  }
}

/** Returns what is said to the stack that the options name. Throws a UsageError. */
export function commandFrom(
  subject: Subject,
  options: CallerOptions,
  { endpoint, region }: Pick<Terminal, "endpoint" | "region">,
): VoteCommand {
  const stsUrl = options.stsUrl ?? (options.local ? `${localWorld()}/` : undefined);
  const key = keyOf(subject);
  const ofKey = key === undefined ? region : keyArnParts(key).region;
  return {
    subject,
    reason: reasonFrom(options.reason),
    endpoint: endpointFrom(options.endpoint ?? (options.local ? localWorld() : endpoint)),
    region: regionFrom(options.region ?? ofKey),
    ...(stsUrl !== undefined && { stsUrl: addressFrom(stsUrl, "--sts-url").href }),
  };
}

function reasonFrom(text: string | undefined): string {
  if (text === undefined || text.trim() === "") throw new UsageError("expected a reason: --reason TEXT");
  if (text.length > 500) throw new UsageError(`expected a reason of at most 500 characters, found ${text.length}`);
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
function addressFrom(text: string, meaning: string): URL {
  const url = URL.parse(text);
  const bare = url !== null && url.username === "" && url.password === "" && url.search === "" && url.hash === "";
  if (!bare) throw new UsageError(`expected a URL for ${meaning}, found ${quoted(text)}`);
  if (url.protocol === "https:" || (url.protocol === "http:" && isHere(url))) return url;
  throw new UsageError(`expected https for ${meaning}, found ${quoted(text)}`);
}
