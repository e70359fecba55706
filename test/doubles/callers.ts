import { signVote } from "../../cli/vote/sign-vote.ts";
import type { CastVote } from "../../lib/aws/sts/proven-vote.ts";
import { stsFetch } from "../../local/aws/sts/sts.ts";
import { now, type Sent } from "./approval.ts";

const region = "us-east-1";
const accessKeyOf = (name: string) => `AKIA${name.toUpperCase().padEnd(16, "0")}`;
const callers = Object.fromEntries(
  ["alice", "bob", "carol", "mallory"].map((name) => {
    const Arn = `arn:aws:iam::111122223333:user/${name}`;
    const UserId = `AIDA${name.toUpperCase().padEnd(16, "0")}`;
    return [accessKeyOf(name), { secret: "s", identity: { Account: "111122223333", Arn, UserId } }];
  }),
);

/** A stack whose STS, at `clock` (ms), knows alice, bob, carol and mallory as IAM users. */
export const proofAt = (clock: () => number) => ({
  region,
  stsUrl: "https://sts.us-east-1.amazonaws.com/",
  audience: "https://votes.example.com",
  fetch: stsFetch({ region, now: clock, callers }).fetch,
});
export const proof = proofAt(() => now);

type Subject<Vote> = Vote extends CastVote ? Omit<Vote, "expiresAt" | "audience"> : never;

/** What `name` says, signed at `at` (ms), and then changed by `change` on its way. */
export async function saidBy(
  name: string,
  subject: Subject<CastVote>,
  change: (vote: object) => object = (vote) => vote,
  at = now,
): Promise<Sent> {
  const vote = { ...subject, expiresAt: at + 60_000, audience: proof.audience };
  const proven = await signVote(vote, {
    region,
    credentials: { accessKeyId: accessKeyOf(name), secretAccessKey: "s" },
    now: at,
  });
  return { body: JSON.stringify({ ...proven, vote: change(vote) }), route: "POST /votes" };
}
