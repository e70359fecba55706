import type { IncomingMessage, ServerResponse } from "node:http";
import { demandOf } from "../../aws/iam/demand.ts";
import { isAllowed, type Statement } from "../../aws/iam/role.ts";
import { createLoopbackServer, type LoopbackServer } from "../../loopback/server.ts";
import { callerOf, type Place } from "../people.ts";
import { Faults, type ServiceName } from "./faults.ts";
import { type Answer, accessKeyOf, answer, isLocal, jsonObject, readBody, requestAgain } from "./request.ts";
import { type Services, serviceOf, unknownService } from "./services.ts";

/** One call of AWS's APIs that was answered. */
export interface Carried {
  readonly service: ServiceName;
  readonly operation: string;
  readonly accessKeyId: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly status: number;
}

export interface HubOptions {
  readonly services: Services;
  readonly place: Place;
  /** What the holder of an access key may do; undefined for somebody whom no role binds. */
  readonly roleOf: (accessKeyId: string) => readonly Statement[] | undefined;
  /** Ends at once whoever calls with the access key. */
  readonly crash: (accessKeyId: string) => Promise<void>;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** What a slow service takes (ms). */
const slowness = 2_000;

/** One HTTP endpoint on loopback for every AWS service of the local world, told apart by target, action or path. */
export class Hub {
  readonly faults = new Faults();
  /** Calls that the caller's role does not allow, in words. */
  readonly denied: string[] = [];
  readonly #server: LoopbackServer;
  readonly #options: HubOptions;
  readonly #observers = new Set<(carried: Carried) => void>();

  constructor(options: HubOptions) {
    this.#options = options;
    this.#server = createLoopbackServer(
      async (request, response) => await this.#route(request, response),
      (response, error) =>
        answer(response, { status: 500, body: { __type: "InternalServerException", Message: String(error) } }),
    );
  }

  /** Listens on 127.0.0.1 and answers the endpoint's URL. Throws a PortInUseError. */
  async listen(port: number): Promise<string> {
    return await this.#server.listen(port);
  }

  async close(): Promise<void> {
    await this.#server.close();
  }

  /** Hears of every call that a service has carried out, at once after it, until the answer is called. */
  observe(observer: (carried: Carried) => void): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Of this world's clock: whoever signs by another one corrects theirs, as the AWS SDKs do.
    response.setHeader("date", new Date(this.#options.now()).toUTCString());
    if (!isLocal(request))
      return answer(response, { status: 403, body: { __type: "AccessDeniedException", Message: "loopback only" } });
    const [prefix = "", operation = ""] = String(request.headers["x-amz-target"] ?? "")
      .split(".")
      .slice(-2);
    const raw = await readBody(request);
    const service = serviceOf(request, prefix, raw);
    if (service === undefined) return answer(response, unknownService);
    const fault = this.faults.next(service);
    const accessKeyId = accessKeyOf(request);
    if (fault === "refuse") return void request.socket.destroy();
    if (fault === "hang") return;
    if (fault === "error" || fault === "throttle") return answer(response, faultAnswers[fault]);
    if (fault === "slow") await this.#options.sleep(slowness);
    if (fault === "crash-before") return await this.#crash(accessKeyId, request);
    const call: Call = { service, operation, accessKeyId, raw: raw ?? Buffer.alloc(0), request };
    const answered = await this.#call(call);
    if (fault === "crash-after") return await this.#crash(accessKeyId, request);
    answer(response, answered);
  }

  /** The caller dies, and with it the connection; whoever is no function of ours loses the connection alone. */
  async #crash(accessKeyId: string, request: IncomingMessage): Promise<void> {
    await this.#options.crash(accessKeyId);
    request.socket.destroy();
  }

  async #call(call: Call): Promise<Answer> {
    const { service, operation, accessKeyId, raw, request } = call;
    if (service === "sts" || service === "api" || service === "lambda")
      return await this.#options.services[service](request, raw);
    const body = bodyOf(call);
    if (body === undefined)
      return { status: 400, body: { __type: "SerializationException", Message: "expected a JSON object" } };
    const denied = this.#denied(call, body);
    if (denied !== undefined) return denied;
    const answered = await this.#perform(call, body);
    for (const observer of this.#observers)
      observer({ service, operation, accessKeyId, body, status: answered.status });
    return answered;
  }

  #denied({ service, operation, accessKeyId }: Call, body: Record<string, unknown>): Answer | undefined {
    const role = this.#options.roleOf(accessKeyId);
    const demand = demandOf(service, operation, body, this.#options.place);
    if (role === undefined || demand === undefined) return undefined;
    if (isAllowed(role, demand)) return undefined;
    const { action, resource, leadingKeys } = demand;
    const what = `${accessKeyId} may not ${action} on ${[resource, ...leadingKeys].join(" ")}`;
    this.denied.push(what);
    return { status: 400, body: { __type: "AccessDeniedException", Message: what } };
  }

  async #perform(
    { service, operation, accessKeyId, raw, request }: Call,
    body: Record<string, unknown>,
  ): Promise<Answer> {
    const { services } = this.#options;
    switch (service) {
      case "store":
        return await requestAgain(services.store, request, raw);
      case "topic":
        return await services.topic(request, raw);
      case "archive":
        return services.archive(request, raw);
      case "control-plane":
        return services.controlPlane(
          operation,
          body,
          callerOf(accessKeyId, String(request.headers["user-agent"] ?? "")),
        );
      case "bus":
      case "queue":
      case "secrets":
      case "history":
      case "signing":
        return services[service](operation, body);
      default:
        return unknownService;
    }
  }
}

/** A request that has been read. */
interface Call {
  readonly service: ServiceName;
  readonly operation: string;
  readonly accessKeyId: string;
  readonly raw: Buffer;
  readonly request: IncomingMessage;
}

/** What is asked for, in a form that observers and roles can read. */
function bodyOf({ service, raw, request }: Call): Record<string, unknown> | undefined {
  if (service === "topic") return Object.fromEntries(new URLSearchParams(raw.toString("utf8")));
  if (service === "archive") return { method: request.method, url: request.url };
  return jsonObject(raw.toString("utf8"));
}

const faultAnswers: Readonly<Record<"error" | "throttle", Answer>> = {
  error: { status: 500, body: { __type: "InternalServerError", Message: "fault on demand" } },
  throttle: { status: 400, body: { __type: "ThrottlingException", Message: "Rate exceeded" } },
};
