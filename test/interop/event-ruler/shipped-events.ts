import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { apiCallRecord } from "../../../local/aws/api-call-record.ts";
import { here, mallory } from "../../../local/world/people.ts";
import { root } from "../../../scripts/bundle.ts";
import { tamperCalls } from "../../infra/tamper-calls.ts";

/** Returns events for the shipped patterns: the sample events, calls that change the stack of stage `dev`, and events of the stack itself. */
export function shippedEvents(): readonly unknown[] {
  return [...sampleEvents(), ...stackCalls(), ...stackEvents];
}

function sampleEvents(): readonly unknown[] {
  const folder = resolve(root, "events");
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return files.map((name) => JSON.parse(readFileSync(resolve(folder, name), "utf8")) as unknown);
}

function stackCalls(): readonly unknown[] {
  const calls = tamperCalls.map(([service, eventName, requestParameters, , more]) => {
    const eventSource = `${service}.amazonaws.com`;
    const call = { eventSource, eventName, requestParameters, userIdentity: mallory.userIdentity, ...more };
    return apiCallRecord(here, 0, call);
  });
  return JSON.parse(JSON.stringify(calls).replaceAll(/reprieve([-/])prod/g, "reprieve$1dev")) as unknown[];
}

const stackEvents = [
  { "detail-type": "re-evaluate", detail: { case: "x#1" } },
  { "detail-type": "probe", detail: {} },
  { "detail-type": "heartbeat", detail: {} },
  { "detail-type": "look-denied", detail: { entry: { kind: "look-denied" } } },
  { "detail-type": "effect-failed", detail: { entry: { kind: "effect-failed", code: "ACCESS_DENIED" } } },
  { "detail-type": "effect-failed", detail: { entry: { kind: "effect-failed", code: "THROTTLED" } } },
  { "detail-type": "key-restored", detail: { entry: { kind: "key-restored" } } },
].map((event) => ({ version: "0", source: "reprieve", account: here.account, region: here.region, ...event }));
