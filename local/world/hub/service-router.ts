import { demandOf } from "../../aws/iam/demand.ts";
import { type FunctionRole, isAllowed } from "../../aws/iam/role.ts";
import type { Place } from "../../aws/place.ts";
import type { ServiceName } from "../../aws/service-name.ts";
import { headerOf, jsonObject, type ServiceRequest, type ServiceResponse } from "../../aws/service-request.ts";
import { callerOf } from "../people.ts";
import { accessKeyOf } from "./request.ts";
import { type Services, serviceOf, unknownService } from "./services.ts";
import type { Carried, ObservedCalls } from "./transport.ts";

/** A request that has been read, and the service it is for. */
export interface ServiceCall {
  readonly service: ServiceName;
  readonly operation: string;
  readonly accessKeyId: string;
  readonly raw: Buffer;
  readonly request: ServiceRequest;
}

export interface RouterOptions {
  readonly services: Services;
  readonly place: Place;
  /** What the holder of an access key may do; undefined for someone whom no role binds. */
  readonly roleOf: (accessKeyId: string) => FunctionRole | undefined;
}

/** Returns the call that a request makes, or undefined for a request to no service; `raw` is undefined for a body too large to read. */
export function serviceCallOf(request: ServiceRequest, raw: Buffer | undefined): ServiceCall | undefined {
  const [prefix = "", operation = ""] = (headerOf(request, "x-amz-target") ?? "").split(".").slice(-2);
  const service = serviceOf(request, prefix, raw);
  if (service === undefined || !takesMethod(service, request.method)) return undefined;
  return { service, operation, accessKeyId: accessKeyOf(request), raw: raw ?? Buffer.alloc(0), request };
}

/** S3 and the HTTP API have calls of other methods. To all others a GET does nothing: a page in a browser can make one without asking. */
function takesMethod(service: ServiceName, method: string | undefined): boolean {
  return method === "POST" || service === "archive" || service === "api";
}

/** Carries out calls, in process: checks the caller's role, asks the service, tells observers. */
export class ServiceRouter implements ObservedCalls {
  readonly denied: string[] = [];
  readonly #options: RouterOptions;
  readonly #observers = new Set<(carried: Carried) => void>();

  constructor(options: RouterOptions) {
    this.#options = options;
  }

  observe(observer: (carried: Carried) => void): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  async carryOut(call: ServiceCall): Promise<ServiceResponse> {
    const { service, operation, accessKeyId, raw, request } = call;
    if (service === "sts" || service === "api" || service === "lambda")
      return await this.#options.services[service](request, raw);
    const body = bodyOf(call);
    if (body === undefined)
      return { status: 400, body: { __type: "SerializationException", Message: "expected a JSON object" } };
    if (service === "control-plane" && accessKeyId === "") return unsigned;
    const refusal = this.#refusal(call, body);
    // A key's own policy may allow what the role does not: the control plane decides.
    if (refusal !== undefined && service !== "control-plane") return this.#deny(refusal);
    const answered = await this.#perform(call, body, refusal === undefined);
    if (refusal !== undefined && isDenial(answered)) this.denied.push(refusal);
    for (const observer of this.#observers)
      observer({ service, operation, accessKeyId, body, status: answered.status });
    return answered;
  }

  /** Returns in words what the caller's role does not allow; undefined for a call that it allows, or that no role binds. */
  #refusal({ service, operation, accessKeyId }: ServiceCall, body: Record<string, unknown>): string | undefined {
    const role = this.#options.roleOf(accessKeyId);
    const demand = demandOf(service, operation, body, this.#options.place);
    if (role === undefined || demand === undefined) return undefined;
    if (isAllowed(role, demand)) return undefined;
    const { action, resource, leadingKeys } = demand;
    return `${accessKeyId} may not ${action} on ${[resource, ...leadingKeys].join(" ")}`;
  }

  #deny(refusal: string): ServiceResponse {
    this.denied.push(refusal);
    return { status: 400, body: { __type: "AccessDeniedException", Message: refusal } };
  }

  async #perform(call: ServiceCall, body: Record<string, unknown>, identityAllows: boolean): Promise<ServiceResponse> {
    const { service, operation, accessKeyId, raw, request } = call;
    const { services } = this.#options;
    switch (service) {
      case "store":
      case "topic":
        return await services[service](request, raw);
      case "archive":
        return services.archive(request, raw);
      case "control-plane":
        return services.controlPlane(operation, body, {
          ...callerOf(accessKeyId, headerOf(request, "user-agent") ?? "", this.#options.place.account),
          identityAllows,
        });
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

/** What AWS answers to a request without a signature. Signatures themselves are not verified here. */
const unsigned: ServiceResponse = {
  status: 403,
  body: { __type: "MissingAuthenticationTokenException", Message: "Missing Authentication Token" },
};

function isDenial({ body }: ServiceResponse): boolean {
  return typeof body === "object" && "__type" in body && body.__type === "AccessDeniedException";
}

/** Returns the request in a form that observers and roles can read. */
function bodyOf({ service, raw, request }: ServiceCall): Record<string, unknown> | undefined {
  if (service === "topic") return Object.fromEntries(new URLSearchParams(raw.toString("utf8")));
  if (service === "archive") return { method: request.method, url: request.url };
  return jsonObject(raw.toString("utf8"));
}
