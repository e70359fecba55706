import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { probesOf } from "../../cli/doctor/probes.ts";
import { stackProbes } from "../../cli/health/stack-probes.ts";
import { clientSettings } from "../../cli/stack/aws-place.ts";
import { callTimeouts } from "../../cli/stack/call-timeouts.ts";
import { createCloud } from "../../scripts/deploy/cloud.ts";
import { createRunningStack } from "../../scripts/deploy/running-stack.ts";

const { requestHandler } = callTimeouts;
const { requestTimeout } = requestHandler;
/** A service that takes every call and answers none. */
const silent = createServer(() => {});
let endpointUrl = "";

beforeAll(async () => {
  await new Promise<void>((listening) => silent.listen(0, "127.0.0.1", listening));
  endpointUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  // The tests do not wait as long as people do.
  requestHandler.requestTimeout = 50;
});
afterAll(async () => {
  requestHandler.requestTimeout = requestTimeout;
  await new Promise<unknown>((closed) => silent.close(closed).closeAllConnections());
});

/** What each call ends with: the test has no end where one waits on. */
async function endsOf(calls: Readonly<Record<string, () => Promise<unknown>>>): Promise<Record<string, string>> {
  const ended = Object.entries(calls).map(async ([name, call]) => {
    const end = await call().then(
      () => "answers",
      () => "fails",
    );
    return [name, end] as const;
  });
  return Object.fromEntries(await Promise.all(ended));
}

const arn = "arn:aws:kms:us-east-1:111122223333:key/1";
const credentials = { accessKeyId: "AKIDRIGHT", secretAccessKey: "s" };
const region = "us-east-1";

describe("a service that takes a call and never answers", () => {
  it("keeps no deployment waiting", async () => {
    const cloud = createCloud({ region, endpointUrl, credentials });
    const ends = await endsOf({
      caller: cloud.caller,
      keys: async () => await cloud.countKeys(1),
      trails: cloud.trails,
      stack: async () => await cloud.stack("s"),
      template: async () => await cloud.template("s"),
      bucket: async () => await cloud.bucketExists("b"),
      concurrency: cloud.unreservedConcurrency,
      stages: cloud.stages,
      kms: async () => await cloud.kmsKey(arn),
      leftovers: async () => await cloud.leftovers("prod", "b"),
      permissions: async () => await cloud.deniedTo("arn:aws:iam::111122223333:user/alice", []),
      protection: async () => await cloud.protectTable("s"),
    });
    expect(new Set(Object.values(ends))).toEqual(new Set(["fails"]));
  }, 30_000);

  it("keeps neither verify-deployment nor the doctor waiting", async () => {
    const stack = createRunningStack("prod", { region, endpointUrl, credentials });
    const place = { region, endpoint: endpointUrl };
    const settings = {
      ...clientSettings(place),
      maxAttempts: 1,
      endpoint: endpointUrl,
      credentials: async () => credentials,
    };
    // The clock of this machine stands in for AWS's.
    const health = stackProbes("prod", settings, () => 0);
    const { tableIsProtected, keyState, functions, secretsSet, audience, deployedPolicy } = health;
    const probes = probesOf({ ...place, stage: "prod" });
    const ends = await endsOf({
      rule: async () => await stack.ruleState("delete-key"),
      role: async () => await stack.deniedTo("guard", []),
      alarms: stack.alarms,
      recorded: async () => await stack.hasRecorded(arn, 0),
      ...{ tableIsProtected, keyState, functions, secretsSet, audience, deployedPolicy },
      ...probes,
    });
    expect(Object.entries(ends).filter(([, end]) => end !== "fails")).toEqual([]);
    expect(await stack.deleteNothing("k")).toMatchObject({ error: "TimeoutError" });
  }, 30_000);

  it("is waited for half a minute at most, and for a connection 5 s", () => {
    expect([requestTimeout, requestHandler.connectionTimeout]).toEqual([30_000, 5_000]);
    expect(requestHandler.throwOnRequestTimeout).toBe(true);
  });
});
