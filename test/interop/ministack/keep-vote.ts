import { setTimeout as pause } from "node:timers/promises";
import { castVote } from "../../../cli/vote/cast-vote.ts";
import { caseNamed } from "../../../cli/vote/vote-commands.ts";
import { type Person, region } from "../../../local/world/people.ts";

/** Where a vote goes. */
export interface VotePlace {
  readonly endpoint: string;
  readonly stsUrl: string;
  readonly fetch: typeof fetch;
}

/** Casts a vote to keep a key, by the code of the `reprieve` command; returns what became of it. */
export async function keepVote(person: Person, caseName: string, { fetch, ...place }: VotePlace): Promise<string> {
  const subject = { choice: "keep" as const, case: caseNamed(caseName) };
  const credentials = { accessKeyId: person.accessKeyId, secretAccessKey: "local" };
  const post = { credentials, now: Date.now(), fetch, pause };
  const outcome = await castVote({ subject, reason: "still in use", region, ...place }, post);
  return outcome.kind === "judged" ? `judged ${outcome.accepted}` : JSON.stringify(outcome);
}
