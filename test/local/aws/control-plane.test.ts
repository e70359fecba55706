import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { parseQueueMessage } from "../../../lib/aws/cloudtrail/event.ts";
import { ControlPlane } from "../../../local/aws/payment-cryptography/control-plane.ts";
import { account, callerOf, mallory, region } from "../../../local/world/people.ts";
import { day, t0 } from "../../doubles/key-world.ts";

interface Envelope {
  "detail-type": string;
  detail: Record<string, unknown> & { eventName: string };
}

const caller = callerOf(mallory.accessKeyId, "test");
let now: number;
let envelopes: Envelope[];
let plane: ControlPlane;

beforeEach(() => {
  now = t0;
  envelopes = [];
  plane = new ControlPlane({
    account,
    region,
    now: () => now,
    onRecord: (envelope) => envelopes.push(envelope as Envelope),
  });
});

const call = (operation: string, body: object = {}) => plane.handle(operation, body, caller);
const keyOf = (arn: string) => (call("GetKey", { KeyIdentifier: arn }).body as { Key: Record<string, unknown> }).Key;
const errorOf = (operation: string, body: object = {}) => {
  const { status, body: answer } = call(operation, body);
  return { status, ...(answer as { __type: string; Message?: string }) };
};
const attributes = {
  KeyUsage: "TR31_C0_CARD_VERIFICATION_KEY",
  KeyClass: "SYMMETRIC_KEY",
  KeyAlgorithm: "TDES_2KEY",
  KeyModesOfUse: { Generate: true, Verify: true },
};

describe("a key", () => {
  it("is made enabled, and found by its ARN, its alias and its alias's ARN", () => {
    const { Key } = call("CreateKey", { KeyAttributes: attributes, Exportable: true }).body as {
      Key: { KeyArn: string };
    };
    call("CreateAlias", { AliasName: "alias/a", KeyArn: Key.KeyArn });
    for (const identifier of [Key.KeyArn, "alias/a", `arn:aws:payment-cryptography:${region}:${account}:alias/a`])
      expect(keyOf(identifier)).toMatchObject({
        KeyArn: Key.KeyArn,
        KeyState: "CREATE_COMPLETE",
        Enabled: true,
        UsageStartTimestamp: t0 / 1000,
      });
  });

  it("that is deleted is pending for seven days unless told otherwise, and is restored as it was", () => {
    const arn = plane.seed();
    plane.settings.deletionDisablesKey = false;
    call("DeleteKey", { KeyIdentifier: arn });
    expect(keyOf(arn)).toMatchObject({
      KeyState: "DELETE_PENDING",
      Enabled: true,
      DeletePendingTimestamp: (t0 + 7 * day) / 1000,
    });
    call("RestoreKey", { KeyIdentifier: arn });
    expect(keyOf(arn)).toMatchObject({ KeyState: "CREATE_COMPLETE", Enabled: true });
    expect(keyOf(arn)).not.toHaveProperty("DeletePendingTimestamp");
  });

  it("may be disabled by its deletion, and then stays so until it is started", () => {
    const arn = plane.seed();
    plane.settings.deletionDisablesKey = true;
    call("DeleteKey", { KeyIdentifier: arn, DeleteKeyInDays: 3 });
    call("RestoreKey", { KeyIdentifier: arn });
    expect(keyOf(arn)).toMatchObject({ Enabled: false, UsageStopTimestamp: t0 / 1000 });
    now += 1000;
    call("StartKeyUsage", { KeyIdentifier: arn });
    expect(keyOf(arn)).toMatchObject({ Enabled: true, UsageStartTimestamp: (t0 + 1000) / 1000 });
  });

  it("is destroyed when its time has passed, up to a day late, and that is reported", () => {
    const arn = plane.seed();
    plane.settings.lateDestructionMs = 3_600_000;
    call("DeleteKey", { KeyIdentifier: arn, DeleteKeyInDays: 3 });
    now = t0 + 3 * day + 3_600_000;
    expect(keyOf(arn)).toMatchObject({ KeyState: "DELETE_PENDING" });
    now += 1;
    expect(keyOf(arn)).toMatchObject({ KeyState: "DELETE_COMPLETE", Enabled: false });
    expect(envelopes.at(-1)).toMatchObject({
      "detail-type": "AWS Service Event via CloudTrail",
      detail: { serviceEventDetails: { keyArn: arn } },
    });
    plane.settings.destroyedKeyAnswers = "not-found";
    expect(errorOf("GetKey", { KeyIdentifier: arn })).toEqual({
      status: 400,
      __type: "ResourceNotFoundException",
      ResourceId: arn,
    });
  });
});

