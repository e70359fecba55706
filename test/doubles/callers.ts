import { signVote } from "../../cli/vote/sign-vote.ts";
import type { CastVote } from "../../lib/aws/sts/caller-proof.ts";
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

/** A stack whose STS knows alice, bob, carol and mallory as IAM users. */
export const proof = {
  region,
  stsUrl: "https://sts.us-east-1.amazonaws.com/",
  audience: "https://votes.example.com",
  fetch: stsFetch({ region, now: () => now, callers }).fetch,
};

type Subject<Vote> = Vote extends CastVote ? Omit<Vote, "expiresAt" | "audience"> : never;

/** What `name` says, signed, and then changed by `change` on its way. */
export async function saidBy(
  name: string,
  subject: Subject<CastVote>,
  change: (vote: object) => object = (vote) => vote,
): Promise<Sent> {
  const vote = { ...subject, expiresAt: now + 60_000, audience: proof.audience };
  const proven = await signVote(vote, {
    region,
    credentials: { accessKeyId: accessKeyOf(name), secretAccessKey: "s" },
    now,
  });
  return { body: JSON.stringify({ ...proven, vote: change(vote) }), route: "POST /votes" };
}
