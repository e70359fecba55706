import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseQueueMessage } from "../../lib/aws/cloudtrail/event.ts";
import { alice, t0 } from "../doubles/key-world.ts";

const stack = { account: "111122223333", region: "us-east-1" };
const folder = new URL("../../events/", import.meta.url);
const sample = (name: string) => readFileSync(new URL(`${name}.json`, folder), "utf8");
const parse = (value: unknown) => parseQueueMessage(typeof value === "string" ? value : JSON.stringify(value), stack);

const keyArn = "arn:aws:payment-cryptography:us-east-1:111122223333:key/kwapwa6qaifllw2h";
const ssoRole =
  "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/us-east-1/AWSReservedSSO_PaymentsAdmin_0123456789abcdef";
const mallory = {
  kind: "user",
  account: "111122223333",
  userArn: "arn:aws:iam::111122223333:user/mallory",
  userId: "AIDAMALLORYEXAMPLE00",
};
const deletion = (request: object) => ({ kind: "deletion", request });
const by = (requester: object) => deletion({ requester, target: { kind: "arn", arn: keyArn } });
const refused = (code: string, disposition: string) => ({ kind: "refused", code, disposition });

const ordinaryRole = (role: string, sessionName: string) => ({
  kind: "role-session",
  account: "111122223333",
  roleArn: `arn:aws:iam::111122223333:role/${role}`,
  roleId: "AROAEVIL00000000EXAM",
  sessionName,
  mfa: false,
});

/** What each file of events/ is made of; a file without a row fails. */
const expected: Record<string, object> = {
  "delete-key-sso": deletion({
    eventId: "b87c3d30-f3ab-4131-87e8-bc54cfef9d29",
    requestId: "f3020b3c-4e86-47f5-808f-14c7a4a99161",
    at: t0,
    target: { kind: "arn", arn: keyArn },
    requester: alice,
    sourceIp: "203.0.113.64",
    userAgent: "aws-cli/2.17.6",
    requestedDays: 3,
    enabledInResponse: true,
    corrected: false,
  }),
  "delete-key-iam-user": by({ ...mallory, mfa: true }),
  "delete-key-root": by({ kind: "root", account: "111122223333" }),
  "delete-key-ci-role": deletion({
    requestedDays: 7,
    requester: {
      kind: "role-session",
      account: "111122223333",
      roleArn: "arn:aws:iam::111122223333:role/ci/key-reaper",
      roleId: "AROAREAPEREXAMPLE000",
      sessionName: "nightly",
      sourceIdentity: "alice@example.com",
      mfa: false,
    },
  }),
  "delete-key-role-without-session": by({ kind: "role-session", roleArn: ssoRole }),
  "delete-key-federated-user": by({
    kind: "federated-user",
    account: "111122223333",
    arn: "arn:aws:sts::111122223333:federated-user/terminal-team",
  }),
  "delete-key-aws-account": by({ kind: "account", account: "444455556666" }),
  "delete-key-aws-service": by({ kind: "service", service: "cloudformation.amazonaws.com" }),
  "delete-key-identity-center-user": by({
    kind: "identity-center-user",
    account: "111122223333",
    userId: "a11111111-1111-4111-8111-111111111111",
  }),
  "delete-key-unknown-identity": by({ kind: "unknown" }),
  "delete-key-no-identity": by({ kind: "unknown" }),
  "delete-key-published-form": by(alice),
  "delete-key-alias-only": deletion({ target: { kind: "alias", alias: "alias/BIN_12345_CVK" }, requester: alice }),
  "delete-key-null-parameters": deletion({ target: { kind: "arn", arn: keyArn } }),
  "delete-key-resources-only": deletion({ target: { kind: "arn", arn: keyArn } }),
  "delete-key-arn-without-account": deletion({ target: { kind: "hint", arn: keyArn }, requester: alice }),
  "delete-key-null-members": by({
    kind: "role-session",
    account: "111122223333",
    roleArn: "arn:aws:iam::111122223333:role/reaper",
    roleId: "AROAX",
    sessionName: "s",
    mfa: false,
  }),
  "delete-key-role-with-path": by(ordinaryRole("reaper-team/anything-at-all", "x")),
  "delete-key-role-in-copied-path": by(
    ordinaryRole(
      "x:role/aws-reserved/sso.amazonaws.com/us-east-1/AWSReservedSSO_PaymentsAdmin_0123456789abcdef",
      "alice@example.com",
    ),
  ),
  "delete-key-access-denied": { kind: "attempt", attempt: { errorCode: "AccessDenied", requester: mallory } },
  "delete-key-wrong-state": {
    kind: "attempt",
    attempt: { errorCode: "ValidationException", identifier: "alias/BIN_12345_CVK", requester: alice, at: t0 },
  },
  "delete-key-canary": { kind: "attempt", attempt: { errorCode: "ResourceNotFoundException" } },
  "service-event-key-destroyed": { kind: "service-event", eventName: "KeyDeletion", keyArn },
  "service-event-without-key": { kind: "service-event", eventName: "KeyReplication" },
  "delete-key-other-region": refused("WRONG_REGION", "reject"),
  "delete-key-other-account": refused("WRONG_ACCOUNT", "reject"),
  "delete-key-replay": deletion({ eventId: "b87c3d30-f3ab-4131-87e8-bc54cfef9d29", replayName: "replay-of-may" }),
  "delete-key-corrected-copy": deletion({ eventId: "b87c3d30-f3ab-4131-87e8-bc54cfef9d29", corrected: true }),
  "delete-key-newer-minor-version": by(alice),
  "delete-key-newer-major-version": refused("EVENT_MALFORMED", "dead-letter"),
  "delete-key-hostile-text": deletion({ userAgent: "\u001b[2J\u001b[31mcurl <!channel> \u202egnp.exe" }),
  "create-key": refused("EVENT_UNEXPECTED", "dead-letter"),
  "sqs-batch": refused("EVENT_MALFORMED", "dead-letter"),
};

