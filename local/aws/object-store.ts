import type { ServiceRequest, ServiceResponse } from "./service-request.ts";

interface Version {
  readonly body: string;
  /** When it was written (ms). */
  readonly at: number;
  /** A delete marker. */
  readonly gone?: true;
}

/** S3 as far as the audit trail uses it: objects with versions, written on condition, listed, read. Paths are `/<bucket>/<key>`. */
export class LocalObjectStore {
  readonly #versions = new Map<string, Version[]>();
  readonly #now: () => number;

  constructor(now: () => number = () => 0) {
    this.#now = now;
  }

  /** What someone with every right could do to an object behind everybody's back: a new version, or a delete marker. */
  tamper(key: string, body: string | undefined): void {
    this.#add(key, body === undefined ? { body: "", gone: true, at: this.#now() } : { body, at: this.#now() });
  }

  /** Keys of the objects that are there, in order. */
  get keys(): readonly string[] {
    return [...this.#versions.keys()].filter((key) => this.#current(key) !== undefined).sort();
  }

  /** The first version of an object, and when it was written (ms). */
  object(key: string): { readonly bytes: Buffer; readonly modifiedAt: number } {
    const [first] = this.#versions.get(key) ?? [];
    return { bytes: Buffer.from(first?.body ?? ""), modifiedAt: first?.at ?? 0 };
  }

  /** Answers a request to the path of an object or of a bucket. */
  handle({ method = "GET", url = "/", headers }: ServiceRequest, body: Buffer): ServiceResponse {
    const { pathname, searchParams } = new URL(url, "http://s3");
    const [, bucket = "", ...rest] = pathname.split("/").map(decodeURIComponent);
    const key = rest.join("/");
    if (method === "GET" && key === "") return this.#list(bucket, searchParams);
    if (method === "PUT") {
      if (headers["if-none-match"] === "*" && this.#current(key) !== undefined) return fail(412, "PreconditionFailed");
      this.#add(key, { body: body.toString("utf8"), at: this.#now() });
      return { status: 200, body: "" };
    }
    const version = searchParams.get("versionId");
    const found = version === null ? this.#current(key) : this.#versions.get(key)?.[Number(version)]?.body;
    if (method !== "GET") return fail(405, "MethodNotAllowed");
    if (found === undefined) return fail(404, "NoSuchKey");
    if (found === "" && headers["range"] !== undefined) return fail(416, "InvalidRange");
    const id = version ?? String((this.#versions.get(key)?.length ?? 0) - 1);
    return { status: 200, body: found, headers: { "content-type": "text/plain", "x-amz-version-id": id } };
  }

  #current(key: string): string | undefined {
    const last = this.#versions.get(key)?.at(-1);
    return last?.gone ? undefined : last?.body;
  }

  #add(key: string, version: Version): void {
    this.#versions.set(key, [...(this.#versions.get(key) ?? []), version]);
  }

  #list(bucket: string, asked: URLSearchParams): ServiceResponse {
    const prefix = asked.get("prefix") ?? "";
    const after = asked.get("start-after") ?? asked.get("continuation-token") ?? asked.get("key-marker") ?? "";
    const all = asked.has("versions") ? [...this.#versions.keys()].sort() : this.keys;
    const keys = all.filter((key) => key.startsWith(prefix) && key > after);
    const page = keys.slice(0, 1000);
    const more = keys.length > page.length;
    if (asked.has("versions")) {
      const versions = page.flatMap((key) => this.#versionsOf(key));
      const next = more ? `<NextKeyMarker>${escaped(page.at(-1) ?? "")}</NextKeyMarker>` : "";
      return xml(
        `<ListVersionsResult><IsTruncated>${more}</IsTruncated>${next}${versions.join("")}</ListVersionsResult>`,
      );
    }
    const contents = page.map((key) => `<Contents><Key>${escaped(key)}</Key></Contents>`).join("");
    const next = more ? `<NextContinuationToken>${escaped(page.at(-1) ?? "")}</NextContinuationToken>` : "";
    return xml(
      `<ListBucketResult><Name>${bucket}</Name><IsTruncated>${more}</IsTruncated>${next}${contents}</ListBucketResult>`,
    );
  }

  /** The newest first, as S3 lists them. */
  #versionsOf(key: string): string[] {
    const versions = this.#versions.get(key) ?? [];
    return versions
      .map(({ gone, at }, n) => {
        const element = gone ? "DeleteMarker" : "Version";
        const latest = n === versions.length - 1;
        return `<${element}><Key>${escaped(key)}</Key><VersionId>${n}</VersionId><IsLatest>${latest}</IsLatest><LastModified>${new Date(at).toISOString()}</LastModified></${element}>`;
      })
      .reverse();
  }
}

function xml(body: string): ServiceResponse {
  return {
    status: 200,
    body: `<?xml version="1.0" encoding="UTF-8"?>${body}`,
    headers: { "content-type": "application/xml" },
  };
}

function fail(status: number, code: string): ServiceResponse {
  return { ...xml(`<Error><Code>${code}</Code><Message>${code}</Message></Error>`), status };
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
