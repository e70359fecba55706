import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { headerOf, type ServiceRequest, type ServiceResponse } from "../service-request.ts";

export interface ApiRoute {
  /** `POST /votes`, or `$default`. */
  readonly routeKey: string;
  readonly invoke: (event: unknown) => Promise<unknown>;
}

/** API Gateway's HTTP API: routes to functions, with events of payload format 2.0. */
export function createHttpApi(routes: readonly ApiRoute[], now: () => number) {
  return async (request: ServiceRequest, body: Buffer): Promise<ServiceResponse> => {
    const [path = "/", query = ""] = (request.url ?? "/").split("?");
    const asked = `${request.method ?? "GET"} ${path}`;
    const found = routes.flatMap((each) => {
      const pathParameters = parametersOf(each.routeKey, asked);
      return pathParameters === undefined ? [] : [{ ...each, pathParameters }];
    })[0];
    if (found === undefined) return json(404, { message: "Not Found" });
    const { routeKey, pathParameters } = found;
    try {
      const event = eventOf(request, body, { routeKey, path, query, now: now() });
      const answered = await found.invoke({
        ...event,
        ...(Object.keys(pathParameters).length > 0 && { pathParameters }),
      });
      return answerOf(answered);
    } catch {
      return json(500, { message: "Internal Server Error" });
    }
  };
}

/** Returns the values of a route's parameters (`{id}`, one segment each), or undefined for a request of another route. */
function parametersOf(routeKey: string, asked: string): Record<string, string> | undefined {
  const [wanted, given] = [routeKey.split("/"), asked.split("/")];
  if (wanted.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [n, segment] of wanted.entries()) {
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (name !== undefined) parameters[name] = decodeURIComponent(given[n] ?? "");
    else if (segment !== given[n]) return undefined;
  }
  return parameters;
}

function json(status: number, body: object): ServiceResponse {
  return { status, body, headers: { "content-type": "application/json" } };
}

function answerOf(answered: unknown): ServiceResponse {
  const {
    statusCode = 200,
    body = "",
    headers = {},
  } = answered as Partial<{
    statusCode: number;
    body: string;
    headers: Record<string, string>;
  }>;
  return { status: statusCode, body, headers: { "content-type": "text/plain; charset=utf-8", ...headers } };
}

/** Whatever is no text goes in base64. */
const textual = /^(text\/|application\/(json|javascript|xml))/;

function eventOf(
  request: ServiceRequest,
  body: Buffer,
  at: { routeKey: string; path: string; query: string; now: number },
): APIGatewayProxyEventV2 {
  const { headers, method = "GET" } = request;
  const isBase64Encoded = !textual.test(headerOf(request, "content-type") ?? "");
  const joined = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, [value].flat().join(",")] as const],
  );
  return {
    version: "2.0",
    routeKey: at.routeKey,
    rawPath: at.path,
    rawQueryString: at.query,
    headers: Object.fromEntries(joined),
    requestContext: {
      accountId: "111122223333",
      apiId: "local",
      domainName: "127.0.0.1",
      domainPrefix: "local",
      http: {
        method,
        path: at.path,
        protocol: "HTTP/1.1",
        sourceIp: "127.0.0.1",
        userAgent: headerOf(request, "user-agent") ?? "",
      },
      requestId: "local",
      routeKey: at.routeKey,
      stage: "$default",
      time: new Date(at.now).toISOString(),
      timeEpoch: at.now,
    },
    body: body.toString(isBase64Encoded ? "base64" : "utf8"),
    isBase64Encoded,
  };
}
