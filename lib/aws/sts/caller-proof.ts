import { GuardError } from "../../domain/guard-error.ts";
import { minuteMs } from "../../domain/time.ts";
import { type Caller, callerFrom } from "./caller-proof-answer.ts";
import { type ProvenVote, voteDigest } from "./proven-vote.ts";

/** The header that binds a vote to the signature. */
export const voteHeader = "x-reprieve-vote";

/** The body of the one call that is ever made. */
export const identityCall = "Action=GetCallerIdentity&Version=2011-06-15";
export const identityCallType = "application/x-www-form-urlencoded; charset=utf-8";

/** How far ahead (ms) a vote may expire, and how far from our time it may have been signed. */
const toleranceMs = 5 * minuteMs;
const timeout = 1_500;

export interface ProofSettings {
  readonly region: string;
  /** Our own regional STS, such as `https://sts.us-east-1.amazonaws.com/`. */
  readonly stsUrl: string;
  readonly audience: string;
  /** ms since the epoch. */
  readonly now: number;
  readonly fetch: typeof fetch;
}

/**
 * Asks STS who signed a vote that did not come by Slack. The voter signs (SigV4) a call of `sts:GetCallerIdentity` together with a header over the vote, and
 * gives the signature to us, as with Vault's AWS login and the EKS authenticator. Nothing of the request but the signature, its date and its session token
 * comes from the caller: neither host nor path nor action can be chosen. Throws VOTE_EXPIRED, CALLER_EXPIRED, CALLER_UNPROVEN, or STS_UNAVAILABLE.
 */
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
