import type { KeyArn } from "../../lib/domain/key/key-arn.ts";
import type { Vote } from "../../lib/domain/people/vote.ts";
import { type Recorded, recordVote, type VoteDeps } from "../../lib/workflows/approve/record-vote.ts";
import type { Guard } from "../../lib/workflows/guard/run.ts";
import { keyArn } from "./key-world.ts";

/** A vote by `name` in Slack; `id` is its own unless given. */
export function voteBy(name: string, choice: Vote["choice"], id = `${choice}-${name}`): Vote {
  return { id, choice, voter: { via: "slack", userId: `U0${name.toUpperCase()}` }, reason: "CHG-1" };
}

/** The approval function's view of the world that `guard` works in. */
export function voteDepsOf(guard: Guard): VoteDeps {
  const { policy, cases, clock, newRunId } = guard;
  return { directory: policy.directory, cases, clock, newRunId, pause: async () => {} };
}

/** `name` votes on generation `generation` of the key. */
export async function cast(
  guard: Guard,
  name: string,
  choice: Vote["choice"],
  generation = 1,
  arn: KeyArn = keyArn(),
): Promise<Recorded> {
  return await recordVote(voteDepsOf(guard), { keyArn: arn, generation }, voteBy(name, choice));
}
