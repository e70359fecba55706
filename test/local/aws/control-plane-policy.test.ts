import { beforeEach, describe, expect, it } from "vitest";
import { parseQueueMessage } from "../../../lib/aws/cloudtrail/event.ts";
import type { Caller } from "../../../local/aws/payment-cryptography/cloudtrail-record.ts";
import { ControlPlane } from "../../../local/aws/payment-cryptography/control-plane.ts";
import { account, callerOf, guard, here, mallory, region } from "../../../local/world/people.ts";
import { t0 } from "../../doubles/key-world.ts";

const byGuard = callerOf(guard.accessKeyId, "test");
const byMallory = callerOf(mallory.accessKeyId, "test");
const abroad: Caller = {
  ...byMallory,
  userIdentity: { type: "IAMUser", arn: "arn:aws:iam::444455556666:user/trent", accountId: "444455556666" },
};
const guardRole = `arn:aws:iam::${account}:role/reprieve-dev-guard-${region}`;

let plane: ControlPlane;
let key: string;
let envelopes: object[];

beforeEach(() => {
  envelopes = [];
  plane = new ControlPlane({ ...here, now: () => t0, onRecord: (envelope) => envelopes.push(envelope) });
  key = plane.seed({ keyId: "kwapwa6qaifllw2h", alias: "alias/prod/cvk" });
});

const call = (operation: string, body: object, caller: Caller = byMallory) => plane.handle(operation, body, caller);
const errorOf = (operation: string, body: object, caller?: Caller) =>
  (call(operation, body, caller).body as { __type?: string }).__type;
const put = (...Statement: object[]) =>
  call("PutResourcePolicy", {
    ResourceArn: key,
    Policy: JSON.stringify({ Version: "2012-10-17", Statement }, null, 2),
  });
const denyGuard = { Effect: "Deny", Principal: { AWS: guardRole }, Action: "payment-cryptography:*", Resource: "*" };
const get = (caller?: Caller) => errorOf("GetKey", { KeyIdentifier: key }, caller);

