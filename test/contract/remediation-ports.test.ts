import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { KMSClient } from "@aws-sdk/client-kms";
import { PaymentCryptographyClient } from "@aws-sdk/client-payment-cryptography";
import { describe, expect, it } from "vitest";
import { createRemediationClaims } from "../../lib/aws/dynamodb/remediation-claims.ts";
import { createStackRules } from "../../lib/aws/events/stack-rules.ts";
import { createControlPlaneOperations } from "../../lib/aws/payment-cryptography/operations-client.ts";
import { createResourcePolicies } from "../../lib/aws/payment-cryptography/resource-policies.ts";
import { createStackKey } from "../../lib/aws/s3-kms/stack-key.ts";
import type { KeyArn } from "../../lib/domain/key/key-arn.ts";
import type { RemediationClaims } from "../../lib/workflows/ports/remediation.ts";
import { LocalBus } from "../../local/aws/bus/local-bus.ts";
import { LocalStackKey } from "../../local/aws/kms/stack-key.ts";
import type { ServiceResponse } from "../../local/aws/service-request.ts";
import { here, mallory } from "../../local/world/people.ts";
import { t0 } from "../doubles/key-world.ts";
import { createMemoryClaims, denyOf, grant } from "../doubles/remediation.ts";
import { serveControlPlane } from "../doubles/served-control-plane.ts";
import { startDynalite } from "./dynalite.ts";

const credentials = { accessKeyId: mallory.accessKeyId, secretAccessKey: "local" };
const hour = 3_600_000;

async function onDynalite() {
  const world = await startDynalite();
  return { claims: createRemediationClaims(world.client, world.table), stop: world.stop };
}

type Start = () => Promise<{ readonly claims: RemediationClaims; readonly stop: () => Promise<void> }>;
describe.each<[string, Start]>([
  ["the table", onDynalite],
  ["memory", async () => ({ claims: createMemoryClaims(), stop: async () => {} })],
])("a claim in %s", (_, start) => {
  it("is one owner's for an hour, who may claim again, and then the next one's", async () => {
    const { claims, stop } = await start();
    const claim = async (subject: string, owner: string, now: number) => await claims.claim(subject, owner, now);
    expect(await claim("k", "a", t0)).toBe("claimed");
    expect(await claim("k", "b", t0 + 1)).toBe("taken");
    expect(await claim("k", "a", t0 + 2)).toBe("claimed");
    expect(await claim("other", "b", t0 + 2)).toBe("claimed");
    expect(await claim("k", "b", t0 + 1 + hour)).toBe("taken");
    expect(await claim("k", "b", t0 + 2 + hour)).toBe("claimed");
    expect(await claim("k", "a", t0 + 3 + hour)).toBe("taken");
    await stop();
  });

  it("has one winner among many", async () => {
    const { claims, stop } = await start();
    const answers = await Promise.all(
      Array.from({ length: 10 }, async (__, n) => await claims.claim("k", `owner ${n}`, t0)),
    );
    expect(answers.filter((answer) => answer === "claimed")).toHaveLength(1);
    await stop();
  });
});

describe("the resource policies of the control plane", () => {
  async function served() {
    const control = await serveControlPlane({ ...here, now: () => t0, onRecord: () => {} });
    const arn = control.plane.seed({}) as KeyArn;
    const client = new PaymentCryptographyClient({ endpoint: control.endpoint, ...here, credentials, maxAttempts: 1 });
    const policies = createResourcePolicies(createControlPlaneOperations(client, async () => {}));
    const stop = async () => {
      client.destroy();
      await control.stop();
    };
    return { policies, arn, control, stop };
  }
  const text = JSON.stringify({ Version: "2012-10-17", Statement: [denyOf("RestoreKey"), grant] });

  it("are read as they were written, and are `{}` where there is none or it was removed", async () => {
    const { policies, arn, stop } = await served();
    expect(await policies.read(arn)).toBe("{}");
    await policies.put(arn, text);
    expect(JSON.parse(String(await policies.read(arn)))).toEqual(JSON.parse(text));
    await policies.remove(arn);
    await policies.remove(arn);
    expect(await policies.read(arn)).toBe("{}");
    await stop();
  });

  it.each([
    ["AccessDeniedException", "ACCESS_DENIED"],
    ["PublicPolicyException", "CONTROL_PLANE_REFUSED"],
    ["ConflictException", "CONTROL_PLANE_REFUSED"],
    ["ThrottlingException", "CONTROL_PLANE_UNAVAILABLE"],
  ])("turn %s into %s", async (__type, code) => {
    const { policies, arn, control, stop } = await served();
    for (const call of [
      async () => await policies.read(arn),
      async () => await policies.put(arn, text),
      async () => await policies.remove(arn),
    ]) {
      control.answerNext({ status: 400, body: { __type, Message: "no" } });
      await expect(call()).rejects.toMatchObject({ code });
    }
    await stop();
  });
});

