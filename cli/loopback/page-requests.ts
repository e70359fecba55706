import type { IncomingMessage, ServerResponse } from "node:http";

/** Largest request that is read. */
const maxBody = 1_000_000;

/** Nothing inline, nothing from elsewhere, and no other page around it. */
export const pageHeaders = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cache-control": "no-store",
};

/** A page in someone's browser must not reach this, neither by a foreign origin nor by a name that resolves to loopback. */
export function isOurs({ headers: { host = "", origin } }: IncomingMessage): boolean {
  return /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host) && (origin === undefined || origin === `http://${host}`);
}

/** A form of a foreign page could come without an origin, but never as JSON. */
export function isJson({ headers }: IncomingMessage): boolean {
  return /^application\/json\s*(;|$)/.test(headers["content-type"] ?? "");
}

/** The body, or undefined for one that is too large. */
export async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  let text = "";
  request.setEncoding("utf8");
  for await (const chunk of request) {
    text += chunk;
    if (text.length > maxBody) return undefined;
  }
  return text;
}

export function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { ...pageHeaders, "content-type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(body));
}