describe("the sample events", () => {
  const files = readdirSync(folder).flatMap((file) => (file.endsWith(".json") ? [file.slice(0, -".json".length)] : []));

  it("each have a row here", () => {
    expect(files.sort()).toEqual(Object.keys(expected).sort());
  });

  it.each(files)("%s", (file) => {
    expect(parse(sample(file))).toMatchObject(expected[file] ?? {});
  });

  it("hold the batch that Lambda would hand over for the first of them", () => {
    const { Records } = JSON.parse(sample("sqs-batch"));
    expect(parse(Records[0].body)).toEqual(parse(sample("delete-key-sso")));
  });
});

/** The sample event with one value changed; `undefined` removes it. */
function changed(path: string, value: unknown): object {
  const event = JSON.parse(sample("delete-key-sso"));
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  const parent = keys.reduce((place, key) => place[key], event);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return event;
}

describe("refusals", () => {
  it.each<[string, unknown, string]>([
    ["no JSON", "{", "EVENT_NOT_JSON"],
    ["nothing", "", "EVENT_NOT_JSON"],
    ["null", null, "EVENT_MALFORMED"],
    ["an array", [], "EVENT_MALFORMED"],
    ["no detail", changed("detail", undefined), "EVENT_MALFORMED"],
    ["an eventID that is no GUID", changed("detail.eventID", "1"), "EVENT_MALFORMED"],
    ["a local time", changed("detail.eventTime", "May 27, 2024, 7:49:54 PM"), "EVENT_MALFORMED"],
    ["a time that does not exist", changed("detail.eventTime", "2024-13-27T19:49:54Z"), "EVENT_MALFORMED"],
    ["no eventType", changed("detail.eventType", undefined), "EVENT_MALFORMED"],
    ["another eventType", changed("detail.eventType", "AwsServiceEvent"), "EVENT_UNEXPECTED"],
    ["another source", changed("source", "aws.kms"), "EVENT_UNEXPECTED"],
    ["another eventSource", changed("detail.eventSource", "kms.amazonaws.com"), "EVENT_UNEXPECTED"],
    ["another detail-type", changed("detail-type", "AWS Console Sign In via CloudTrail"), "EVENT_UNEXPECTED"],
    [
      "no key at all",
      {
        ...changed("detail.responseElements", null),
        ...{
          detail: { ...(changed("detail.responseElements", null) as { detail: object }).detail, requestParameters: {} },
        },
      },
      "EVENT_MALFORMED",
    ],
  ])("%s", (_, body, code) => {
    expect(parse(body)).toMatchObject({ kind: "refused", code, disposition: "dead-letter" });
  });

  it("name the field and what was expected, and no long or hostile value", () => {
    expect(parse(changed("detail.eventID", `\u001b[31m${"x".repeat(5000)}`))).toMatchObject({
      message: "detail.eventID: expected a GUID",
    });
    expect(parse(changed("detail.eventTime", undefined))).toMatchObject({ message: "detail.eventTime: is missing" });
    const long = parse(changed("detail.eventName", `\u001b[31m\`${"x".repeat(100)}`));
    expect(long).toMatchObject({ code: "EVENT_UNEXPECTED" });
    expect("message" in long && long.message).toMatch(
      /^detail\.eventName `\\u\{1b\}\[31m'x+…` is not one that the rules send$/,
    );
  });
});

