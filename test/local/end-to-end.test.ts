import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { DeleteKeyCommand, GetKeyCommand, PaymentCryptographyClient } from "@aws-sdk/client-payment-cryptography";
import { ChangeMessageVisibilityCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyTrail } from "../../cli/trail/verify-trail.ts";
import { append, type Chain, readChain } from "../../lib/domain/ledger/chain.ts";
import { verifierKeyText } from "../../lib/domain/log/verifier-key.ts";
import { LocalSigningKey } from "../../local/aws/kms/signing-key.ts";
import { asked } from "../../local/stories/demo/asked.ts";
import { reprieveAs } from "../../local/stories/demo/command.ts";
import { DemoWorld } from "../../local/stories/demo/demo-world.ts";
import { readCases } from "../../local/world/case-reader.ts";
import { alice, guard, mallory, region, sweeper } from "../../local/world/people.ts";
import { logKeyOf } from "../../local/world/signing-key.ts";
import { startWorld } from "../../local/world/start-world.ts";
import type { World } from "../../local/world/world.ts";
import { root } from "../../scripts/bundle.ts";
import { keyArn, t0 } from "../doubles/key-world.ts";
import { packaged } from "../doubles/packaged.ts";

let world: World;
let client: PaymentCryptographyClient;
let queueClient: SQSClient;

beforeAll(async () => {
  const { templateFile, bundles } = await packaged("local");
  world = await startWorld({ templateFile, bundles, port: 0, slackTimeoutMs: 120_000 });
  const common = {
    endpoint: world.endpoint,
    region,
    credentials: { accessKeyId: mallory.accessKeyId, secretAccessKey: "local" },
  };
  client = new PaymentCryptographyClient(common);
  queueClient = new SQSClient(common);
});
afterAll(async () => {
  client.destroy();
  queueClient.destroy();
  await world.stop();
});

const logged = (code: string) =>
  world.log.map((line) => line.startsWith("{") && JSON.parse(line)).filter((line) => line.message === code);
const kindsOf = async (arn: string) => {
  const cases = await readCases(world, arn);
  return cases.map(({ reading }) => (reading.ok ? reading.chain.entries.map(({ kind }) => kind) : reading.damage));
};
/** A sample event made to name `arn`, deleted right now. */
function deletionOf(arn: string, sample: string): object {
  const envelope = JSON.parse(readFileSync(resolve(root, `events/${sample}.json`), "utf8"));
  const eventTime = `${new Date(world.clock.now()).toISOString().slice(0, 19)}Z`;
  return { ...envelope, detail: { ...envelope.detail, eventTime, responseElements: { key: { keyArn: arn } } } };
}
const usable = ["deletion-detected", "decided", "restore-intended", "key-restored", "key-usable"];

