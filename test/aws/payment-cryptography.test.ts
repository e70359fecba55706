import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { PaymentCryptographyClient } from "@aws-sdk/client-payment-cryptography";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createPaymentKeys } from "../../lib/aws/payment-cryptography/control-plane.ts";
import { createKeyLists } from "../../lib/aws/payment-cryptography/key-lists.ts";
import type { PaymentKeys } from "../../lib/workflows/ports/guard.ts";
import { day, keyArn, paymentKey, t0 } from "../doubles/key-world.ts";

const seconds = (ms: number) => ms / 1000;
const key = {
  KeyArn: keyArn(),
  KeyAttributes: {
    KeyUsage: "TR31_C0_CARD_VERIFICATION_KEY",
    KeyClass: "SYMMETRIC_KEY",
    KeyAlgorithm: "TDES_2KEY",
    KeyModesOfUse: {},
  },
  KeyCheckValue: "A486ED",
  KeyCheckValueAlgorithm: "ANSI_X9_24",
  Enabled: true,
  Exportable: true,
  KeyState: "CREATE_COMPLETE",
  KeyOrigin: "AWS_PAYMENT_CRYPTOGRAPHY",
  CreateTimestamp: seconds(t0 - day),
  UsageStartTimestamp: seconds(t0 - day),
};
const expected = paymentKey({ createdAt: t0 - day, usageStartedAt: t0 - day });
const { origin: _origin, exportable: _exportable, kcv: _kcv, ...bare } = expected;
const pending = { ...key, KeyState: "DELETE_PENDING", DeletePendingTimestamp: seconds(t0 + 3 * day + 500) };

type Answer = { status?: number; body: object };
let server: Server;
let keys: PaymentKeys;
let client: PaymentCryptographyClient;
let answers: Answer[];
let requests: { operation: string; body: Record<string, unknown> }[];
let paced = 0;

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk) => (text += chunk));
    request.on("end", () => {
      requests.push({ operation: String(request.headers["x-amz-target"]).split(".")[1] ?? "", body: JSON.parse(text) });
      const { status = 200, body } =
        answers.length > 1 ? (answers.shift() ?? { body: {} }) : (answers[0] ?? { body: {} });
      response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(body));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  client = new PaymentCryptographyClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: "us-east-1",
    credentials: { accessKeyId: "x", secretAccessKey: "x" },
  });
  keys = createPaymentKeys(client, async () => {
    paced += 1;
  });
});
afterAll(() => {
  client.destroy();
  server.close();
});
beforeEach(() => {
  requests = [];
  paced = 0;
});
const answering = (...list: Answer[]) => {
  answers = list;
};
const refusal = (name: string, status = 400): Answer => ({ status, body: { __type: name, Message: "no" } });

describe("multi-Region keys", () => {
  it.each([
    ["PRIMARY", "PRIMARY"],
    ["REPLICA", "REPLICA"],
    ["SOMETHING_NEW", undefined],
    [42, undefined],
    [undefined, undefined],
  ])("of type %j are recognized by a client that does not know them", async (MultiRegionKeyType, multiRegion) => {
    answers = [{ body: { Key: { ...key, MultiRegionKeyType, PrimaryRegion: "eu-west-1" } } }];
    const wanted = { kind: "live", key: { ...expected, ...(multiRegion && { multiRegion }) } };
    expect(await keys.observe(keyArn())).toEqual(wanted);
    expect(await keys.restore(keyArn())).toMatchObject({ kind: "done", observation: wanted });
  });
});

