import type { IncomingMessage } from "node:http";
import type { Call, Port } from "./fate.ts";
import {
  type Answer,
  type ControlPlane,
  callerOf,
  type createHttpApi,
  type createLocalSts,
  demandOf,
  handleSqs,
  here,
  isAllowed,
  jsonObject,
  type LocalBus,
  type LocalEventHistory,
  type LocalObjectStore,
  type LocalQueue,
  type LocalSecrets,
  type LocalTopic,
  nameOfFunction,
  type rolesOf,
  serviceOf,
} from "./local.ts";
import type { Sent } from "./network.ts";
import type { SimTable } from "./table/sim-table.ts";

/** The services behind the network, each a fake in memory. */
export interface Services {
  readonly table: SimTable;
  readonly controlPlane: ControlPlane;
  readonly bus: LocalBus;
  readonly queues: ReadonlyMap<string, LocalQueue>;
  readonly secrets: LocalSecrets;
  readonly history: LocalEventHistory;
  readonly topic: LocalTopic;
  readonly archive: LocalObjectStore;
  readonly roles: ReturnType<typeof rolesOf>;
  readonly api: () => ReturnType<typeof createHttpApi>;
  readonly sts: ReturnType<typeof createLocalSts>;
  readonly slack: (method: string, authorization: string | undefined, body: string) => object;
  readonly urlOf: (queueName: string) => string;
  /** Notes a call that the caller's role does not allow. */
  readonly denied: string[];
}

export const slackHost = "slack.sim";

const asIncoming = (sent: Sent): IncomingMessage => sent as unknown as IncomingMessage;

/** Returns the call that a request makes. */
export function callOf(sent: Sent): Call {
  const accessKeyId = /Credential=([A-Za-z0-9]{1,128})\//.exec(sent.headers["authorization"] ?? "")?.[1] ?? "";
  if (sent.host === slackHost)
    return { port: "slack", operation: sent.url.slice("/api/".length), accessKeyId: "", body: {} };
  const [prefix = "", target = ""] = (sent.headers["x-amz-target"] ?? "").split(".").slice(-2);
  const port = serviceOf(asIncoming(sent), prefix, sent.body) ?? "lambda";
  const operation = port === "archive" || port === "api" ? sent.method : target;
  return { port, operation, accessKeyId, body: bodyOf(port, sent) };
}

function bodyOf(port: Port, sent: Sent): Record<string, unknown> {
  const text = sent.body.toString("utf8");
  if (port === "topic") return Object.fromEntries(new URLSearchParams(text));
  if (port === "archive") return { method: sent.method, url: sent.url };
  return jsonObject(text) ?? {};
}

/** Carries out a call, unless the caller's role forbids it. */
export async function serve(services: Services, sent: Sent, call: Call): Promise<Answer> {
  const { port, operation, body, accessKeyId } = call;
  const role = services.roles.get(nameOfFunction(accessKeyId));
  const demand = port === "slack" ? undefined : demandOf(port, operation, body);
  if (role !== undefined && demand !== undefined && !isAllowed(role, demand)) {
    services.denied.push(
      `${accessKeyId} may not ${demand.action} on ${[demand.resource, ...demand.leadingKeys].join(" ")}`,
    );
    return { status: 400, body: { __type: "AccessDeniedException", Message: "denied" } };
  }
  switch (port) {
    case "slack": {
      const answer = services.slack(operation, sent.headers["authorization"], sent.body.toString("utf8"));
      return { status: 200, body: answer, headers: { "content-type": "application/json" } };
    }
    case "store":
      return services.table.handle(operation, body);
    case "control-plane":
      return services.controlPlane.handle(operation, body, callerOf(accessKeyId, sent.headers["user-agent"] ?? ""));
    case "bus":
      return { status: 200, body: services.bus.putEvents(body) };
    case "queue":
      return handleSqs([...services.queues.values()], ({ name }) => services.urlOf(name), operation, body);
    case "secrets":
      return services.secrets.handle(operation, body);
    case "history":
      return services.history.handle(operation, body);
    case "topic":
      return services.topic.handle(sent.body);
    case "archive":
      return services.archive.handle(asIncoming(sent), sent.body);
    case "sts":
      return await services.sts(asIncoming(sent), sent.body);
    case "api":
      return await services.api()(asIncoming(sent), sent.body);
    default:
      throw new Error(`the simulation has no ${port} for \`${operation}\` (${here.region})`);
  }
}