describe("the key", () => {
  const other = "arn:aws:payment-cryptography:us-east-1:111122223333:key/anotherkey000000";
  it.each<[string, object, object]>([
    [
      "is the answered one, whatever was asked for",
      changed("detail.requestParameters.keyIdentifier", other),
      { kind: "arn", arn: keyArn },
    ],
    [
      "is the one asked for by ARN, without an answer",
      {
        ...changed("detail.responseElements", null),
        detail: { ...JSON.parse(sample("delete-key-alias-only")).detail, requestParameters: { keyIdentifier: other } },
      },
      { kind: "arn", arn: other },
    ],
    [
      "is an alias by its ARN",
      {
        ...changed("detail.responseElements", null),
        detail: {
          ...JSON.parse(sample("delete-key-alias-only")).detail,
          requestParameters: { keyIdentifier: "arn:aws:payment-cryptography:us-east-1:111122223333:alias/a/b" },
        },
      },
      { kind: "alias", alias: "alias/a/b" },
    ],
  ])("%s", (_, body, target) => {
    expect(parse(body)).toMatchObject({ kind: "deletion", request: { target } });
  });

  it.each([2, 181, 3.5, "7", null, {}])("takes %j days as not said", (days) => {
    const parsed = parse(changed("detail.requestParameters.deleteKeyInDays", days));
    expect(parsed.kind === "deletion" && "requestedDays" in parsed.request).toBe(false);
  });

  it.each([3, 180])("takes %i days", (days) => {
    expect(parse(changed("detail.requestParameters.deleteKeyInDays", days))).toMatchObject({
      request: { requestedDays: days },
    });
  });

  it("by alias in another region or account is refused", () => {
    const aliasOnly = JSON.parse(sample("delete-key-alias-only"));
    const at = (detail: object) => parse({ ...aliasOnly, detail: { ...aliasOnly.detail, ...detail } });
    expect(at({ awsRegion: "eu-west-1" })).toMatchObject({ code: "WRONG_REGION" });
    expect(at({ recipientAccountId: "444455556666" })).toMatchObject({ code: "WRONG_ACCOUNT" });
  });

  it("of a failed call elsewhere is refused too", () => {
    const denied = JSON.parse(sample("delete-key-wrong-state"));
    expect(parse({ ...denied, detail: { ...denied.detail, awsRegion: "eu-west-1" } })).toMatchObject({
      code: "WRONG_REGION",
    });
  });
});