describe("a call in the wrong state", () => {
  it.each([
    ["DeleteKey", "ValidationException", /not in CREATE_COMPLETE state/],
    ["StartKeyUsage", "ConflictException", /./],
    ["StopKeyUsage", "ConflictException", /./],
  ])("%s of a pending key answers %s", (operation, type, message) => {
    const arn = plane.seed();
    call("DeleteKey", { KeyIdentifier: arn });
    expect(errorOf(operation, { KeyIdentifier: arn })).toMatchObject({
      status: 400,
      __type: type,
      Message: expect.stringMatching(message),
    });
  });

  it("RestoreKey of a live key answers ValidationException", () => {
    expect(errorOf("RestoreKey", { KeyIdentifier: plane.seed() })).toMatchObject({ __type: "ValidationException" });
  });
});

describe("a request that the model does not accept", () => {
  it.each<[string, object, RegExp]>([
    ["DeleteKey", {}, /Value null at 'keyIdentifier'/],
    ["DeleteKey", { KeyIdentifier: "alias/a", DeleteKeyInDays: 2 }, /greater than or equal to 3/],
    ["DeleteKey", { KeyIdentifier: "alias/a", DeleteKeyInDays: 181 }, /less than or equal to 180/],
    ["DeleteKey", { KeyIdentifier: "alias/a", DeleteKeyInDays: 3.5 }, /must be an integer/],
    ["DeleteKey", { KeyIdentifier: "alias/ a" }, /regular expression/],
    ["GetKey", { KeyIdentifier: 1 }, /must be a string/],
    ["ListKeys", { MaxResults: 101 }, /less than or equal to 100/],
    ["ListKeys", { KeyState: "GONE" }, /enum value set/],
    ["ListKeys", { NextToken: "made up" }, /pagination token/],
    ["TagResource", { ResourceArn: "alias/a", Tags: [] }, /resourceArn/],
    [
      "CreateKey",
      { KeyAttributes: { ...attributes, KeyUsage: "X" }, Exportable: "yes" },
      /2 validation errors.*keyAttributes\.keyUsage.*exportable/,
    ],
  ])("%s %j", (operation, body, message) => {
    expect(errorOf(operation, body)).toMatchObject({
      status: 400,
      __type: "ValidationException",
      Message: expect.stringMatching(message),
    });
  });

  it("or an operation it does not know, by name", () => {
    expect(errorOf("EncryptData")).toMatchObject({
      __type: "UnknownOperationException",
      Message: expect.stringContaining("`EncryptData`"),
    });
  });
});

describe("lists", () => {
  it("of keys come in pages, by state, without times and tags", () => {
    const arns = Array.from({ length: 120 }, () => plane.seed({ tags: { a: "b" } }));
    for (const arn of arns.slice(0, 70)) call("DeleteKey", { KeyIdentifier: arn });
    const seen: object[] = [];
    let NextToken: string | undefined;
    const sizes: number[] = [];
    do {
      const page = call("ListKeys", { KeyState: "DELETE_PENDING", MaxResults: 30, ...(NextToken && { NextToken }) })
        .body as { Keys: object[]; NextToken?: string };
      seen.push(...page.Keys);
      sizes.push(page.Keys.length);
      NextToken = page.NextToken;
    } while (NextToken);
    expect(sizes).toEqual([30, 30, 10]);
    expect(Object.keys(seen[0] ?? {}).sort()).toEqual([
      "Enabled",
      "Exportable",
      "KeyArn",
      "KeyAttributes",
      "KeyCheckValue",
      "KeyState",
    ]);
  });

  it("of tags and aliases follow what was set", () => {
    const arn = plane.seed({ alias: "alias/a", tags: { a: "1", b: "2" } });
    plane.seed({ alias: "alias/other" });
    call("UntagResource", { ResourceArn: arn, TagKeys: ["a"] });
    call("TagResource", { ResourceArn: arn, Tags: [{ Key: "c", Value: "3" }] });
    expect(call("ListTagsForResource", { ResourceArn: arn }).body).toEqual({
      Tags: [
        { Key: "b", Value: "2" },
        { Key: "c", Value: "3" },
      ],
    });
    expect(call("ListAliases", { KeyArn: arn }).body).toEqual({ Aliases: [{ AliasName: "alias/a", KeyArn: arn }] });
    expect((call("ListAliases").body as { Aliases: object[] }).Aliases).toHaveLength(2);
    call("UpdateAlias", { AliasName: "alias/other", KeyArn: arn });
    expect(call("GetAlias", { AliasName: "alias/other" }).body).toEqual({
      Alias: { AliasName: "alias/other", KeyArn: arn },
    });
    call("DeleteAlias", { AliasName: "alias/other" });
    expect(errorOf("GetAlias", { AliasName: "alias/other" })).toMatchObject({ __type: "ResourceNotFoundException" });
    expect(errorOf("CreateAlias", { AliasName: "alias/a", KeyArn: arn })).toMatchObject({
      __type: "ConflictException",
    });
  });
});

