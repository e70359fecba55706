import * as v from "valibot";
import { isPermitPrincipal } from "../../domain/approval/permit-command.ts";
import { GuardError } from "../../domain/guard-error.ts";
import { waitingPeriod } from "../../domain/key/waiting-period.ts";
import { canonicalJson, sha256Hex } from "../../domain/ledger/canonical-json.ts";
import { caseNameFrom } from "../../domain/ledger/case-name.ts";
import { changeNameFrom } from "../../domain/ledger/change-name.ts";
import { changePermitNameFrom } from "../../domain/ledger/change-permit-name.ts";
import { subjectFrom } from "../../domain/operations/subject.ts";
import { printableText } from "../../domain/printable-text.ts";
import { minuteMs } from "../../domain/time.ts";
import { caseNameSchema, keyArnSchema, permitNameSchema } from "../events/own-event.ts";
import { jsonOr } from "../json.ts";
import { type Caller, callerFrom } from "./caller-proof-answer.ts";

/**
 * A vote without Slack. The voter signs (SigV4) a call of `sts:GetCallerIdentity` together with a header over the vote, and gives the
 * signature to us; STS itself then says who that was, as Vault's AWS login and the EKS authenticator do it. Nothing of the request but
 * the signature, its date and its session token comes from the caller: neither host nor path nor action can be chosen.
 */
const envelope = {
  // Halves of characters have no canonical JSON, and so no digest.
  reason: v.pipe(
    v.string(),
    v.maxLength(500),
    v.check((text) => text.trim() !== "" && text.isWellFormed()),
  ),
  /** ms since the epoch. */
  expiresAt: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  /** The address of the stack that the vote is for: a vote for another one counts for nothing here. */
  audience: v.pipe(v.string(), v.maxLength(300)),
};

const caseVoteSchema = v.strictObject({
  case: v.strictObject(caseNameSchema.entries),
  choice: v.picklist(["approve", "keep"]),
  ...envelope,
});

/** A request for a pause of so many ms, or to end it. */
const pauseVoteSchema = v.strictObject({
  pause: v.union([v.pipe(v.number(), v.safeInteger(), v.minValue(minuteMs)), v.literal("end")]),
  ...envelope,
});

const principal = v.pipe(
  v.string(),
  v.maxLength(600),
  v.check(isPermitPrincipal, "expected the ARN of an IAM user or role"),
);

/** A command about a permit for a planned deletion: request, approve or revoke it. */
const permitVoteSchema = v.strictObject({
  permit: v.union([
    v.strictObject({
      request: v.strictObject({
        keyArn: keyArnSchema,
        principal,
        roleId: v.exactOptional(v.pipe(v.string(), v.regex(/^AROA[A-Z0-9]{4,124}$/))),
        person: v.exactOptional(v.pipe(v.string(), v.maxLength(64))),
        rule: v.exactOptional(v.pipe(v.string(), v.maxLength(64))),
        minWaitingMs: v.pipe(
          v.number(),
          v.safeInteger(),
          v.minValue(waitingPeriod.shortest),
          v.maxValue(waitingPeriod.longest),
        ),
      }),
    }),
    v.strictObject({ approve: v.strictObject(permitNameSchema.entries) }),
    v.strictObject({ revoke: v.strictObject(permitNameSchema.entries) }),
  ]),
  ...envelope,
});

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** A report of an export of the audit trail. */
const exportVoteSchema = v.strictObject({
  export: v.strictObject({
    from: v.exactOptional(count),
    to: v.exactOptional(count),
    digest: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
    objects: count,
    entries: count,
  }),
  ...envelope,
});

const changePrincipal = {
  principal,
  roleId: v.exactOptional(v.pipe(v.string(), v.regex(/^AROA[A-Z0-9]{4,124}$/))),
  person: v.exactOptional(v.pipe(v.string(), v.maxLength(64))),
  rule: v.exactOptional(v.pipe(v.string(), v.maxLength(64))),
};

const subjectText = v.pipe(
  v.string(),
  v.maxLength(300),
  v.check((text) => subjectFrom(text) !== undefined),
);
const permitText = v.pipe(
  v.string(),
  v.maxLength(512),
  v.check((text) => changePermitNameFrom(text) !== undefined),
);

