import * as v from "valibot";
import type { Requester } from "../../people/requester.ts";
import type { Vote, VoteRefusal, Voter } from "../../people/vote.ts";
import { exactly, optionalFlag, optionalText, text } from "./members.ts";

export const requester = exactly<Requester>()(
  v.variant("kind", [
    v.strictObject({
      kind: v.literal("role-session"),
      account: text,
      roleArn: text,
      roleId: optionalText,
      sessionName: optionalText,
      permissionSet: optionalText,
      sourceIdentity: optionalText,
      mfa: optionalFlag,
    }),
    v.strictObject({
      kind: v.literal("user"),
      account: text,
      userArn: text,
      userId: optionalText,
      mfa: optionalFlag,
      sourceIdentity: optionalText,
    }),
    v.strictObject({ kind: v.literal("root"), account: text, mfa: optionalFlag }),
    v.strictObject({ kind: v.literal("federated-user"), account: text, arn: text }),
    v.strictObject({ kind: v.literal("identity-center-user"), account: optionalText, userId: text }),
    v.strictObject({ kind: v.literal("account"), account: text }),
    v.strictObject({ kind: v.literal("service"), service: text, account: optionalText }),
    v.strictObject({ kind: v.literal("unknown") }),
  ]),
);

export const voter = exactly<Voter>()(
  v.variant("via", [
    v.strictObject({ via: v.literal("slack"), userId: text }),
    v.strictObject({ via: v.literal("aws"), arn: text, userId: text }),
  ]),
);

export const vote = exactly<Vote>()(
  v.strictObject({ id: text, choice: v.picklist(["approve", "keep"]), voter, reason: optionalText }),
);

export const voteRefusal = exactly<VoteRefusal>()(
  v.picklist([
    ...(["stranger", "not-an-approver", "removed", "own-deletion"] as const),
    ...(["already-approved", "reason-missing", "too-late", "nobody-was-asked"] as const),
  ]),
);
