import type { Answer } from "../local.ts";
import type { AwsPort } from "./perform.ts";

type Members = Record<string, unknown>;

/** A command's operation and input as its service takes them. */
export interface Translated {
  readonly operation: string;
  readonly body: Members;
}

/** Returns what a client sends: times as seconds, bytes as base64, nothing that is undefined; for S3 method, path and headers. */
export function translated(port: AwsPort, operation: string, input: Members): Translated {
  if (port === "archive") return s3Request(operation, input as Readonly<Record<string, string>>);
  const body: Members = {};
  for (const [name, value] of Object.entries(input)) {
    if (value instanceof Date) body[name] = value.getTime() / 1000;
    else if (value instanceof Uint8Array) body[name] = Buffer.from(value).toString("base64");
    else if (value !== undefined) body[name] = value;
  }
  // A request of SNS names its action in a form, where the simulated network does not look.
  return { operation: port === "topic" ? "" : operation, body };
}

function s3Request(operation: string, input: Readonly<Record<string, string>>): Translated {
  const { Bucket = "", Key = "", Body, IfNoneMatch, Prefix, StartAfter, Range } = input;
  if (operation === "GetObject")
    return {
      operation: "GET",
      body: { url: `/${Bucket}/${Key}`, headers: Range === undefined ? {} : { range: Range } },
    };
  if (operation === "PutObject")
    return {
      operation: "PUT",
      body: { url: `/${Bucket}/${Key}`, text: Body, headers: { "if-none-match": IfNoneMatch } },
    };
  const query = new URLSearchParams({
    prefix: Prefix ?? "",
    ...(StartAfter !== undefined && { "start-after": StartAfter }),
  });
  return { operation: "GET", body: { url: `/${Bucket}?${query.toString()}` } };
}

/** Returns a service's answer as the client's output. */
export function outputOf(port: AwsPort, operation: string, { body, headers }: Answer): unknown {
  if (port === "archive") return s3Output(operation, String(body), headers?.["x-amz-version-id"]);
  if (typeof body === "string") return {};
  if (port === "control-plane" || port === "history") return dated(body);
  return port === "signing" ? withBytes(body) : body;
}

/** KMS sends bytes as base64. */
function withBytes(body: object): Members {
  const isBytes = (name: string) => ["PublicKey", "Signature"].includes(name);
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, isBytes(name) ? Buffer.from(String(value), "base64") : value]),
  );
}

function s3Output(operation: string, text: string, VersionId: string | undefined): Members {
  if (operation === "GetObject") {
    const Body = { transformToByteArray: async () => Buffer.from(text) };
    return { Body, ...(VersionId !== undefined && { VersionId }) };
  }
  return {
    Contents: [...text.matchAll(/<Key>(.*?)<\/Key>/g)].map(([, Key]) => ({ Key })),
    IsTruncated: text.includes("<IsTruncated>true<"),
  };
}

/** Returns a copy with the model's times, which are the members so named. */
function dated(value: unknown, name = ""): unknown {
  if (typeof value === "number") return /(Timestamp|EventTime)$/.test(name) ? new Date(value * 1000) : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => dated(each));
  const copy: Members = {};
  for (const [member, held] of Object.entries(value)) if (held !== undefined) copy[member] = dated(held, member);
  return copy;
}

/** Returns the error's name in an answer of any of the services' protocols. */
export function errorNameOf({ body }: Answer): string {
  const name = typeof body === "string" ? /<Code>(\w+)<\/Code>/.exec(body)?.[1] : (body as { __type?: string }).__type;
  return name?.split("#").at(-1) ?? "UnknownError";
}