describe("what is kept only for the record", () => {
  const kept = (name: string, value: unknown) => parse(changed(`detail.${name}`, value));
  it.each(["userAgent", "sourceIPAddress", "requestID"])("never stands in the way: %s", (name) => {
    for (const value of [null, 7, {}, "x".repeat(5_000)]) expect(kept(name, value)).toMatchObject({ kind: "deletion" });
  });

  it("is cut where CloudTrail itself would cut it", () => {
    expect(kept("userAgent", "x".repeat(5_000))).toMatchObject({ request: { userAgent: "x".repeat(1_024) } });
  });

  it("holds no half of a character, which no record could hold", () => {
    expect(kept("userAgent", "aws-cli \ud83d")).toMatchObject({ request: { userAgent: "aws-cli \ufffd" } });
    expect(kept("sourceIPAddress", "\udc00")).toMatchObject({ request: { sourceIp: "\ufffd" } });
    expect(kept("userIdentity.sessionContext.sourceIdentity", "\ud800")).toMatchObject({
      request: { requester: { sourceIdentity: "\ufffd" } },
    });
  });

  it("and a record that only came late is a call of its own", () => {
    const late = { reason: "DELIVERY_DELAY", originalEventID: "11111111-1111-4111-8111-111111111111" };
    const { eventID } = JSON.parse(sample("delete-key-sso")).detail;
    expect(kept("addendum", late)).toMatchObject({ kind: "deletion", request: { eventId: eventID, corrected: false } });
  });

  it("and an addendum that is not understood is none", () => {
    expect(kept("addendum", { reason: 1 })).toMatchObject({ kind: "deletion", request: { corrected: false } });
  });
});

describe("a record that is not understood", () => {
  const hint = { kind: "hint", arn: keyArn };

  it.each<[string, unknown, string]>([
    ["of a newer major version", changed("detail.eventVersion", "2.0"), "EVENT_MALFORMED"],
    ["with a local time", changed("detail.eventTime", "soon"), "EVENT_MALFORMED"],
    ["of another source", changed("source", "aws.kms"), "EVENT_UNEXPECTED"],
    [
      "of another call",
      { detail: { eventName: "CreateKey", responseElements: { key: { keyArn } } } },
      "EVENT_MALFORMED",
    ],
    [
      "whose own members are PascalCase",
      { Detail: { ResponseElements: { Key: { KeyArn: keyArn } } } },
      "EVENT_MALFORMED",
    ],
    ["cut off", sample("delete-key-sso").slice(0, -10), "EVENT_NOT_JSON"],
    ["inside a batch", sample("sqs-batch"), "EVENT_MALFORMED"],
  ])("still tells which key of this stack to look at: %s", (_, body, code) => {
    expect(parse(body)).toMatchObject({ code, disposition: "dead-letter", hint });
  });

  it.each([
    ["alias/prod/cvk-1", "alias/prod/cvk-1"],
    ["arn:aws:payment-cryptography:us-east-1:111122223333:key/kwapwa6qaifllw2h", undefined],
    ["alias/\u202egnp", undefined],
    ["alias/<!channel>", undefined],
    [`alias/${"a".repeat(251)}`, undefined],
    [["alias/prod/cvk-1"], undefined],
  ])("keeps the alias that named the key in the call, beside the ARN of the answer: %j", (keyIdentifier, namedAs) => {
    const { detail } = JSON.parse(sample("delete-key-iam-user"));
    const called = { ...detail, requestParameters: { ...detail.requestParameters, keyIdentifier } };
    const message = parse(JSON.stringify({ ...JSON.parse(sample("delete-key-iam-user")), detail: called }));
    expect(message).toMatchObject({ kind: "deletion", request: { target: { kind: "arn" } } });
    expect(message.kind === "deletion" && message.request.namedAs).toBe(namedAs);
  });

  it("reports an alias where it holds no ARN", () => {
    const aliasOnly = JSON.parse(sample("delete-key-alias-only"));
    const body = { ...aliasOnly, detail: { ...aliasOnly.detail, eventVersion: "2.0" } };
    expect(parse(body)).toMatchObject({ hint: { kind: "alias", alias: "alias/BIN_12345_CVK" } });
  });

  it("reports the answered key, whatever the caller wrote elsewhere", () => {
    const body = changed("detail.userAgent", keyArn.replace("kwapwa6qaifllw2h", "decoy00000000000")) as {
      detail: object;
    };
    expect(parse({ ...body, detail: { ...body.detail, eventVersion: "2.0" } })).toMatchObject({ hint });
  });

  it("tells nothing of keys elsewhere", () => {
    const elsewhere = JSON.parse(sample("delete-key-other-region"));
    for (const body of [
      { ...elsewhere, detail: { ...elsewhere.detail, eventVersion: "2.0" } },
      { detail: { eventName: "DeleteKey", responseElements: { key: { keyArn: "arn" } } } },
    ])
      expect(parse(body)).not.toHaveProperty("hint");
  });
});

