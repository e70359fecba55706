import type { Caller } from "../../aws/payment-cryptography/cloudtrail-record.ts";
import type { ServiceName } from "../../aws/service-name.ts";
import { headerOf, type ServiceRequest, type ServiceResponse } from "../../aws/service-request.ts";

type JsonService = (operation: string, body: Record<string, unknown>) => ServiceResponse;
/** Answers a request whose body has been read. */
type HttpService = (request: ServiceRequest, body: Buffer) => Promise<ServiceResponse>;

export interface Services {
  readonly controlPlane: (operation: string, body: unknown, caller: Caller) => ServiceResponse;
  readonly bus: JsonService;
  readonly queue: JsonService;
  readonly secrets: JsonService;
  readonly history: JsonService;
  readonly signing: JsonService;
  readonly topic: HttpService;
  readonly sts: HttpService;
  /** The HTTP API of the stack; its routes are paths other than `/`. */
  readonly api: HttpService;
  /** S3, by path. */
  readonly archive: (request: ServiceRequest, body: Buffer) => ServiceResponse;
  /** Lambda's Invoke. */
  readonly lambda: HttpService;
  readonly store: HttpService;
}

const targets: Readonly<Record<string, ServiceName>> = {
  PaymentCryptographyControlPlane: "control-plane",
  DynamoDB_20120810: "store",
  AWSEvents: "bus",
  AmazonSQS: "queue",
  secretsmanager: "secrets",
  CloudTrail_20131101: "history",
  TrentService: "signing",
};

/** Which service the request is for: by its target, its form or its path. */
export function serviceOf(request: ServiceRequest, prefix: string, body: Buffer | undefined): ServiceName | undefined {
  return targets[prefix] ?? (body && serviceWithoutTarget(request, body));
}

export const unknownService: ServiceResponse = {
  status: 404,
  body: {
    __type: "UnknownOperationException",
    Message:
      "expected a request of an AWS SDK to payment-cryptography, dynamodb, events, sqs, sns, sts, cloudtrail or secretsmanager",
  },
};

/** A request without a target: a path of the HTTP API, or a form of one of the older protocols. */
function serviceWithoutTarget(request: ServiceRequest, body: Buffer): ServiceName | undefined {
  const [path = "/"] = (request.url ?? "/").split("?");
  if (/\/s3\/aws4_request/.test(headerOf(request, "authorization") ?? "")) return "archive";
  if (path.startsWith("/2015-03-31/functions/")) return "lambda";
  if (path !== "/") return "api";
  const action = new URLSearchParams(body.toString("utf8")).get("Action");
  if (action === "Publish") return "topic";
  return action === "GetCallerIdentity" ? "sts" : undefined;
}
