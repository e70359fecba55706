import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type StsWorld, stsAnswer } from "../../local/aws/sts/sts.ts";

export interface Running {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

type Respond = (request: IncomingMessage, body: string, response: ServerResponse) => void | Promise<void>;

/** A server on this machine that reads a request to its end before it responds. */
export async function serve(respond: Respond): Promise<Running> {
  const server: Server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => void respond(request, body, response));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const stop = async () => {
    server.closeAllConnections();
    await new Promise<unknown>((closed) => server.close(closed));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
}

/** The fake STS behind a socket: what it verifies is what came over it, the host's name included. */
export async function serveSts(world: StsWorld): Promise<Running> {
  return await serve((request, body, response) => {
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(request.headers)) headers[name] = String(value);
    const [path = "", query = ""] = (request.url ?? "").split("?");
    const { status, body: reply } = stsAnswer({ method: request.method ?? "", path, query, headers, body }, world);
    response.writeHead(status, { "content-type": "application/json" }).end(reply);
  });
}