describe("the packaged guard, behind the packaged template", () => {
  it("brings back the key of the published event", async () => {
    const now = world.clock.now();
    world.clock.jump(t0 - now);
    const arn = world.controlPlane.seed({ keyId: "kwapwa6qaifllw2h", alias: "alias/BIN_12345_CVK" });
    world.controlPlane.settings.deletionDisablesKey = false;
    world.bus.delivery = () => [];
    await client.send(new DeleteKeyCommand({ KeyIdentifier: arn, DeleteKeyInDays: 3 }));
    world.bus.deliver("default", JSON.parse(readFileSync(resolve(root, "events/delete-key-sso.json"), "utf8")));
    await world.settle();
    const { Key } = await client.send(new GetKeyCommand({ KeyIdentifier: arn }));
    expect(Key).toMatchObject({ KeyState: "CREATE_COMPLETE", Enabled: true });
    const [only] = await readCases(world, arn);
    const entries = only?.reading.ok ? only.reading.chain.entries : [];
    expect(entries.map(({ kind }) => kind)).toEqual(usable);
    expect(entries[0]).toMatchObject({
      case: { keyArn: keyArn(), generation: 1 },
      request: { eventId: "b87c3d30-f3ab-4131-87e8-bc54cfef9d29", requester: { sessionName: "alice@example.com" } },
    });
    expect(entries[1]).toMatchObject({ rule: "default", policyHash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    world.bus.delivery = (envelope) => [envelope];
    world.clock.jump(now - world.clock.now());
  });

  it("puts garbage aside with its code, and goes on with the rest", async () => {
    const arn = world.controlPlane.seed();
    const QueueUrl = `${world.endpoint}/111122223333/${world.queues.guard.name}`;
    await queueClient.send(new SendMessageCommand({ QueueUrl, MessageBody: "\u001b[31mgarbage" }));
    await client.send(new DeleteKeyCommand({ KeyIdentifier: arn, DeleteKeyInDays: 3 }));
    await world.settle();
    const [dead] = world.queues.deadLetters.messages;
    expect(dead).toMatchObject({
      body: "\u001b[31mgarbage",
      attributes: { errorCode: { StringValue: "EVENT_NOT_JSON" } },
    });
    expect(await kindsOf(arn)).toEqual([usable]);
    await expect.poll(() => world.log.join("")).toContain('"MESSAGE_DEAD_LETTERED"');
    expect(world.log.join("\n")).not.toContain("\u001b");
  });

  it("gives dead letters back when an operator asks for it: what is poison still is put aside again", async () => {
    const before = world.queues.deadLetters.messages.length;
    expect(before).toBeGreaterThan(0);
    world.clock.jump(1_000);
    expect(await reprieveAs(world, alice, ["redrive", "guard", "--endpoint-url", world.endpoint])).toBe(0);
    expect(logged("DEAD_LETTERS_REDRIVEN")).toMatchObject([{ from: "guard", moved: before, left: false }]);
    await world.settle();
    expect(world.queues.deadLetters.messages).toHaveLength(before);
    expect(world.hub.denied).toEqual([]);
  });

  it("goes on where a killed function left off", async () => {
    const arn = world.controlPlane.seed();
    let killed = false;
    world.bus.observe("default", (envelope) => {
      const { eventName } = (envelope as { detail: { eventName: string } }).detail;
      if (eventName === "RestoreKey" && !killed) {
        killed = true;
        void world.functions.get("guard")?.kill();
      }
    });
    await client.send(new DeleteKeyCommand({ KeyIdentifier: arn, DeleteKeyInDays: 3 }));
    await world.settle({ advance: true });
    expect(killed).toBe(true);
    expect(await kindsOf(arn)).toEqual([usable]);
    const restores = world.controlPlane.calls.filter(
      ({ operation, errorName }) => operation === "RestoreKey" && !errorName,
    );
    expect(restores).toHaveLength(3);
  });

  it("comes back after 5 and 15 s while the control plane fails, and then restores", async () => {
    const arn = world.controlPlane.seed();
    world.bus.delivery = () => [];
    await client.send(new DeleteKeyCommand({ KeyIdentifier: arn, DeleteKeyInDays: 3 }));
    world.bus.delivery = (envelope) => [envelope];
    const before = logged("MESSAGE_RETRIED").length;
    world.hub.faults.set("control-plane", "error");
    world.bus.deliver("default", deletionOf(arn, "delete-key-iam-user"));
    await world.settle();
    world.clock.jump(5_000);
    await world.settle();
    await expect
      .poll(() =>
        logged("MESSAGE_RETRIED")
          .slice(before)
          .map(({ seconds }) => seconds),
      )
      .toEqual([5, 15]);
    world.hub.faults.set("control-plane", "up");
    await world.settle({ advance: true });
    // The case was opened before GetKey showed the key.
    expect(await kindsOf(arn)).toEqual([["deletion-detected", ...usable]]);
  });

  it("does not wait for a control plane that hangs", async () => {
    const arn = world.controlPlane.seed();
    await client.send(new GetKeyCommand({ KeyIdentifier: arn }));
    world.bus.delivery = () => [];
    await client.send(new DeleteKeyCommand({ KeyIdentifier: arn, DeleteKeyInDays: 3 }));
    world.bus.delivery = (envelope) => [envelope];
    const before = logged("KEY_HIDDEN").length;
    world.hub.faults.set("control-plane", "hang");
    world.clock.setSpeed(20);
    world.bus.deliver("default", deletionOf(arn, "delete-key-root"));
    await world.settle();
    world.clock.setSpeed(1);
    world.hub.faults.set("control-plane", "up");
    await expect
      .poll(() => logged("KEY_HIDDEN").slice(before))
      .toMatchObject([{ code: "CONTROL_PLANE_UNAVAILABLE", cause: expect.stringContaining("TimeoutError") }]);
    await world.settle({ advance: true });
    expect(await kindsOf(arn)).toEqual([["deletion-detected", ...usable]]);
  });

  it("restores a key while the stack's own encryption key is disabled, and completes the record once it is not", async () => {
    const arn = world.controlPlane.seed();
    world.bus.delivery = () => [];
    await client.send(new DeleteKeyCommand({ KeyIdentifier: arn, DeleteKeyInDays: 3 }));
    world.bus.delivery = (envelope) => [envelope];
    // What it encrypts, and nothing of the way from event to restore: table, secrets and topics.
    const encrypted = ["store", "secrets", "topic"] as const;
    for (const service of encrypted) world.hub.faults.set(service, "error");
    world.bus.deliver("default", deletionOf(arn, "delete-key-iam-user"));
    await world.settle();
    const { Key } = await client.send(new GetKeyCommand({ KeyIdentifier: arn }));
    expect([Key?.KeyState, Key?.Enabled]).toEqual(["CREATE_COMPLETE", true]);
    expect(await kindsOf(arn).catch(() => "unreadable")).toBe("unreadable");
    for (const service of encrypted) world.hub.faults.set(service, "up");
    await world.settle({ advance: true });
    expect(await kindsOf(arn)).toEqual([["deletion-detected", "decided", "key-restored", "key-usable"]]);
  });

  it("keeps what the guard does to keys to the five calls of its role", () => {
    const calls = world.controlPlane.calls.filter(({ accessKeyId }) => accessKeyId.startsWith("ASIAGUARD"));
    const allowed = ["GetKey", "RestoreKey", "StartKeyUsage", "ListTagsForResource", "ListAliases"];
    expect(calls.filter(({ operation }) => !allowed.includes(operation))).toEqual([]);
  });

  it("refuses a receipt handle it never gave", async () => {
    const QueueUrl = `${world.endpoint}/111122223333/${world.queues.guard.name}`;
    const change = new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: "made up", VisibilityTimeout: 0 });
    await expect(queueClient.send(change)).rejects.toMatchObject({ name: "ReceiptHandleIsInvalid" });
  });

  it("does nothing for a GET, which any page in a browser can make", async () => {
    const seen: unknown[] = [];
    const stop = world.hub.observe((carried) => seen.push(carried));
    const paths = ["/?Action=Publish", "/2015-03-31/functions/reprieve-dev-sweep/invocations", "/votes"];
    for (const path of paths) expect((await fetch(`${world.endpoint}${path}`)).status).toBe(404);
    const headers = { "x-amz-target": "AmazonSQS.PurgeQueue", "content-type": "application/x-amz-json-1.0" };
    expect((await fetch(`${world.endpoint}/`, { headers })).status).toBe(404);
    stop();
    expect(seen).toEqual([]);
  });

  it("answers nobody but this machine", async () => {
    const foreign = await fetch(world.endpoint, { method: "POST", headers: { origin: "https://evil.example" } });
    expect(foreign.status).toBe(403);
    const lost = await fetch(world.endpoint);
    expect(lost.status).toBe(404);
  });
});

