import { type Arrived, signatureOf } from "./sig-v4.ts";

export interface KnownCaller {
  readonly secret: string;
  readonly token?: string;
  readonly identity: { readonly Account: string; readonly Arn: string; readonly UserId: string };
}

export interface StsWorld {
  readonly region: string;
  readonly now: () => number;
  /** By access key id. */
  readonly callers: Readonly<Record<string, KnownCaller>>;
}

interface StsAnswer {
  readonly status: number;
  readonly body: string;
}

const form =
  /^AWS4-HMAC-SHA256 Credential=([^/,]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=(\w+)$/;

/** STS as far as it matters here: it computes the signature of what arrived, and says who made it. */
export function stsAnswer(request: Arrived, { region, now, callers }: StsWorld): StsAnswer {
  const match = form.exec(request.headers["authorization"] ?? "");
  const [, accessKeyId = "", date = "", scopeRegion = "", service = "", list = "", signature = ""] = match ?? [];
  if (match === null) return refused(400, "IncompleteSignature");
  const caller = Object.hasOwn(callers, accessKeyId) ? callers[accessKeyId] : undefined;
  if (caller?.token !== request.headers["x-amz-security-token"] || caller === undefined)
    return refused(403, "InvalidClientTokenId");
  const amzDate = request.headers["x-amz-date"] ?? "";
  if (!amzDate.startsWith(date) || Math.abs(timeOf(amzDate) - now()) > 15 * 60_000)
    return refused(403, "SignatureDoesNotMatch");
  const signed = list.split(";");
  if (scopeRegion !== region || service !== "sts" || !signed.includes("host"))
    return refused(403, "SignatureDoesNotMatch");
  const expected = signatureOf(request, signed, { accessKeyId, date, region, service }, caller.secret);
  if (expected !== signature) return refused(403, "SignatureDoesNotMatch");
  if (new URLSearchParams(request.body).get("Action") !== "GetCallerIdentity") return refused(400, "InvalidAction");
  return { status: 200, body: identityBody(caller.identity) };
}

export function identityBody(identity: object): string {
  const ResponseMetadata = { RequestId: "01234567-89ab-cdef-0123-456789abcdef" };
  return JSON.stringify({ GetCallerIdentityResponse: { GetCallerIdentityResult: identity, ResponseMetadata } });
}

export function refused(status: number, code: string): StsAnswer {
  return { status, body: JSON.stringify({ Error: { Code: code, Message: "no", Type: "Sender" }, RequestId: "0123" }) };
}

/** `20240527T194954Z` in ms since the epoch. */
function timeOf(amzDate: string): number {
  return Date.parse(amzDate.replace(/^(.{4})(..)(..)T(..)(..)(..)Z$/, "$1-$2-$3T$4:$5:$6Z"));
}

/** `fetch` with that STS behind it; what arrives is kept in `arrived`, with the address it went to. */
export function stsFetch(world: StsWorld): { fetch: typeof fetch; arrived: (Arrived & { url: string })[] } {
  const arrived: (Arrived & { url: string })[] = [];
  return {
    arrived,
    fetch: async (input, init) => {
      const sent = new Request(input, init);
      const { host, pathname, search } = new URL(sent.url);
      const headers = { ...Object.fromEntries(sent.headers), host };
      const request = { method: sent.method, path: pathname, query: search.slice(1), headers, body: await sent.text() };
      arrived.push({ ...request, url: sent.url });
      const { status, body } = stsAnswer(request, world);
      return new Response(body, { status });
    },
  };
}