describe("GetKey through the real SDK", () => {
  it.each<[string, object, object]>([
    ["a live key", key, { kind: "live", key: expected }],
    [
      "a pending key, to the millisecond",
      pending,
      { kind: "pending", key: expected, deletePendingAt: t0 + 3 * day + 500 },
    ],
    ["a destroyed key", { ...key, KeyState: "DELETE_COMPLETE" }, { kind: "destroyed", key: expected }],
    [
      "a stopped key",
      { ...key, Enabled: false, UsageStopTimestamp: seconds(t0) },
      { kind: "live", key: { ...expected, enabled: false, usageStoppedAt: t0 } },
    ],
    [
      "a pending key without its time",
      { ...pending, DeletePendingTimestamp: undefined },
      { kind: "undated", arn: keyArn(), why: "no-time", key: expected },
    ],
    [
      "a pending key whose attributes are missing",
      { ...pending, KeyAttributes: undefined },
      { kind: "undated", arn: keyArn(), why: "malformed" },
    ],
    [
      "a pending key without check value, origin or exportability",
      { ...pending, KeyCheckValue: undefined, KeyOrigin: undefined, Exportable: undefined },
      { kind: "pending", key: bare, deletePendingAt: t0 + 3 * day + 500 },
    ],
    [
      "a key being made",
      { ...key, KeyState: "CREATE_IN_PROGRESS" },
      { kind: "unrecognised", arn: keyArn(), state: "CREATE_IN_PROGRESS" },
    ],
    [
      "a state of tomorrow",
      { ...key, KeyState: "ON_HOLIDAY" },
      { kind: "unrecognised", arn: keyArn(), state: "ON_HOLIDAY" },
    ],
  ])("reads %s", async (_, Key, observation) => {
    answering({ body: { Key } });
    expect(await keys.observe("alias/a")).toEqual(observation);
    expect(requests).toEqual([{ operation: "GetKey", body: { KeyIdentifier: "alias/a" } }]);
  });

  it("takes ResourceNotFound for absent, though it has no message", async () => {
    answering({ status: 400, body: { __type: "ResourceNotFoundException", ResourceId: keyArn() } });
    expect(await keys.observe(keyArn())).toEqual({ kind: "absent" });
  });

  it.each([
    [{}, "Key"],
    [{ Key: { ...key, KeyArn: "arn:aws:kms:us-east-1:111122223333:key/x" } }, "KeyArn"],
    [{ Key: { ...key, KeyAttributes: undefined } }, "KeyAttributes"],
    [{ Key: { ...key, KeyState: undefined } }, "KeyState"],
  ])("refuses an answer that is no key: %j", async (body, field) => {
    answering({ body });
    await expect(keys.observe(keyArn())).rejects.toMatchObject({
      code: "KEY_MALFORMED",
      disposition: "retry",
      message: expect.stringContaining(field),
    });
  });

  it.each([
    [refusal("AccessDeniedException"), "ACCESS_DENIED", 1],
    [refusal("ValidationException"), "CONTROL_PLANE_REFUSED", 1],
    [refusal("ThrottlingException"), "CONTROL_PLANE_UNAVAILABLE", 3],
    [refusal("InternalServerException", 500), "CONTROL_PLANE_UNAVAILABLE", 3],
  ])("turns %j into %s after %i attempts, each of them paced", async (answer, code, attempts) => {
    answering(answer);
    await expect(keys.observe(keyArn())).rejects.toMatchObject({ code, disposition: "retry" });
    expect([requests.length, paced]).toEqual([attempts, attempts]);
  });

  it("is unavailable when nobody listens", async () => {
    const nowhere = new PaymentCryptographyClient({
      endpoint: "http://127.0.0.1:1",
      region: "us-east-1",
      credentials: { accessKeyId: "x", secretAccessKey: "x" },
    });
    await expect(createPaymentKeys(nowhere, async () => {}).observe(keyArn())).rejects.toMatchObject({
      code: "CONTROL_PLANE_UNAVAILABLE",
    });
  });
});

describe.each([
  ["RestoreKey", "restore"],
  ["StartKeyUsage", "startUsage"],
] as const)("%s through the real SDK", (operation, method) => {
  it("answers with the key as it is now", async () => {
    answering({ body: { Key: { ...key, Enabled: false } } });
    expect(await keys[method](keyArn())).toEqual({
      kind: "done",
      observation: { kind: "live", key: { ...expected, enabled: false } },
    });
    expect(requests).toEqual([{ operation, body: { KeyIdentifier: keyArn() } }]);
  });

  it.each(["ValidationException", "ConflictException", "ResourceNotFoundException", "ServiceQuotaExceededException"])(
    "takes %s for an answer about the key, not for a failure",
    async (code) => {
      answering(refusal(code));
      expect(await keys[method](keyArn())).toEqual({ kind: "refused", code });
    },
  );

  it("fails on what says nothing of the key", async () => {
    answering(refusal("AccessDeniedException"));
    await expect(keys[method](keyArn())).rejects.toMatchObject({ code: "ACCESS_DENIED" });
  });
});

