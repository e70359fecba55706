import type { IncomingHttpHeaders } from "node:http";
import { createLoopbackServer } from "../../cli/loopback/server.ts";
import type { ApiAnswer } from "../../local/aws/payment-cryptography/control-plane.ts";
import { answer, readBody } from "../../local/world/hub/request.ts";

/** A request of an AWS JSON protocol as it came over the wire. */
export interface WireRequest {
  readonly operation: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server on a free port of this machine. */
export interface Served {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** Serves `handle` over HTTP; answers 500 where it throws. */
export async function serveJson(handle: (request: WireRequest) => ApiAnswer): Promise<Served> {
  const server = createLoopbackServer(
    async (request, response) => {
      const body = (await readBody(request))?.toString() ?? "";
      const operation = String(request.headers["x-amz-target"]).split(".").at(-1) ?? "";
      answer(response, handle({ operation, path: request.url ?? "", headers: request.headers, body }));
    },
    (response, error) => answer(response, { status: 500, body: { __type: "InternalError", Message: String(error) } }),
  );
  return { endpoint: await server.listen(0), stop: server.close };
}