/** A client of the SDK whose commands `handle` answers; `name` of an error is its exception. */
function clientOf(handle: (operation: string, input: Record<string, unknown>) => ServiceResponse) {
  return {
    send: async (command: { constructor: { name: string }; input: Record<string, unknown> }) => {
      const { status, body } = handle(command.constructor.name.replace(/Command$/, ""), command.input);
      if (status === 200) return body;
      throw Object.assign(new Error("refused"), { name: (body as { __type: string }).__type });
    },
  };
}
const throwing = (name: string) => clientOf(() => ({ status: 400, body: { __type: name } }));

describe("the stack's rules", () => {
  const rule = {
    name: "own-rule",
    busName: "own",
    pattern: { source: ["x"] },
    state: "DISABLED",
    targets: [],
  } as const;
  const arn = "arn:aws:events:us-east-1:111122223333:rule/own/own-rule";

  it("are enabled again, on the bus that their ARN names", async () => {
    const bus = new LocalBus({
      ...here,
      now: () => t0,
      busNames: ["own"],
      rules: [rule, { ...rule, busName: "default" }],
    });
    const client = clientOf((operation, input) => bus.handle(operation, input));
    const rules = createStackRules(client as unknown as EventBridgeClient);
    expect(await rules.state(arn)).toBe("disabled");
    await rules.enable(arn);
    expect(await rules.state(arn)).toBe("enabled");
    expect(await rules.state(arn.replace("own/", ""))).toBe("disabled");
    expect(await rules.state(arn.replace("own-rule", "gone"))).toBe("missing");
  });

  it.each([
    ["AccessDeniedException", "ACCESS_DENIED"],
    ["InternalException", "BUS_UNAVAILABLE"],
  ])("turn %s into %s", async (name, code) => {
    const rules = createStackRules(throwing(name) as unknown as EventBridgeClient);
    await expect(rules.state(arn)).rejects.toMatchObject({ code });
    await expect(rules.enable(arn)).rejects.toMatchObject({ code });
  });
});

describe("the stack's own KMS key", () => {
  const arn = "arn:aws:kms:us-east-1:111122223333:key/own";

  it("comes back from a scheduled deletion disabled, and is enabled then", async () => {
    const local = new LocalStackKey(arn);
    local.state = "PendingDeletion";
    const client = clientOf((operation, input) => local.handle(operation, input) ?? { status: 404, body: {} });
    const key = createStackKey(client as unknown as KMSClient, arn);
    expect(await key.state()).toBe("pending-deletion");
    await expect(key.enable()).rejects.toMatchObject({ code: "KMS_UNAVAILABLE" });
    await key.cancelDeletion();
    expect(await key.state()).toBe("disabled");
    await key.enable();
    expect(await key.state()).toBe("enabled");
  });

  it("may be in a state in which nothing helps, and may be denied", async () => {
    const unavailable = clientOf(() => ({ status: 200, body: { KeyMetadata: { KeyState: "Unavailable" } } }));
    expect(await createStackKey(unavailable as unknown as KMSClient, arn).state()).toBe("other");
    const denied = createStackKey(throwing("AccessDeniedException") as unknown as KMSClient, arn);
    await expect(denied.state()).rejects.toMatchObject({ code: "ACCESS_DENIED" });
  });
});