describe("a key in a form that CloudTrail is not known to deliver", () => {
  const { detail, ...envelope } = JSON.parse(sample("delete-key-sso"));
  const { requestParameters: _, responseElements: _answer, ...record } = detail;
  const naming = (members: object, more: object = {}) =>
    parse({ ...envelope, detail: { ...record, ...members, ...more } });
  const hint = { kind: "hint", arn: keyArn };
  const alias = { kind: "alias", alias: "alias/BIN_12345_CVK" };
  const bare = "arn:aws:payment-cryptography";

  it.each<[string, object, object]>([
    [
      "an ARN without account",
      { responseElements: { key: { keyArn: `${bare}:us-east-1::key/kwapwa6qaifllw2h` } } },
      hint,
    ],
    [
      "an ARN without account and Region",
      { requestParameters: { keyIdentifier: `${bare}:::key/kwapwa6qaifllw2h` } },
      hint,
    ],
    ["parameters that are a JSON string", { requestParameters: JSON.stringify({ keyIdentifier: keyArn }) }, hint],
    ["an answer that is a JSON string", { responseElements: JSON.stringify({ key: { keyArn } }) }, hint],
    [
      "JSON in JSON in JSON",
      { requestParameters: JSON.stringify({ body: JSON.stringify({ keyIdentifier: keyArn }) }) },
      hint,
    ],
    ["JSON with escaped slashes", { requestParameters: JSON.stringify({ keyArn }).replaceAll("/", "\\/") }, hint],
    ["PascalCase members", { requestParameters: { KeyIdentifier: keyArn } }, hint],
    ["snake_case members", { responseElements: { key: { key_arn: keyArn } } }, hint],
    ["an alias in a PascalCase member", { requestParameters: { KeyIdentifier: "alias/BIN_12345_CVK" } }, alias],
    ["an alias in a JSON string", { requestParameters: '{ "keyIdentifier": "alias/BIN_12345_CVK" }' }, alias],
    [
      "the ARN of an alias, without account",
      { requestParameters: { keyIdentifier: `${bare}:us-east-1::alias/BIN_12345_CVK` } },
      alias,
    ],
    ["a key id", { requestParameters: { keyIdentifier: "kwapwa6qaifllw2h" } }, hint],
    ["a key id in a snake_case member", { requestParameters: '{"key_id": "kwapwa6qaifllw2h"}' }, hint],
    [
      "an ARN beside an alias",
      { requestParameters: { keyIdentifier: "alias/x" }, responseElements: { KeyArn: keyArn } },
      hint,
    ],
    [
      "an alias beside a key id",
      { requestParameters: { keyIdentifier: "alias/BIN_12345_CVK", keyId: "kwapwa6qaifllw2h" } },
      alias,
    ],
  ])("is looked at, and proves nothing: %s", (_name, members, target) => {
    expect(naming(members)).toMatchObject({ kind: "deletion", request: { target } });
  });

  it.each<[string, object]>([
    ["an ARN of another account", { KeyIdentifier: keyArn.replace("111122223333", "444455556666") }],
    ["an ARN of another Region, without account", { keyIdentifier: `${bare}:eu-west-1::key/kwapwa6qaifllw2h` }],
    ["an alias of another account", { keyIdentifier: `${bare}:us-east-1:444455556666:alias/x` }],
    ["too short an id", { keyIdentifier: "kwapwa6qaif" }],
    ["an id in a member that names no key", { clientToken: "kwapwa6qaifllw2h" }],
    ["nothing", {}],
  ])("is not made up from %s", (_name, requestParameters) => {
    expect(naming({ requestParameters })).toMatchObject({ kind: "refused", code: "EVENT_MALFORMED" });
  });

  it("is refused where the record itself is of another account or Region", () => {
    const members = { requestParameters: { keyIdentifier: "kwapwa6qaifllw2h" } };
    expect(naming(members, { awsRegion: "eu-west-1" })).toMatchObject({ code: "WRONG_REGION" });
    expect(naming(members, { recipientAccountId: "444455556666" })).toMatchObject({ code: "WRONG_ACCOUNT" });
    const whole = { requestParameters: { KeyIdentifier: keyArn } };
    expect(naming(whole, { awsRegion: "eu-west-1" })).toMatchObject({ request: { target: hint } });
  });

  it("is looked at when a service event names it", () => {
    const event = JSON.parse(sample("service-event-key-destroyed"));
    const {
      serviceEventDetails: _details,
      responseElements: _none,
      requestParameters: _parameters,
      resources: _r,
      ...rest
    } = event.detail;
    const body = { ...event, detail: { ...rest, serviceEventDetails: { target: { primary: { KeyArn: keyArn } } } } };
    expect(parse(body)).toMatchObject({ kind: "service-event", hint });
  });
});

