import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type Answer, accessKeyOf, answer, isLocal, jsonObject, readBody } from "./hub-request.ts";
import { listenOn } from "./loopback.ts";
import type { Caller } from "./payment-cryptography/cloudtrail-record.ts";
import { callerOf } from "./people.ts";

/** The services behind the one endpoint. */
export type ServiceName = "control-plane" | "store" | "bus" | "queue" | "secrets" | "history" | "topic" | "sts" | "api";

/** How a service behaves: `refuse` resets the connection, `error` answers 500, `hang` never answers. */
export type Fault = "up" | "refuse" | "error" | "hang";

type JsonService = (operation: string, body: Record<string, unknown>) => Answer;
/** Answers a request that is read; `undefined` for none of its own. */
type HttpService = (request: IncomingMessage, body: Buffer) => Promise<Answer>;

export interface Services {
  readonly controlPlane: (operation: string, body: unknown, caller: Caller) => Answer;
  readonly bus: JsonService;
  readonly queue: JsonService;
  readonly secrets: JsonService;
  readonly history: JsonService;
  readonly topic: HttpService;
  readonly sts: HttpService;
  /** The HTTP API of the stack; its routes are paths other than `/`. */
  readonly api: HttpService;
  /** A DynamoDB that reads the request by itself. */
  readonly store: Server;
}

const targets: Readonly<Record<string, ServiceName>> = {
  PaymentCryptographyControlPlane: "control-plane",
  DynamoDB_20120810: "store",
  AWSEvents: "bus",
  AmazonSQS: "queue",
  secretsmanager: "secrets",
  CloudTrail_20131101: "history",
};

/** One HTTP endpoint on loopback for every AWS service of the local world, told apart by target, action or path. */
export class Hub {
  readonly faults: Record<ServiceName, Fault> = {
    "control-plane": "up",
    store: "up",
    bus: "up",
    queue: "up",
    secrets: "up",
    history: "up",
    topic: "up",
    sts: "up",
    api: "up",
  };
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
    return await listenOn(this.#server, port);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isLocal(request))
      return answer(response, { status: 403, body: { __type: "AccessDeniedException", Message: "loopback only" } });
    const [prefix = "", operation = ""] = String(request.headers["x-amz-target"] ?? "")
      .split(".")
      .slice(-2);
    const target = targets[prefix];
    if (target !== undefined && this.#failed(target, request, response)) return;
    if (target === "store") return void this.#services.store.emit("request", request, response);
    const body = await readBody(request);
    const named = target ?? (body && serviceOf(request, body));
    if (named === undefined) return answer(response, unknownService);
    if (target === undefined && this.#failed(named, request, response)) return;
    answer(response, await this.#call(named, operation, body ?? Buffer.alloc(0), request));
  }

  /** Whether a fault has taken care of the request. */
  #failed(service: ServiceName, request: IncomingMessage, response: ServerResponse): boolean {
    const fault = this.faults[service];
    if (fault === "refuse") request.socket.destroy();
    else if (fault === "hang") request.resume();
    else if (fault === "error")
      answer(response, { status: 500, body: { __type: "InternalServerError", Message: "fault on demand" } });
    return fault !== "up";
  }

  async #call(service: ServiceName, operation: string, raw: Buffer, request: IncomingMessage): Promise<Answer> {
    if (service === "topic" || service === "sts" || service === "api")
      return await this.#services[service](request, raw);
    const body = jsonObject(raw.toString("utf8"));
    if (body === undefined)
      return { status: 400, body: { __type: "SerializationException", Message: "expected a JSON object" } };
    if (service === "control-plane") {
      const caller = callerOf(accessKeyOf(request), String(request.headers["user-agent"] ?? ""));
      return this.#services.controlPlane(operation, body, caller);
    }
    return service === "store" ? unknownService : this.#services[service](operation, body);
  }
}

const unknownService: Answer = {
  status: 404,
  body: {
    __type: "UnknownOperationException",
    Message:
      "expected a request of an AWS SDK to payment-cryptography, dynamodb, events, sqs, sns, sts, cloudtrail or secretsmanager",
  },
};

/** A request without a target: a path of the HTTP API, or a form of one of the older protocols. */
function serviceOf(request: IncomingMessage, body: Buffer): ServiceName | undefined {
  const [path = "/"] = (request.url ?? "/").split("?");
  if (path !== "/") return "api";
  const action = new URLSearchParams(body.toString("utf8")).get("Action");
  if (action === "Publish") return "topic";
  return action === "GetCallerIdentity" ? "sts" : undefined;
}
