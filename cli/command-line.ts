import { type CaseName, caseNameFrom } from "../lib/domain/case-name.ts";
import { parseDuration } from "../lib/domain/duration.ts";
import { keyArnParts } from "../lib/domain/key-arn.ts";
import { quoted } from "../lib/domain/printable-text.ts";
import { isRegion } from "../lib/domain/stack-place.ts";
import { isHere } from "./aws-place.ts";
import { UsageError } from "./input-error.ts";
import { parseOptions } from "./parse-options.ts";

export const usage = `usage: reprieve approve CASE --reason TEXT
       reprieve keep CASE --reason TEXT
       reprieve pause --for DURATION --reason TEXT
       reprieve pause --end --reason TEXT
       reprieve redrive guard|notify|rule           (reprieve redrive --help)
       reprieve audit export|verify|report ...      (reprieve audit --help)

Votes on the deletion of a payment key, or pauses the guard, in the name of your AWS credentials.

  approve          let the deletion go ahead; the policy says how many have to
  keep             keep the key; one vote is enough
  pause            leave deletions alone for a while (90m, 4h): two people have to say so within an hour; one ends it
  CASE             <key ARN>#<generation>, as the notice names it

  --reason TEXT    why, up to 500 characters; it goes on record
  --endpoint URL   where the votes go (default: REPRIEVE_ENDPOINT)
  --region REGION  region of the stack (default: the region of the key)
  --sts-url URL    sign for this STS, such as one on this machine (default: the region's own)
  --json           answer with one JSON object
  --help           show this

exit status: 0 the vote counts, 1 it does not, 2 nothing was sent`;

/** What is voted on: the deletion of a key, or a pause of the guard of so many ms. */
export type Subject =
  | { readonly choice: "approve" | "keep"; readonly case: CaseName }
  | { readonly pause: number | "end" };

/** One vote, as it was typed. */
export interface VoteCommand {
  readonly subject: Subject;
  readonly reason: string;
  /** Without a slash at its end. */
  readonly endpoint: string;
  readonly region: string;
  readonly stsUrl?: string;
  readonly json: boolean;
}

const options = {
  reason: { type: "string" },
  endpoint: { type: "string" },
  region: { type: "string" },
  "sts-url": { type: "string" },
  for: { type: "string" },
  end: { type: "boolean" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** What `args` ask for. Throws UsageError. */
export function readCommand(
  args: readonly string[],
  { endpoint, region }: { readonly endpoint: string | undefined; readonly region: string },
): VoteCommand | "help" {
  const { values, positionals } = parseOptions(args, options);
  if (values.help) return "help";
  const subject = subjectFrom(positionals, values);
  const ofKey = "case" in subject ? keyArnParts(subject.case.keyArn).region : region;
  const stsUrl = values["sts-url"];
  return {
    subject,
    reason: reasonFrom(values.reason),
    endpoint: endpointFrom(values.endpoint ?? endpoint),
    region: regionFrom(values.region ?? ofKey),
    ...(stsUrl !== undefined && { stsUrl: addressFrom(stsUrl, "--sts-url").href }),
    json: values.json ?? false,
  };
}

function subjectFrom([verb, ...named]: readonly string[], pause: PauseOptions): Subject {
  const expected = "expected `approve`, `keep`, `pause`, `redrive` or `audit`";
  switch (verb) {
    case undefined:
      throw new UsageError(expected);
    case "pause":
      nothingMore(named, "`pause` alone");
      return { pause: pauseFrom(pause) };
    case "approve":
    case "keep":
      nothingMore(named.slice(1), "one case");
      return { choice: verb, case: caseNamed(named[0]) };
    default:
      throw new UsageError(`${expected}, found ${quoted(verb)}`);
  }
}

function nothingMore(more: readonly string[], what: string): void {
  if (more.length > 0) throw new UsageError(`expected ${what}, found ${quoted(more.join(" "))} after it`);
}

function caseNamed(text: string | undefined): CaseName {
  if (text === undefined) throw new UsageError("expected a case: <key ARN>#<generation>, as the notice names it");
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
