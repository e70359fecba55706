import type { Call } from "./fate.ts";
import { type Answer, jsonObject, type ServiceRouter, serviceCallOf } from "./local.ts";
import type { Sent } from "./network.ts";
import { slackHost } from "./slack.ts";

/** Returns the call that a request makes. Throws an Error for a request to a service that the simulation does not have. */
export function callOf(sent: Sent): Call {
  if (sent.host === slackHost)
    return { port: "slack", operation: sent.url.slice("/api/".length), accessKeyId: "", body: {} };
  const call = serviceCallOf(sent, sent.body);
  if (call === undefined) throw new Error(`no service answers ${sent.method} ${sent.host}${sent.url}`);
  const { service, accessKeyId } = call;
  const text = sent.body.toString("utf8");
  const operation = service === "archive" || service === "api" ? sent.method : call.operation;
  const form = () => Object.fromEntries(new URLSearchParams(text));
  return { port: service, operation, accessKeyId, body: service === "topic" ? form() : (jsonObject(text) ?? {}) };
}

/** Has the router carry out a call, whose body may have been changed on the way. */
export async function carryOut(router: ServiceRouter, sent: Sent, { port, body }: Call): Promise<Answer> {
  const changed = port === "store" || port === "control-plane" || port === "history";
  const raw = changed ? Buffer.from(JSON.stringify(body)) : sent.body;
  const call = serviceCallOf(sent, raw);
  if (call === undefined) throw new Error(`no service answers ${sent.method} ${sent.url}`);
  return await router.carryOut(call);
}