describe("null, an empty object, empty text and an absent member are one thing", () => {
  it.each(["errorCode", "addendum", "requestID"])("in a successful call: %s", (member) => {
    for (const nothing of [null, "", {}, [], { a: null }])
      expect(parse(changed(`detail.${member}`, nothing))).toMatchObject({
        kind: "deletion",
        request: { corrected: false },
      });
  });

  it.each([null, "", {}, undefined])("a type of %j is recognized by the ARN", (type) => {
    expect(parse(changed("detail.userIdentity.type", type))).toMatchObject({ request: { requester: alice } });
  });

  it("an empty error code is a success, any other a failed call", () => {
    expect(parse(changed("detail.errorCode", ""))).toMatchObject({ kind: "deletion" });
    expect(parse(changed("detail.errorCode", "AccessDenied"))).toMatchObject({ kind: "attempt" });
  });

  it("nulls before the ARN in resources do not hide it", () => {
    const body = JSON.parse(sample("delete-key-resources-only"));
    body.detail.resources = [...Array.from({ length: 30 }, () => null), ...body.detail.resources];
    expect(parse(body)).toMatchObject({ request: { target: { kind: "arn", arn: keyArn } } });
  });
});

describe("the requester is unknown", () => {
  const identity = (path: string, value: unknown) => parse(changed(`detail.userIdentity.${path}`, value));
  it.each<[string, string, unknown]>([
    ["without the session's issuer", "sessionContext.sessionIssuer", undefined],
    ["without a session context", "sessionContext", undefined],
    [
      "with an issuer of another account",
      "sessionContext.sessionIssuer.arn",
      ssoRole.replace("111122223333", "444455556666"),
    ],
    [
      "with an issuer that is not the session's role",
      "sessionContext.sessionIssuer.arn",
      "arn:aws:iam::111122223333:role/ci/key-reaper",
    ],
    ["with an issuer that is a user", "sessionContext.sessionIssuer.arn", "arn:aws:iam::111122223333:user/alice"],
    ["with an account that does not fit", "accountId", "444455556666"],
    ["with an invalid account", "accountId", "1"],
    ["with a type of tomorrow", "type", "Robot"],
    ["with a type of the wrong type", "type", 7],
    ["with an ARN of tomorrow", "arn", "arn:aws:sts::111122223333:robot/r2"],
  ])("%s", (_, path, value) => {
    expect(identity(path, value)).toMatchObject({ kind: "deletion", request: { requester: { kind: "unknown" } } });
  });

  it.each<[string, object]>([
    ["a user without an ARN", { type: "IAMUser", accountId: "111122223333" }],
    [
      "a user of another account",
      { type: "IAMUser", arn: "arn:aws:iam::444455556666:user/x", accountId: "111122223333" },
    ],
    ["a root without an account", { type: "Root" }],
    ["an account without one", { type: "AWSAccount" }],
    ["a service without a name", { type: "AWSService" }],
    ["an Identity Center user without an id", { type: "IdentityCenterUser", onBehalfOf: {} }],
    [
      "a federated user of another account",
      { type: "FederatedUser", arn: "arn:aws:sts::444455556666:federated-user/x", accountId: "111122223333" },
    ],
    ["nobody", {}],
  ])("for %s", (_, userIdentity) => {
    expect(parse(changed("detail.userIdentity", userIdentity))).toMatchObject({
      request: { requester: { kind: "unknown" } },
    });
  });

  it("is recognized by the ARN where the record has no type", () => {
    const without = (arn: string) => parse(changed("detail.userIdentity", { arn, accountId: "111122223333" }));
    expect(without("arn:aws:iam::111122223333:user/team/x")).toMatchObject({
      request: { requester: { kind: "user" } },
    });
    expect(without("arn:aws:iam::111122223333:root")).toMatchObject({ request: { requester: { kind: "root" } } });
    expect(without("arn:aws:sts::111122223333:federated-user/x")).toMatchObject({
      request: { requester: { kind: "federated-user" } },
    });
    expect(parse(changed("detail.userIdentity", { invokedBy: "x.amazonaws.com" }))).toMatchObject({
      request: { requester: { kind: "service", service: "x.amazonaws.com" } },
    });
  });

  it("has no permission set unless the role's path is Identity Center's own", () => {
    const role = "arn:aws:iam::111122223333:role/AWSReservedSSO_PaymentsAdmin_0123456789abcdef";
    const parsed = identity("sessionContext.sessionIssuer.arn", role);
    expect(parsed).toMatchObject({ request: { requester: { kind: "role-session", roleArn: role } } });
    expect(parsed.kind === "deletion" && "permissionSet" in parsed.request.requester).toBe(false);
  });
});