/** A command about a permit for a change other than a deletion. */
const changePermitVoteSchema = v.strictObject({
  changePermit: v.union([
    v.strictObject({
      request: v.strictObject({
        operation: v.pipe(v.string(), v.regex(/^[a-z][a-z-]{0,31}$/)),
        subject: subjectText,
        ...changePrincipal,
        /** The key that an alias may come to name. */
        to: v.exactOptional(keyArnSchema),
      }),
    }),
    v.strictObject({ approve: permitText }),
    v.strictObject({ revoke: permitText }),
  ]),
  ...envelope,
});

/** A request to start a key: the name of a case that left it disabled, or of the changes that stopped it. */
const startVoteSchema = v.strictObject({
  start: v.pipe(
    v.string(),
    v.maxLength(512),
    v.check((text) => (caseNameFrom(text) ?? changeNameFrom(text)) !== undefined),
  ),
  ...envelope,
});

const voteSchema = v.lazy((vote) => {
  const has = (name: string) => typeof vote === "object" && vote !== null && name in vote;
  if (has("permit")) return permitVoteSchema;
  if (has("export")) return exportVoteSchema;
  if (has("changePermit")) return changePermitVoteSchema;
  if (has("start")) return startVoteSchema;
  return has("pause") ? pauseVoteSchema : caseVoteSchema;
});

const provenVoteSchema = v.strictObject({
  vote: voteSchema,
  authorization: v.pipe(v.string(), v.maxLength(1000), v.regex(/^[\x21-\x7e][\x20-\x7e]*$/)),
  amzDate: v.pipe(v.string(), v.regex(/^\d{8}T\d{6}Z$/)),
  // No spaces: around a header they would be dropped on the way, and the token would no longer be what was given.
  securityToken: v.optional(v.pipe(v.string(), v.maxLength(8000), v.regex(/^[\x21-\x7e]+$/))),
});

export type CaseVote = v.InferOutput<typeof caseVoteSchema>;
export type PauseVote = v.InferOutput<typeof pauseVoteSchema>;
export type PermitVote = v.InferOutput<typeof permitVoteSchema>;
export type ExportVote = v.InferOutput<typeof exportVoteSchema>;
export type ChangePermitVote = v.InferOutput<typeof changePermitVoteSchema>;
export type StartVote = v.InferOutput<typeof startVoteSchema>;
export type CastVote = CaseVote | PauseVote | PermitVote | ExportVote | ChangePermitVote | StartVote;
export type ProvenVote = v.InferOutput<typeof provenVoteSchema>;

/** The header that binds a vote to the signature. */
export const voteHeader = "x-reprieve-vote";

/** The body of the one call that is ever made. */
export const identityCall = "Action=GetCallerIdentity&Version=2011-06-15";
export const identityCallType = "application/x-www-form-urlencoded; charset=utf-8";

const longestBody = 16_384;
/** How far ahead (ms) a vote may expire, and how far from our time it may have been signed. */
const toleranceMs = 5 * minuteMs;
const timeout = 1_500;

export function voteDigest(vote: CastVote): string {
  return sha256Hex(canonicalJson(vote));
}

/** Any text as a vote with its proof, not yet verified. Throws VOTE_MALFORMED. */
export function parseProvenVote(text: string): ProvenVote {
  const parsed = Buffer.byteLength(text) > longestBody ? undefined : v.safeParse(provenVoteSchema, jsonOr(text));
  if (parsed?.success) return parsed.output;
  const fields = parsed?.issues.map((issue) => v.getDotPath(issue) ?? "the body").slice(0, 5);
  const hint = fields === undefined ? "" : `: look at ${fields.map((field) => printableText(field, 40)).join(", ")}`;
  throw new GuardError("VOTE_MALFORMED", "reject", `this is no vote with its proof${hint}`);
}

export interface ProofSettings {
  readonly region: string;
  /** Our own regional STS, such as `https://sts.us-east-1.amazonaws.com/`. */
  readonly stsUrl: string;
  readonly audience: string;
  /** ms since the epoch. */
  readonly now: number;
  readonly fetch: typeof fetch;
}