describe("a key's resource policy", () => {
  it("that denies the guard denies its calls, by ARN and by alias, and leaves lists open", () => {
    expect(put(denyGuard).status).toBe(200);
    for (const KeyIdentifier of [key, "alias/prod/cvk", key.replace(/key\/.*/, "alias/prod/cvk")])
      expect(errorOf("GetKey", { KeyIdentifier }, byGuard)).toBe("AccessDeniedException");
    call("DeleteKey", { KeyIdentifier: key });
    expect(errorOf("RestoreKey", { KeyIdentifier: key }, byGuard)).toBe("AccessDeniedException");
    expect(errorOf("ListTagsForResource", { ResourceArn: key }, byGuard)).toBe("AccessDeniedException");
    expect((call("ListKeys", {}, byGuard).body as { Keys: object[] }).Keys).toHaveLength(1);
    expect(errorOf("ListAliases", { KeyArn: key }, byGuard)).toBeUndefined();
    expect(get(byMallory)).toBeUndefined();
  });

  it("never binds the three calls that read, replace and remove it", () => {
    put({ ...denyGuard, Principal: "*" });
    expect(get()).toBe("AccessDeniedException");
    expect(errorOf("GetResourcePolicy", { ResourceArn: key }, byGuard)).toBeUndefined();
    expect(errorOf("DeleteResourcePolicy", { ResourceArn: key }, byGuard)).toBeUndefined();
    expect(get()).toBeUndefined();
  });

  it("allows within the account what the caller's role does not, unless it names the account only", () => {
    const bound = { ...byGuard, identityAllows: false };
    expect(get(bound)).toBe("AccessDeniedException");
    put({ ...denyGuard, Effect: "Allow", Principal: { AWS: account } });
    expect(get(bound)).toBe("AccessDeniedException");
    put({ ...denyGuard, Effect: "Allow" });
    expect(get(bound)).toBeUndefined();
    expect(errorOf("PutResourcePolicy", { ResourceArn: key, Policy: "{}" }, bound)).toBe("AccessDeniedException");
  });

  it("opens a key to another account, where the operation is open to others at all", () => {
    expect(get(abroad)).toBe("AccessDeniedException");
    put({ ...denyGuard, Effect: "Allow", Principal: { AWS: "444455556666" } });
    expect(get(abroad)).toBeUndefined();
    expect(errorOf("GetKey", { KeyIdentifier: "alias/prod/cvk" }, abroad)).toBe("AccessDeniedException");
    expect(errorOf("CreateAlias", { AliasName: "alias/x", KeyArn: key }, abroad)).toBe("AccessDeniedException");
    expect(errorOf("GetResourcePolicy", { ResourceArn: key }, abroad)).toBe("AccessDeniedException");
  });

  it("comes back compact, and as the text of an empty object where there is none", () => {
    const policyOf = () => (call("GetResourcePolicy", { ResourceArn: key }).body as { Policy: string }).Policy;
    expect(policyOf()).toBe("{}");
    put(denyGuard);
    expect(policyOf()).toBe(JSON.stringify({ Version: "2012-10-17", Statement: [denyGuard] }));
  });

  it("is refused on a replica, which has none", () => {
    const Policy = JSON.stringify({ Statement: [denyGuard] });
    const replica = plane.seed({ multiRegion: { type: "REPLICA", primaryRegion: "eu-west-1" }, policy: Policy });
    expect(errorOf("PutResourcePolicy", { ResourceArn: replica, Policy })).toBe("ValidationException");
    expect(errorOf("GetKey", { KeyIdentifier: replica }, byGuard)).toBeUndefined();
  });

  it.each<[string, object]>([
    ["PublicPolicyException", { ...denyGuard, Effect: "Allow", Principal: "*" }],
    ["PublicPolicyException", { ...denyGuard, Effect: "Allow", Principal: { AWS: ["*", account] } }],
    ["ValidationException", { ...denyGuard, Resource: "arn:aws:payment-cryptography:*:*:key/*" }],
    ["ValidationException", { ...denyGuard, Principal: { AWS: "arn:aws:iam::111122223333:role/*" } }],
    ["ValidationException", { ...denyGuard, Principal: undefined }],
    ["ValidationException", { ...denyGuard, NotAction: "*" }],
    ["ValidationException", { ...denyGuard, Effect: "Perhaps" }],
    ["ValidationException", { ...denyGuard, Oops: 1 }],
  ])("is refused with %s: %j", (type, statement) => {
    expect(put(statement).body).toMatchObject({ __type: type });
    expect(get(byGuard)).toBeUndefined();
  });

  it("may grant something to everybody under a narrowing condition; whether a Deny for all is public is a switch", () => {
    const Condition = { StringEquals: { "aws:PrincipalOrgID": "o-1" } };
    expect(put({ ...denyGuard, Effect: "Allow", Principal: "*", Condition }).status).toBe(200);
    expect(put({ ...denyGuard, Principal: "*" }).status).toBe(200);
    plane.settings.denyForAllIsPublic = true;
    expect(put({ ...denyGuard, Principal: "*" }).body).toMatchObject({ __type: "PublicPolicyException" });
  });

  it("is judged by the condition keys of the service", () => {
    const Condition = { StringEquals: { "payment-cryptography:RequestAlias": "alias/prod/cvk" } };
    put({ ...denyGuard, Condition });
    expect(get(byGuard)).toBeUndefined();
    expect(errorOf("GetKey", { KeyIdentifier: "alias/prod/cvk" }, byGuard)).toBe("AccessDeniedException");
  });

  it("leaves a record of a denied call that CloudTrail's reader understands", () => {
    put({ ...denyGuard, Principal: { AWS: `arn:aws:iam::${account}:user/mallory` } });
    envelopes = [];
    expect(errorOf("DeleteKey", { KeyIdentifier: key })).toBe("AccessDeniedException");
    expect(envelopes).toMatchObject([{ detail: { errorCode: "AccessDenied", requestParameters: null } }]);
    expect(parseQueueMessage(JSON.stringify(envelopes[0]), { account, region })).toMatchObject({
      kind: "attempt",
      attempt: { errorCode: "AccessDenied" },
    });
  });
});
