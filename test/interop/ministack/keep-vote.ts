import { setTimeout as pause } from "node:timers/promises";
import { castVote } from "../../../cli/vote/cast-vote.ts";
import { caseNameFrom } from "../../../lib/domain/ledger/case-name.ts";
import { type Person, region } from "../../../local/world/people.ts";

/** Where a vote goes. */
export interface VotePlace {
  readonly endpoint: string;
  readonly stsUrl: string;
  readonly fetch: typeof fetch;
}

/** Casts a vote to keep a key, by the code of the `reprieve` command; returns the kind of its outcome. Throws for a text that names no case. */
export async function keepVote(person: Person, caseName: string, { fetch, ...place }: VotePlace): Promise<string> {
  const named = caseNameFrom(caseName);
  if (named === undefined) throw new TypeError(`${caseName} names no case`);
  const subject = { choice: "keep" as const, case: named };
  const credentials = { accessKeyId: person.accessKeyId, secretAccessKey: "local" };
  const post = { credentials, now: Date.now(), fetch, pause };
  const outcome = await castVote({ subject, reason: "still in use", region, ...place }, post);
  return outcome.kind === "judged" ? `judged ${outcome.accepted}` : JSON.stringify(outcome);
}
