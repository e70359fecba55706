import { createHash, createHmac } from "node:crypto";

/** A request as it arrives: header names in lower case. */
export interface Arrived {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Scope {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

/** SigV4 by AWS's description of it ("Create a signed AWS API request"), without any code of the SDK. */
export function signatureOf(request: Arrived, signed: readonly string[], scope: Scope, secret: string): string {
  const headers = signed.map((name) => `${name}:${(request.headers[name] ?? "").trim().replace(/ +/g, " ")}\n`);
  const { method, path, query, body } = request;
  const canonical = [method, path, query, headers.join(""), signed.join(";"), sha256(body)].join("\n");
  const where = `${scope.date}/${scope.region}/${scope.service}/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", request.headers["x-amz-date"], where, sha256(canonical)].join("\n");
  const parts = [scope.date, scope.region, scope.service, "aws4_request"];
  const key = parts.reduce<Buffer | string>((last, part) => hmac(last, part), `AWS4${secret}`);
  return hmac(key, text).toString("hex");
}

/** The header that goes with `request`; `signed` as they are given, also wrongly. */
export function authorizationOf(request: Arrived, signed: readonly string[], scope: Scope, secret: string): string {
  const where = `${scope.accessKeyId}/${scope.date}/${scope.region}/${scope.service}/aws4_request`;
  const signature = signatureOf(request, signed, scope, secret);
  return `AWS4-HMAC-SHA256 Credential=${where}, SignedHeaders=${signed.join(";")}, Signature=${signature}`;
}

function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac("sha256", key).update(text, "utf8").digest();
}
