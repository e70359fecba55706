import { Readable } from "node:stream";
import type { Caller, Network } from "./network.ts";

/** A request as the SDK gives it to its transport. */
interface SdkRequest {
  readonly method: string;
  readonly path: string;
  readonly hostname: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly body?: string | Uint8Array;
}

/** Returns the `send` of an instance: a request of the SDK on the simulated network. */
export function sdkTransport(network: Network, caller: Caller) {
  return async (request: SdkRequest, options: { readonly requestTimeout?: number }): Promise<object> => {
    const { method, path, hostname, headers, query, body = "" } = request;
    const { status, stalled, ...answer } = await network.request(
      {
        ...{ method, headers, url: `${path}${queryText(query)}`, host: hostname },
        body: Buffer.from(body as string),
        timeoutMs: options.requestTimeout ?? 0,
      },
      caller,
    );
    const stream = stalled ? new Readable({ read: () => {} }) : Readable.from([answer.body], { objectMode: false });
    return { statusCode: status, headers: answer.headers, body: stream, reason: "" };
  };
}

function queryText(query: SdkRequest["query"] = {}): string {
  const parts = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((each) => {
      const text = each === null ? "" : `=${encodeURIComponent(each as string)}`;
      return `${encodeURIComponent(name)}${text}`;
    }),
  );
  return parts.length > 0 ? `?${parts.join("&")}` : "";
}