describe("people, through the packaged functions", () => {
  // What is paced by the quota need not be waited for in real time.
  beforeAll(() => world.clock.setSpeed(5));
  afterAll(() => world.clock.setSpeed(1));
  /** The functions' own time-outs follow the world's clock: while someone waits for an answer, a busy machine gets more time for it. */
  const unhurried = async <Made>(act: () => Promise<Made>): Promise<Made> => {
    world.clock.setSpeed(0.1);
    try {
      return await act();
    } finally {
      world.clock.setSpeed(5);
    }
  };
  const approvedOnce = [...usable, "approval-requested", "vote-cast", "vote-cast", "approval-granted", "permit-issued"];

  it("are asked in Slack, approve with a reason, and the permit they give lets one deletion pass", async () => {
    const demoWorld = new DemoWorld(world);
    const { key, slack } = await asked(demoWorld);
    for (const name of ["bob", "carol"]) await unhurried(async () => await slack.approve(name, key));
    await world.settle();
    expect(await kindsOf(key)).toEqual([approvedOnce]);
    expect(slack.message(key)?.text).toContain("2 of 2");
    // A permit is for deletions after it was issued, and eventTime is cut to whole seconds.
    world.clock.jump(2_000);
    await demoWorld.delete(alice, key);
    await world.settle();
    expect((await kindsOf(key))[1]).toEqual(["deletion-detected", "decided", "permit-used", "deletion-allowed"]);
    demoWorld.close();
  });

  it("are not counted under another signature, nor a minute too late, and nothing of it is on record", async () => {
    const demoWorld = new DemoWorld(world);
    const { key, slack } = await asked(demoWorld);
    const before = await kindsOf(key);
    const seconds = Math.floor(world.clock.now() / 1000);
    for (const tamper of [
      { signature: `v0=${"0".repeat(64)}` },
      { timestamp: seconds - 360 },
      { timestamp: seconds + 360 },
    ])
      expect(await unhurried(async () => await slack.press("bob", key, "keep", tamper))).toEqual({
        status: 401,
        body: "",
      });
    expect(await kindsOf(key)).toEqual(before);
    expect(logged("CALLBACK_REFUSED").map(({ code }) => code)).toEqual([
      "CALLBACK_FORGED",
      "CALLBACK_STALE",
      "CALLBACK_STALE",
    ]);
    demoWorld.close();
  });
});

