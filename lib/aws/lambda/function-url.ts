import { SignatureV4, type SignatureV4CryptoInit, type SignatureV4Init } from "@smithy/signature-v4";

/** What calls are signed with; every client of the SDK has it. */
export type Signing = Pick<SignatureV4Init, "credentials"> & SignatureV4CryptoInit;

/** Returns the Region of a function URL of Lambda, or undefined for any other host. */
export function regionOfFunctionUrl(hostname: string): string | undefined {
  return /^[a-z0-9]+\.lambda-url\.([a-z0-9-]+)\.on\.aws$/.exec(hostname)?.[1];
}

/** A POST whose body is text. */
export interface TextPost {
  readonly url: URL;
  readonly body: string;
}

/** Returns the headers of a POST to a function URL with IAM authorization, signed at `now` (ms since the epoch). */
export async function signedHeaders(
  { url, body }: TextPost,
  region: string,
  { credentials, sha256 }: Signing,
  now: number,
): Promise<Record<string, string>> {
  const signer = new SignatureV4({ service: "lambda", region, credentials, sha256 });
  const { protocol, hostname, host, pathname: path } = url;
  const request = { method: "POST", protocol, hostname, path, query: {}, headers: { host, ...textHeaders }, body };
  const { headers } = await signer.sign(request, { signingDate: new Date(now) });
  // fetch sets it itself, to the same.
  const { host: _, ...rest } = headers;
  return rest;
}

export const textHeaders = { "content-type": "text/plain; charset=utf-8" } as const;