describe("the event that asks to re-evaluate a case", () => {
  const stack = { account: "111122223333", region: "us-east-1" };
  const event = (overrides: object = {}, name: object = {}) => ({
    source: "reprieve",
    "detail-type": "re-evaluate",
    account: "111122223333",
    region: "us-east-1",
    detail: {
      case: {
        keyArn: "arn:aws:payment-cryptography:us-east-1:111122223333:key/kwapwa6qaifllw2h",
        generation: 2,
        ...name,
      },
    },
    ...overrides,
  });

  it("names a case and nothing else", () => {
    expect(parseQueueMessage(JSON.stringify(event()), stack)).toEqual({
      kind: "re-evaluate",
      name: event().detail.case,
    });
  });

  it.each([
    ["of another type", event({ "detail-type": "decided" })],
    ["of another account", event({ account: "444455556666" })],
    ["of another region", event({ region: "eu-west-1" })],
    [
      "about another account's key",
      event({}, { keyArn: event().detail.case.keyArn.replace("111122223333", "444455556666") }),
    ],
    ["about no key", event({}, { keyArn: "alias/prod" })],
    ["about no case", event({}, { generation: 0 })],
    ["without detail", event({ detail: undefined })],
  ])("%s is put aside", (_, message) => {
    expect(parseQueueMessage(JSON.stringify(message), stack)).toMatchObject({
      kind: "refused",
      code: "EVENT_UNEXPECTED",
      disposition: "dead-letter",
    });
  });
});
