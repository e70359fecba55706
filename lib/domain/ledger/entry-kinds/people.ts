import * as v from "valibot";
import type { Requester } from "../../people/requester.ts";
import { type Vote, type VoteRefusal, type Voter, voteWays, type WhyUnverified } from "../../people/vote.ts";
import { exactly, oneOf, optionalFlag, optionalText, text } from "./members.ts";

export const requester = exactly<Requester>()(
  oneOf("kind", {
    "role-session": {
      account: text,
      roleArn: text,
      roleId: optionalText,
      sessionName: optionalText,
      permissionSet: optionalText,
      sourceIdentity: optionalText,
      mfa: optionalFlag,
    },
    user: { account: text, userArn: text, userId: optionalText, mfa: optionalFlag, sourceIdentity: optionalText },
    root: { account: text, mfa: optionalFlag },
    "federated-user": { account: text, arn: text },
    "identity-center-user": { account: optionalText, userId: text },
    account: { account: text },
    service: { service: text, account: optionalText },
    unknown: {},
  }),
);

export const voter = exactly<Voter>()(
  oneOf("via", {
    slack: { userId: text },
    aws: { arn: text, userId: text },
  }),
);

/** Ways in which votes are proven. */
export const recordedWays = v.array(v.picklist(voteWays));

export const vote = exactly<Vote>()(
  v.strictObject({ id: text, choice: v.picklist(["approve", "keep"]), voter, reason: optionalText }),
);

export const voteRefusal = exactly<VoteRefusal>()(
  v.picklist([
    ...(["stranger", "not-an-approver", "removed", "own-deletion", "own-change"] as const),
    ...([
      "proof-not-accepted",
      "already-approved",
      "reason-missing",
      "too-late",
      "nobody-was-asked",
      "proof-expired",
    ] as const),
  ]),
);

/** SHA-256 of the proof by which a person made the request, which takes effect once; absent where no request led to the entry. */
export const requestId = optionalText;

/** Why the proof was not verified again when the request was recorded; absent where it was. */
export const unverified = v.exactOptional(
  exactly<WhyUnverified>()(v.picklist(["proof-aged", "secret-replaced", "secret-unavailable", "sts-unavailable"])),
);