describe("the sweep, on its packaged schedule", () => {
  beforeAll(() => world.clock.setSpeed(5));
  afterAll(() => world.clock.setSpeed(1));

  it("finds a deletion whose event was lost", async () => {
    const demoWorld = new DemoWorld(world);
    const key = demoWorld.key({ alias: "alias/prod/lost" });
    demoWorld.hold();
    await demoWorld.delete(mallory, key);
    demoWorld.release(() => []);
    await world.sweep();
    expect(await kindsOf(key)).toEqual([[...usable, "key-named"]]);
    demoWorld.close();
  });

  it("logs every hour, signed, and finds a case that was rewritten as a whole", async () => {
    const arn = world.controlPlane.seed();
    await client.send(new DeleteKeyCommand({ KeyIdentifier: arn, DeleteKeyInDays: 3 }));
    await world.settle();
    await world.sweep();
    world.clock.jump(3_600_000);
    await world.sweep();
    expect(world.archive.keys.length).toBeGreaterThan(1);
    expect(world.hub.denied).toEqual([]);
    const folder = mkdtempSync(join(tmpdir(), "reprieve-e2e-"));
    const audit = async (...args: string[]) => await reprieveAs(world, alice, ["audit", ...args]);
    const endpoint = ["--endpoint-url", world.endpoint];
    const key = ["--key", verifierKeyText(logKeyOf(world))];
    const before = join(folder, "before");
    expect(await audit("export", "--out", before, ...endpoint)).toBe(0);
    expect(await audit("verify", before, ...key)).toBe(0);
    expect(await audit("verify", before)).toBe(3);
    expect(await audit("verify", ...endpoint, ...key)).toBe(0);
    const another = { signingKey: new LocalSigningKey({ keyArn: "another" }) };
    expect(await audit("verify", before, "--key", verifierKeyText(logKeyOf(another)))).toBe(1);
    expect(await audit("prove", `${arn}#1`, before, "--out", join(folder, "proofs"), ...key)).toBe(0);
    // Anyone who may write to the table past its policy makes a case that never restored anything: its links and its head hold.
    const [kept] = await readCases(world, arn);
    const texts = kept?.reading.ok ? kept.reading.chain.texts : [];
    const { chain } = readChain(texts.slice(0, 2), `${arn}#1`) as { chain: Chain };
    const forged = append(chain, { kind: "restored-by-others" }, world.clock.now());
    await world.store.send(
      new UpdateItemCommand({
        TableName: world.tableName,
        Key: { pk: { S: `case#${arn}` }, sk: { N: "1" } },
        UpdateExpression: "SET entries = :entries, head = :head, #version = :version",
        ExpressionAttributeNames: { "#version": "version" },
        ExpressionAttributeValues: {
          ":entries": { L: forged.texts.map((S) => ({ S })) },
          ":head": { S: forged.head },
          ":version": { N: "3" },
        },
      }),
    );
    const after = join(folder, "after");
    expect(await audit("export", "--out", after, ...endpoint)).toBe(0);
    const { findings } = await verifyTrail(after, { key: logKeyOf(world), witnesses: [] });
    expect(findings).toEqual([{ finding: "trail-differs", chain: `${arn}#1` }]);
    rmSync(folder, { recursive: true });
  });

  it("checks once an hour what it stands on: every rule, the roles of sweep and guard, and tells the bus that it lives", async () => {
    const beats: unknown[] = [];
    world.bus.observe(world.busName, (envelope) => {
      const { "detail-type": type, detail } = envelope as { "detail-type": string; detail: unknown };
      if (type === "heartbeat") beats.push(detail);
    });
    world.clock.jump(3_600_000);
    const [calls, lines] = [world.controlPlane.calls.length, world.log.length];
    await world.sweep();
    await world.sweep();
    await world.settle();
    const probes = world.controlPlane.calls
      .slice(calls)
      .filter(({ errorName }) => errorName === "ResourceNotFoundException");
    expect(probes.map(({ operation, accessKeyId }) => [operation, accessKeyId])).toEqual([
      ["RestoreKey", sweeper.accessKeyId],
      ["RestoreKey", guard.accessKeyId],
    ]);
    expect(beats).toEqual([
      expect.objectContaining({
        mode: "enforce",
        policyHash: expect.stringMatching(/^[0-9a-f]{64}$/),
        openCases: expect.any(Number),
      }),
    ]);
    const complaints = world.log.slice(lines).filter((line) => /RULE_|PROBE_|RESTORE_DENIED/.test(line));
    expect(complaints).toEqual([]);
    expect(world.hub.denied).toEqual([]);
  });
});