describe("the limit of calls", () => {
  it("answers ThrottlingException above five a second, no matter who calls", () => {
    const arn = plane.seed();
    plane.limitTo(5);
    const burst = () => Array.from({ length: 7 }, () => call("GetKey", { KeyIdentifier: arn }).status);
    expect(burst()).toEqual([200, 200, 200, 200, 200, 400, 400]);
    now += 400;
    expect(burst()).toEqual([200, 200, 400, 400, 400, 400, 400]);
    expect(plane.calls.filter(({ errorName }) => errorName === "ThrottlingException")).toHaveLength(7);
  });
});

describe("what CloudTrail tells", () => {
  it("of a deletion is what the guard reads, in camel case and with locale times", () => {
    const arn = plane.seed({ alias: "alias/a" });
    call("DeleteKey", { KeyIdentifier: "alias/a", DeleteKeyInDays: 3 });
    const [envelope] = envelopes;
    expect(envelope?.detail).toMatchObject({
      eventTime: "2024-05-27T19:49:54Z",
      requestParameters: { keyIdentifier: "alias/a", deleteKeyInDays: 3 },
      responseElements: {
        key: {
          keyArn: arn,
          keyState: "DELETE_PENDING",
          deletePendingTimestamp: "May 30, 2024, 7:49:54 PM",
          keyAttributes: { keyModesOfUse: { deriveKey: false } },
        },
      },
    });
    expect(parseQueueMessage(JSON.stringify(envelope), { account, region })).toMatchObject({
      kind: "deletion",
      request: { target: { kind: "arn", arn }, requestedDays: 3, requester: { kind: "user" }, userAgent: "test" },
    });
  });

  it("of a failed deletion is an attempt, and of reading nothing", () => {
    call("DeleteKey", { KeyIdentifier: "alias/none" });
    call("GetKey", { KeyIdentifier: "alias/none" });
    expect(envelopes).toHaveLength(1);
    expect(parseQueueMessage(JSON.stringify(envelopes[0]), { account, region })).toMatchObject({
      kind: "attempt",
      attempt: { errorCode: "ResourceNotFoundException", identifier: "alias/none" },
    });
  });
});

describe("whatever is called in whatever order", () => {
  it("is answered, and leaves keys in states of the model", () => {
    const operations = [
      "GetKey",
      "DeleteKey",
      "RestoreKey",
      "StartKeyUsage",
      "StopKeyUsage",
      "ListKeys",
      "CreateKey",
      "nonsense",
    ];
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...operations), fc.jsonValue(), fc.nat({ max: 4 * day }))),
        (calls) => {
          const arn = plane.seed();
          for (const [operation, body, ms] of calls) {
            now += ms;
            const { status } = plane.handle(
              operation,
              fc.stringify(body).length % 2 ? { KeyIdentifier: arn } : body,
              caller,
            );
            expect([200, 400]).toContain(status);
          }
          return plane
            .keys()
            .every(({ KeyState }) => ["CREATE_COMPLETE", "DELETE_PENDING", "DELETE_COMPLETE"].includes(KeyState));
        },
      ),
      { numRuns: 200 },
    );
  });
});
