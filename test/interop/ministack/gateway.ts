import type { IncomingMessage, ServerResponse } from "node:http";
import { createLoopbackServer } from "../../../cli/loopback/server.ts";
import { LocalEventHistory } from "../../../local/aws/event-history.ts";
import { ControlPlane } from "../../../local/aws/payment-cryptography/control-plane.ts";
import { createLocalSts } from "../../../local/aws/sts/sts-service.ts";
import { accessKeyOf, answer, readBody } from "../../../local/world/hub/request.ts";
import { knownCallers } from "../../../local/world/known-callers.ts";
import { account, callerOf, region } from "../../../local/world/people.ts";
import { templateFor } from "./workarounds.ts";

/** The one endpoint in front of MiniStack. */
export interface Gateway {
  readonly url: string;
  readonly plane: ControlPlane;
  /** Calls of functions and people to services, as `service.operation`, in order. */
  readonly calls: string[];
  /** Whether CloudTrail's events reach the emulator's bus. */
  deliver: boolean;
  stop(): Promise<void>;
}

/**
 * Serves what MiniStack lacks (Payment Cryptography, CloudTrail's event history, an STS that verifies signatures), and passes everything else on to
 * `emulator`, a URL.
 */
export async function startGateway(emulator: string): Promise<Gateway> {
  const history = new LocalEventHistory(Date.now);
  const sts = createLocalSts({ region, now: Date.now, callers: knownCallers });
  const calls: string[] = [];
  const onRecord = (envelope: object) => {
    history.keep(envelope);
    if (gateway.deliver) void putEvent(emulator, envelope);
  };
  const plane = new ControlPlane({ account, region, now: Date.now, onRecord });
  const route = async (request: IncomingMessage, response: ServerResponse) => {
    const body = (await readBody(request)) ?? Buffer.alloc(0);
    const [prefix = "", operation = ""] = String(request.headers["x-amz-target"] ?? "")
      .split(".")
      .slice(-2);
    if (prefix !== "") calls.push(`${prefix}.${operation}`);
    if (prefix === "PaymentCryptographyControlPlane") {
      const caller = callerOf(accessKeyOf(request), String(request.headers["user-agent"]));
      return answer(response, plane.handle(operation, JSON.parse(body.toString()), caller));
    }
    if (operation === "LookupEvents") return answer(response, history.handle(operation, JSON.parse(body.toString())));
    if (body.includes("Action=GetCallerIdentity")) return answer(response, await sts(request, body));
    await passOn(emulator, url, request, body, response);
  };
  const server = createLoopbackServer(route, (response, error) =>
    answer(response, { status: 502, body: { __type: "BadGateway", Message: String(error) } }),
  );
  const url = await server.listen(0);
  const gateway: Gateway = { url, plane, calls, deliver: true, stop: server.close };
  return gateway;
}

const hopHeaders = /^(host|connection|content-length|transfer-encoding|expect|accept-encoding|keep-alive)$/;

async function passOn(
  emulator: string,
  self: string,
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): Promise<void> {
  const { method = "GET", url = "/" } = request;
  const changed = method === "PUT" && /compiled-cloudformation-template.json(\?|$)/.test(url);
  const checksums = changed ? /^(content-md5|x-amz-checksum-.*|x-amz-sdk-checksum-algorithm|x-amz-trailer)$/ : /^$/;
  const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
    hopHeaders.test(name) || checksums.test(name) ? [] : [[name, String(value)]],
  );
  const sent = changed ? Buffer.from(templateFor(body.toString(), self)) : body;
  const init = { method, headers, ...(!/^(GET|HEAD)$/.test(method) && { body: sent }), redirect: "manual" as const };
  const answered = await fetch(`${emulator}${url}`, init);
  const kept = [...answered.headers].filter(([name]) => !hopHeaders.test(name) && name !== "content-encoding");
  response.writeHead(answered.status, Object.fromEntries(kept));
  response.end(Buffer.from(await answered.arrayBuffer()));
}

/** Puts a record on the default bus as CloudTrail does. */
async function putEvent(emulator: string, envelope: object): Promise<void> {
  const { source, "detail-type": type, detail } = envelope as Record<string, unknown>;
  const entry = { Source: source, DetailType: type, Detail: JSON.stringify(detail), EventBusName: "default" };
  const headers = {
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": "AWSEvents.PutEvents",
    authorization: `AWS4-HMAC-SHA256 Credential=local/20260101/${region}/events/aws4_request, SignedHeaders=host, Signature=0`,
  };
  await fetch(emulator, { method: "POST", headers, body: JSON.stringify({ Entries: [entry] }) });
}
