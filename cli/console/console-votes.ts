import * as v from "valibot";
import { printableText } from "../../lib/domain/printable-text.ts";
import { InputError } from "../shell/input-error.ts";
import type { Terminal } from "../shell/terminal.ts";
import type { CallerOptions } from "../vote/as-caller.ts";
import { castVote } from "../vote/cast-vote.ts";
import { outcomeText } from "../vote/outcome-text.ts";
import { commandFrom, credentialsOf } from "../vote/speak.ts";
import { voteSubject } from "../vote/vote-subject.ts";
import type { ConsoleStack } from "./console-stack.ts";
import type { Answer } from "./parts.ts";

const voteSchema = v.strictObject({
  place: v.pipe(v.string(), v.maxLength(64)),
  name: v.pipe(v.string(), v.maxLength(300)),
  choice: v.picklist(["approve", "keep"]),
  reason: v.pipe(v.string(), v.maxLength(500)),
});

export type PageVote = v.InferOutput<typeof voteSchema>;

/** What votes are signed and sent with. */
export interface VoteContext
  extends Pick<Terminal, "endpoint" | "region" | "credentials" | "clock" | "fetch" | "pause"> {
  readonly options: Pick<CallerOptions, "endpoint" | "stsUrl" | "local">;
}

/** Returns the vote that a page posts, or undefined for anything else. */
export function pageVoteIn(body: string): PageVote | undefined {
  try {
    return v.parse(voteSchema, JSON.parse(body));
  } catch {
    return undefined;
  }
}

/**
 * Signs a vote with the operator's credentials and sends it, as `reprieve approve` and `reprieve keep` do; only on a case, or a permit for a change, that this
 * console shows. Its chain is read again afterwards. Never throws.
 */
export async function castFromPage(vote: PageVote, stack: ConsoleStack, context: VoteContext): Promise<Answer> {
  const { access, feed } = stack;
  if (access.noVotes !== undefined) return { ok: false, text: access.noVotes };
  const kind = feed.chains.row(vote.name)?.kind;
  const subject = kind === "case" || kind === "permit" ? voteSubject(vote.choice, vote.name) : undefined;
  if (subject === undefined) return { ok: false, text: "this console shows no such case or permit: nothing was sent" };
  try {
    const endpoint = context.options.endpoint ?? (context.options.local ? undefined : await endpointOf(stack, context));
    const options = { ...context.options, ...(endpoint !== undefined && { endpoint }), reason: vote.reason };
    const command = commandFrom(subject, options, context);
    const credentials = await credentialsOf(context);
    const outcome = await castVote(command, { ...context, credentials, now: context.clock() });
    feed.askForRound();
    return { ok: outcome.kind === "judged" && outcome.accepted, text: outcomeText(outcome, command) };
  } catch (error) {
    if (error instanceof InputError) return { ok: false, text: `nothing was sent: ${error.message}` };
    return { ok: false, text: `nothing was sent: ${printableText(String(error), 300)}` };
  }
}

/** Returns where the stack itself takes votes; where that cannot be read, what the environment names. */
async function endpointOf({ access }: ConsoleStack, { endpoint }: VoteContext): Promise<string | undefined> {
  try {
    return (await (await access.health(access.stack)).apiUrl()) ?? endpoint;
  } catch {
    return endpoint;
  }
}
