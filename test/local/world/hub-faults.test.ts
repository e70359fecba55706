import { GetKeyCommand, PaymentCryptographyClient } from "@aws-sdk/client-payment-cryptography";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Fault } from "../../../local/world/hub/faults.ts";
import { approval, guard, region } from "../../../local/world/people.ts";
import { startWorld } from "../../../local/world/start-world.ts";
import type { World } from "../../../local/world/world.ts";
import { packaged } from "../../doubles/packaged.ts";

let world: World;
let keyArn: string;

beforeAll(async () => {
  const { templateFile, bundles } = await packaged("local");
  world = await startWorld({ templateFile, bundles, port: 0, slackTimeoutMs: 120_000 });
  // So that two slow seconds are a tenth of one.
  world.clock.setSpeed(20);
  keyArn = world.controlPlane.seed();
});
afterAll(async () => await world.stop());

/** Makes one GetKey, without a second try: returns the name of the error, or "answered". Only what hangs is not waited for. */
async function getKey(accessKeyId: string, requestTimeout = 60_000): Promise<string> {
  const credentials = { accessKeyId, secretAccessKey: "local" };
  const requestHandler = { requestTimeout, throwOnRequestTimeout: true };
  const client = new PaymentCryptographyClient({
    endpoint: world.endpoint,
    region,
    credentials,
    maxAttempts: 1,
    requestHandler,
  });
  try {
    await client.send(new GetKeyCommand({ KeyIdentifier: keyArn }));
    return "answered";
  } catch (error) {
    const { name, code } = error as { name: string; code?: string };
    return code ?? name;
  } finally {
    client.destroy();
  }
}

describe("a service of the local world fails", () => {
  it.each<[Fault, string]>([
    ["up", "answered"],
    ["error", "InternalServerError"],
    ["throttle", "ThrottlingException"],
    ["refuse", "ECONNRESET"],
    ["hang", "ETIMEDOUT"],
    ["slow", "answered"],
    ["crash-before", "ECONNRESET"],
    ["crash-after", "ECONNRESET"],
  ])("by switch: %s", async (fault, seen) => {
    const before = world.controlPlane.calls.length;
    world.hub.faults.set("control-plane", fault);
    expect(await getKey("AKIASOMEBODY", fault === "hang" ? 300 : 60_000)).toBe(seen);
    world.hub.faults.mendAll();
    const carriedOut = ["up", "slow", "crash-after"].includes(fault);
    expect(world.controlPlane.calls.length - before).toBe(carriedOut ? 1 : 0);
  });

  it("for the guard only: people and tools still reach it", async () => {
    world.hub.faults.set("control-plane", "throttle", "guard");
    expect([await getKey(guard.accessKeyId), await getKey("AKIASOMEBODY")]).toEqual([
      "ThrottlingException",
      "answered",
    ]);
    expect(world.hub.faults.scopeOf("control-plane")).toBe("guard");
    world.hub.faults.mendAll();
    expect([await getKey(guard.accessKeyId), world.hub.faults.scopeOf("control-plane")]).toEqual([
      "answered",
      "everyone",
    ]);
  });

  it("by plan, unless it is switched, and no more once all is mended", async () => {
    const asked: string[] = [];
    world.hub.faults.plan = (service) => {
      asked.push(service);
      return asked.length === 2 ? "throttle" : "up";
    };
    expect([await getKey("x"), await getKey("x"), await getKey("x")]).toEqual([
      "answered",
      "ThrottlingException",
      "answered",
    ]);
    world.hub.faults.mendAll();
    expect([await getKey("x"), asked.length]).toEqual(["answered", 3]);
  });
});

describe("a function's role binds it here as in AWS", () => {
  it("the guard may look at keys, the approval function may not, and that is on record", async () => {
    expect(await getKey(guard.accessKeyId)).toBe("answered");
    expect(world.hub.denied).toEqual([]);
    expect(await getKey(approval.accessKeyId)).toBe("AccessDeniedException");
    expect(world.hub.denied).toEqual([`${approval.accessKeyId} may not payment-cryptography:GetKey on ${keyArn}`]);
  });

  it("a key's own policy may allow the approval function what its role does not, and deny the guard what its role does", async () => {
    const before = world.hub.denied.length;
    const { seeded, ofFunction } = { seeded: keyArn, ofFunction: "arn:aws:iam::111122223333:role/reprieve-dev" };
    const Statement = [
      { Effect: "Allow", Principal: { AWS: `${ofFunction}-approval-us-east-1` }, Action: "*", Resource: "*" },
      { Effect: "Deny", Principal: { AWS: `${ofFunction}-guard-us-east-1` }, Action: "*", Resource: "*" },
    ];
    keyArn = world.controlPlane.seed({ policy: JSON.stringify({ Statement }) });
    expect(await getKey(approval.accessKeyId)).toBe("answered");
    expect(await getKey(guard.accessKeyId)).toBe("AccessDeniedException");
    // What the role allows is no misstep of the function's.
    expect(world.hub.denied.length).toBe(before);
    keyArn = seeded;
  });
});

describe("a request without a signature", () => {
  it("is refused, as AWS does, and never reaches the control plane", async () => {
    const calls = world.controlPlane.calls.length;
    const response = await fetch(world.endpoint, {
      method: "POST",
      headers: { "x-amz-target": "PaymentCryptographyControlPlane.ListKeys" },
      body: "{}",
    });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ __type: "MissingAuthenticationTokenException" });
    expect(world.controlPlane.calls.length).toBe(calls);
  });
});
