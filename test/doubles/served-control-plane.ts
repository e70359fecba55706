import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type ApiAnswer,
  ControlPlane,
  type ControlPlaneOptions,
} from "../../local/aws/payment-cryptography/control-plane.ts";
import { callerOf, mallory } from "../../local/world/people.ts";

/** A request as it came over the wire. */
export interface WireRequest {
  readonly operation: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A local control plane on a port of this machine. */
export interface ServedControlPlane {
  readonly plane: ControlPlane;
  readonly endpoint: string;
  readonly requests: WireRequest[];
  /** Answers of the control plane, as they went out. */
  readonly answers: { readonly operation: string; readonly answer: ApiAnswer }[];
  /** Gives this answer to the next request instead. */
  answerNext(answer: ApiAnswer): void;
  stop(): Promise<void>;
}

/** Serves a control plane over HTTP, with mallory as the caller of everything. */
export async function serveControlPlane(options: ControlPlaneOptions): Promise<ServedControlPlane> {
  const plane = new ControlPlane(options);
  const requests: WireRequest[] = [];
  const answers: { operation: string; answer: ApiAnswer }[] = [];
  const planned: ApiAnswer[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      const operation = String(request.headers["x-amz-target"]).split(".").at(-1) ?? "";
      requests.push({ operation, path: request.url ?? "", headers: request.headers, body });
      const answer =
        planned.shift() ?? plane.handle(operation, JSON.parse(body), callerOf(mallory.accessKeyId, "test"));
      answers.push({ operation, answer });
      response.writeHead(answer.status, { "content-type": "application/x-amz-json-1.0" });
      response.end(JSON.stringify(answer.body));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    plane,
    endpoint: `http://127.0.0.1:${port}`,
    requests,
    answers,
    answerNext: (answer) => planned.push(answer),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
