import * as v from "valibot";
import { parseArn } from "../../domain/arn.ts";
import { GuardError } from "../../domain/guard-error.ts";

/** Who signed, as STS says. */
export interface Caller {
  readonly account: string;
  readonly arn: string;
  /** Unique id: `AIDA...`, or `AROA...:<session name>`. */
  readonly userId: string;
}

const printable = (max: number) => v.pipe(v.string(), v.maxLength(max), v.regex(/^[\x21-\x7e]+$/));
const identitySchema = v.object({
  GetCallerIdentityResponse: v.object({
    GetCallerIdentityResult: v.object({
      Account: v.pipe(v.string(), v.regex(/^\d{12}$/)),
      Arn: v.pipe(printable(2048), v.regex(/^arn:aws:(?:iam|sts)::\d{12}:./)),
      UserId: printable(256),
    }),
  }),
});

const errorSchema = v.object({
  Error: v.object({ Code: v.pipe(v.string(), v.regex(/^[A-Za-z.]{1,60}$/)) }),
});

/** Status codes by which STS refuses a signature. */
const refusals = new Set([400, 401, 403]);
/** Transient errors that STS reports with the status of a refusal. */
const passing = new Set(["Throttling", "ThrottlingException", "RequestLimitExceeded", "RequestThrottled"]);

/**
 * The credentials behind the signature are no longer valid; the signature may have been. INVARIANT: this covers a voter whose access key is
 * deleted while a Keep waits. (STS gives the same answer for credentials that never existed; the approval function refuses those.)
 */
const expired = new Set(["InvalidClientTokenId", "ExpiredToken", "ExpiredTokenException", "RequestExpired"]);

const longestAnswer = 16_384;

/** The caller that an answer of STS names. Throws CALLER_UNPROVEN where STS refused, CALLER_EXPIRED for credentials that are not valid any more, STS_UNAVAILABLE for anything else. */
export async function callerFrom(answer: Response): Promise<Caller> {
  const body = await jsonOf(answer);
  if (answer.status === 200) return identityIn(body);
  const error = v.safeParse(errorSchema, body);
  const why = `${answer.status}${error.success ? ` ${error.output.Error.Code}` : ""}`;
  if (error.success && refusals.has(answer.status) && expired.has(error.output.Error.Code))
    throw new GuardError(
      "CALLER_EXPIRED",
      "reject",
      `the credentials of the signature are not valid any more (${why})`,
    );
  if (refusals.has(answer.status) && !(error.success && passing.has(error.output.Error.Code)))
    throw new GuardError("CALLER_UNPROVEN", "reject", `sts does not accept the signature (${why})`);
  throw new GuardError("STS_UNAVAILABLE", "retry", `sts answered ${why}`);
}

function identityIn(body: unknown): Caller {
  const parsed = v.safeParse(identitySchema, body);
  const identity = parsed.success ? parsed.output.GetCallerIdentityResponse.GetCallerIdentityResult : undefined;
  if (identity === undefined || parseArn(identity.Arn)?.account !== identity.Account)
    throw new GuardError("STS_UNAVAILABLE", "retry", "sts answered something that is no identity");
  return { account: identity.Account, arn: identity.Arn, userId: identity.UserId };
}

/** Only JSON is ever read: what is inside XML, two parsers can see differently. */
async function jsonOf(answer: Response): Promise<unknown> {
  try {
    return JSON.parse(await shortText(answer));
  } catch {
    return undefined;
  }
}

async function shortText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > longestAnswer) throw new RangeError("the answer is too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
