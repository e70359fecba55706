import type { KnownCaller } from "../aws/sts/sts.ts";
import { people, you } from "./people.ts";

/** Everyone whom the local STS knows, by access key; the secret of each is `local`. */
export const knownCallers: Readonly<Record<string, KnownCaller>> = Object.fromEntries(
  [...people, { ...you, accessKeyId: "local" }].map(({ accessKeyId, userIdentity }) => [
    accessKeyId,
    callerOf(userIdentity),
  ]),
);

function callerOf(identity: object): KnownCaller {
  const { accountId, arn, principalId } = identity as { accountId: string; arn: string; principalId: string };
  return { secret: "local", identity: { Account: accountId, Arn: arn, UserId: principalId } };
}
