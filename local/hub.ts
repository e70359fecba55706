import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Caller } from "./payment-cryptography/cloudtrail-record.ts";
import { callerOf } from "./people.ts";

/** The services behind the one endpoint. */
export type ServiceName = "control-plane" | "store" | "bus" | "queue";

/** How a service behaves: `refuse` resets the connection, `error` answers 500, `hang` never answers. */
export type Fault = "up" | "refuse" | "error" | "hang";

export interface Answer {
  readonly status: number;
  readonly body: object;
}

export interface Services {
  readonly controlPlane: (operation: string, body: unknown, caller: Caller) => Answer;
  readonly bus: (operation: string, body: Record<string, unknown>) => Answer;
  readonly queue: (operation: string, body: Record<string, unknown>) => Answer;
  /** A DynamoDB that reads the request by itself. */
  readonly store: Server;
}

/** The port is taken. */
export class PortInUseError extends Error {
  override readonly name = "PortInUseError";
}

const prefixes: readonly (readonly [string, ServiceName])[] = [
  ["PaymentCryptographyControlPlane", "control-plane"],
  ["DynamoDB_20120810", "store"],
  ["AWSEvents", "bus"],
  ["AmazonSQS", "queue"],
];

/** Largest request that is read; SQS and EventBridge take 256 KB. */
const maxBody = 1_000_000;

/** One HTTP endpoint on loopback for every AWS service of the local world, told apart as AWS's JSON protocols do: by target. */
export class Hub {
  readonly faults: Record<ServiceName, Fault> = { "control-plane": "up", store: "up", bus: "up", queue: "up" };
  readonly #server: Server;
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
    this.#server = createServer((request, response) => {
      this.#route(request, response).catch((error: unknown) => {
        if (!response.headersSent)
          answer(response, { status: 500, body: { __type: "InternalServerException", Message: String(error) } });
      });
    });
    this.#server.keepAliveTimeout = 60_000;
  }

  /** Listens on 127.0.0.1 and answers the endpoint's URL. Throws a PortInUseError. */
  async listen(port: number): Promise<string> {
    const listening = once(this.#server, "listening");
    this.#server.listen(port, "127.0.0.1");
    await listening.catch((error: NodeJS.ErrnoException) => {
      throw error.code === "EADDRINUSE" ? new PortInUseError(`port ${port} is in use`) : error;
    });
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isLocal(request))
      return answer(response, { status: 403, body: { __type: "AccessDeniedException", Message: "loopback only" } });
    const [prefix = "", operation = ""] = String(request.headers["x-amz-target"] ?? "").split(".");
    const service = prefixes.find(([name]) => name === prefix)?.[1];
    if (service === undefined)
      return answer(response, {
        status: 404,
        body: {
          __type: "UnknownOperationException",
          Message: "expected a request of an AWS SDK to payment-cryptography, dynamodb, events or sqs",
        },
      });
    const fault = this.faults[service];
    if (fault === "refuse") return void request.socket.destroy();
    if (fault === "hang") return void request.resume();
    if (fault === "error")
      return answer(response, { status: 500, body: { __type: "InternalServerError", Message: "fault on demand" } });
    if (service === "store") return void this.#services.store.emit("request", request, response);
    const body = await readJson(request);
    if (body === undefined)
      return answer(response, {
        status: 400,
        body: { __type: "SerializationException", Message: "expected a JSON object" },
      });
    const called = this.#call(service, operation, body, request);
    answer(response, called);
  }

  #call(
    service: Exclude<ServiceName, "store">,
    operation: string,
    body: Record<string, unknown>,
    request: IncomingMessage,
  ): Answer {
    switch (service) {
      case "control-plane":
        return this.#services.controlPlane(
          operation,
          body,
          callerOf(accessKeyOf(request), String(request.headers["user-agent"] ?? "")),
        );
      case "bus":
        return this.#services.bus(operation, body);
      case "queue":
        return this.#services.queue(operation, body);
    }
  }
}

/** A page in somebody's browser must not reach the endpoint, neither by a foreign origin nor by a name that resolves to loopback. */
function isLocal({ headers }: IncomingMessage): boolean {
  const host = (headers.host ?? "").replace(/:\d+$/, "");
  return ["127.0.0.1", "localhost", "[::1]"].includes(host) && headers.origin === undefined;
}

function accessKeyOf({ headers }: IncomingMessage): string {
  return /Credential=([A-Za-z0-9]{1,128})\//.exec(headers.authorization ?? "")?.[1] ?? "";
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown> | undefined> {
  let text = "";
  request.setEncoding("utf8");
  for await (const chunk of request) {
    text += chunk;
    if (text.length > maxBody) return undefined;
  }
  try {
    const value: unknown = JSON.parse(text === "" ? "{}" : text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function answer(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { "content-type": "application/x-amz-json-1.0", "x-amzn-requestid": randomUUID() });
  response.end(JSON.stringify(body));
}