describe("tags and aliases", () => {
  it("are read to the last page", async () => {
    answering(
      { body: { Tags: [{ Key: "a", Value: "1" }], NextToken: "more" } },
      { body: { Tags: [{ Key: "b", Value: "2" }] } },
    );
    expect(await keys.tags(keyArn())).toEqual({ a: "1", b: "2" });
    expect(requests.map(({ body }) => body)).toEqual([
      { ResourceArn: keyArn(), MaxResults: 100 },
      { ResourceArn: keyArn(), MaxResults: 100, NextToken: "more" },
    ]);
  });

  it("are read to the last page, aliases too", async () => {
    answering(
      { body: { Aliases: [{ AliasName: "alias/a" }], NextToken: "more" } },
      { body: { Aliases: [{ AliasName: "alias/b" }] } },
    );
    expect(await keys.aliases(keyArn())).toEqual(["alias/a", "alias/b"]);
    expect(requests.map(({ body }) => body)).toEqual([
      { KeyArn: keyArn(), MaxResults: 100 },
      { KeyArn: keyArn(), MaxResults: 100, NextToken: "more" },
    ]);
  });

  it("are only those of the key itself", async () => {
    const other = keyArn("anotherkey000000");
    answering({
      body: {
        Aliases: [
          { AliasName: "alias/own", KeyArn: keyArn() },
          { AliasName: "alias/other", KeyArn: other },
          { AliasName: "alias/unsaid" },
        ],
      },
    });
    expect(await keys.aliases(keyArn())).toEqual(["alias/own", "alias/unsaid"]);
  });

  it("that do not end are a failure", async () => {
    answering({ body: { Tags: [], NextToken: "again" } });
    await expect(keys.tags(keyArn())).rejects.toMatchObject({ code: "CONTROL_PLANE_UNAVAILABLE" });
    expect(requests).toHaveLength(50);
  });

  it("that cannot be read are a failure, never none", async () => {
    answering(refusal("AccessDeniedException"));
    await expect(keys.aliases(keyArn())).rejects.toMatchObject({ code: "ACCESS_DENIED" });
  });
});

describe("ListKeys through the real SDK", () => {
  const summary = (over: object) => ({
    KeyArn: key.KeyArn,
    KeyState: "DELETE_PENDING",
    KeyAttributes: key.KeyAttributes,
    ...over,
  });

  it("answers every key that is pending, from all pages, a hundred at a time", async () => {
    const other = keyArn("aaaaaaaaaaaaaaaa");
    answering(
      {
        body: {
          Keys: [summary({}), summary({ KeyArn: "no ARN" }), summary({ KeyState: "CREATE_COMPLETE" })],
          NextToken: "2",
        },
      },
      { body: { Keys: [summary({ KeyArn: other, KeyAttributes: undefined })] } },
    );
    const usage = key.KeyAttributes.KeyUsage;
    expect(await createKeyLists(client).pending()).toEqual([
      { arn: keyArn(), usage },
      { arn: other, usage: "" },
    ]);
    expect(requests).toEqual([
      { operation: "ListKeys", body: { KeyState: "DELETE_PENDING", MaxResults: 100 } },
      { operation: "ListKeys", body: { KeyState: "DELETE_PENDING", MaxResults: 100, NextToken: "2" } },
    ]);
    expect(paced).toBe(2);
  });

  it("answers every key there is, for the inventory", async () => {
    answering({ body: { Keys: [key, { ...pending, KeyArn: keyArn("aaaaaaaaaaaaaaaa"), Enabled: false }] } });
    expect(await createKeyLists(client).all()).toEqual([
      { ...listed, arn: keyArn(), alive: true, pending: false, enabled: true },
      { ...listed, arn: keyArn("aaaaaaaaaaaaaaaa"), alive: false, pending: true, enabled: false },
    ]);
    expect(requests).toEqual([{ operation: "ListKeys", body: { MaxResults: 100 } }]);
  });
  const listed = {
    ...{ usage: "TR31_C0_CARD_VERIFICATION_KEY", keyClass: "SYMMETRIC_KEY", algorithm: "TDES_2KEY" },
    ...{ kcv: "A486ED", exportable: true },
  };

  it("answers all aliases, page by page, those without a key too", async () => {
    const alias = (name: string, id?: string) => ({ AliasName: name, ...(id && { KeyArn: keyArn(id) }) });
    const [one, other] = ["aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb"];
    answering(
      { body: { Aliases: [alias("alias/a", one), alias("alias/b", other)], NextToken: "more" } },
      { body: { Aliases: [alias("alias/c", one), alias("alias/idle")] } },
    );
    expect(await createKeyLists(client).allAliases()).toEqual([
      { alias: "alias/a", target: keyArn(one) },
      { alias: "alias/b", target: keyArn(other) },
      { alias: "alias/c", target: keyArn(one) },
      { alias: "alias/idle" },
    ]);
    expect(requests).toEqual([
      { operation: "ListAliases", body: { MaxResults: 100 } },
      { operation: "ListAliases", body: { MaxResults: 100, NextToken: "more" } },
    ]);
  });

  it("is denied with a code", async () => {
    answering(refusal("AccessDeniedException"));
    await expect(createKeyLists(client).pending()).rejects.toMatchObject({ code: "ACCESS_DENIED" });
  });
});