/** Returns the id of a request: SHA-256 of its vote and its whole proof. INVARIANT: nothing of them can be written differently and still be accepted. */
export function provenRequestId({ vote, authorization, amzDate, securityToken = "" }: ProvenVote): string {
  return sha256Hex(`aws\n${authorization}\n${amzDate}\n${securityToken}\n${voteDigest(vote)}`);
}

/** Asks STS who signed the vote. Throws VOTE_EXPIRED, CALLER_EXPIRED, CALLER_UNPROVEN, or STS_UNAVAILABLE. */
export async function verifyCaller(proven: ProvenVote, settings: ProofSettings): Promise<Caller> {
  checkFreshness(proven, settings.now);
  checkBinding(proven, settings);
  return await askCaller(proven, settings);
}

type Binding = Pick<ProofSettings, "region" | "audience">;

/** Checks that the vote is for this stack, and that its signature covers it. Throws CALLER_UNPROVEN. */
export function checkBinding(proven: ProvenVote, { region, audience }: Binding): void {
  if (proven.vote.audience !== audience) throw unproven("the vote is for another stack");
  if (!signsTheVote(proven, region)) throw unproven("the signature does not cover the vote");
}

/** Checks that the vote came in time, at `now` (ms). Throws VOTE_EXPIRED. */
export function checkFreshness(proven: ProvenVote, now: number): void {
  if (proven.vote.expiresAt <= now || proven.vote.expiresAt > now + toleranceMs)
    throw new GuardError("VOTE_EXPIRED", "reject", "the vote has expired, or is valid for more than 5 minutes");
  // Negated, so that an invalid date is refused too.
  if (!(Math.abs(signedAt(proven) - now) <= toleranceMs))
    throw new GuardError("VOTE_EXPIRED", "reject", "the vote was signed more than 5 minutes from now");
}

/** Asks STS who signed the vote. Throws CALLER_UNPROVEN, CALLER_EXPIRED, or STS_UNAVAILABLE. */
export async function askCaller(
  proven: ProvenVote,
  settings: Pick<ProofSettings, "stsUrl" | "fetch">,
): Promise<Caller> {
  return await callerFrom(await ask(settings, proven));
}

/** Returns when the vote was signed (ms since the epoch); NaN for an invalid date. */
export function signedAt({ amzDate }: ProvenVote): number {
  return Date.parse(amzDate.replace(/^(.{4})(..)(..)T(..)(..)(..)Z$/, "$1-$2-$3T$4:$5:$6Z"));
}

/**
 * STS checks that the signature is right; that it covers our header is for us to check. Exactly the headers that we send must be
 * signed: one less could be changed on the way, and one more means that something else was signed than what is asked here.
 */
function signsTheVote({ authorization, amzDate, securityToken }: ProvenVote, region: string): boolean {
  const scope = /^AWS4-HMAC-SHA256 Credential=[A-Z0-9]{16,128}\/(.*), SignedHeaders=(.*), Signature=[0-9a-f]{64}$/.exec(
    authorization,
  );
  const token = securityToken === undefined ? [] : ["x-amz-security-token"];
  const signed = ["content-type", "host", "x-amz-date", ...token, voteHeader].join(";");
  return scope?.[1] === `${amzDate.slice(0, 8)}/${region}/sts/aws4_request` && scope[2] === signed;
}

async function ask(settings: Pick<ProofSettings, "stsUrl" | "fetch">, proven: ProvenVote): Promise<Response> {
  const call = {
    method: "POST",
    headers: {
      accept: "application/json",
      authorization: proven.authorization,
      "content-type": identityCallType,
      "x-amz-date": proven.amzDate,
      [voteHeader]: voteDigest(proven.vote),
      ...(proven.securityToken !== undefined && { "x-amz-security-token": proven.securityToken }),
    },
    body: identityCall,
    redirect: "error",
    signal: AbortSignal.timeout(timeout),
  } as const;
  return await settings.fetch(settings.stsUrl, call).catch((error: unknown) => {
    throw new GuardError("STS_UNAVAILABLE", "retry", "sts cannot be reached", { cause: error });
  });
}

function unproven(why: string): GuardError {
  return new GuardError("CALLER_UNPROVEN", "reject", why);
}
