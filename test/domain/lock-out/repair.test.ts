import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { KeyArn } from "../../../lib/domain/key/key-arn.ts";
import type { LockOut, RestoringCall } from "../../../lib/domain/lock-out/denial.ts";
import { repairOf } from "../../../lib/domain/lock-out/repair.ts";

const keyArn = "arn:aws:payment-cryptography:us-east-1:111122223333:key/kwapwa6qaifllw2h" as KeyArn;
const guard = "arn:aws:iam::111122223333:role/reprieve-prod-guard-us-east-1";
const sweep = "arn:aws:iam::111122223333:role/reprieve-prod-sweep-us-east-1";
const lockOut = (...calls: RestoringCall[]): LockOut => ({ keyArn, roles: [guard, sweep], calls });
const restoring = lockOut("RestoreKey");

const deny = (changes: object = {}) => ({
  ...{ Sid: "a", Effect: "Deny", Principal: { AWS: guard } },
  ...{ Action: "payment-cryptography:RestoreKey", Resource: "*" },
  ...changes,
});
const grant = {
  ...{ Sid: "Partner", Effect: "Allow", Principal: { AWS: "arn:aws:iam::444455556666:root" } },
  ...{ Action: "payment-cryptography:DecryptData", Resource: "*" },
};
const policy = (...Statement: unknown[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const without = (name: string, changes: object = {}) =>
  Object.fromEntries(Object.entries(deny(changes)).filter(([each]) => each !== name));

describe("a Deny that locks the guard out", () => {
  it.each<[string, object, LockOut?]>([
    ["names the guard's role", {}],
    ["names the sweep's role", { Principal: { AWS: [sweep] } }],
    [
      "names a session of the guard",
      { Principal: { AWS: "arn:aws:sts::111122223333:assumed-role/reprieve-prod-guard-us-east-1/s" } },
    ],
    ["names the role among others", { Principal: { AWS: ["arn:aws:iam::444455556666:root", guard] } }],
    ["names everyone", { Principal: "*" }],
    ["names everyone in the long form", { Principal: { AWS: ["*"] } }],
    ["names the account by its root", { Principal: { AWS: "arn:aws:iam::111122223333:root" } }],
    ["names the account by its id", { Principal: { AWS: "111122223333" } }],
    ["covers all calls", { Action: "*" }],
    ["covers all calls of the service", { Action: ["payment-cryptography:*"] }],
    ["covers the call by a wildcard, in any case", { Action: "Payment-Cryptography:restore?ey" }],
    ["covers the call among others", { Action: ["payment-cryptography:ExportKey", "payment-cryptography:RestoreKey"] }],
    [
      "covers GetKey, which was refused too",
      { Action: "payment-cryptography:GetKey" },
      lockOut("RestoreKey", "GetKey"),
    ],
    ["names the key itself", { Resource: [keyArn] }],
    ["has a condition without any key", { Condition: {} }],
  ])("is removed if it %s", (_, changes, lockedOut = restoring) => {
    const removed = JSON.stringify([deny(changes)]);
    expect(repairOf(policy(deny(changes)), lockedOut)).toEqual({ do: "delete", removed, left: 0 });
    expect(repairOf(policy(grant, deny(changes)), lockedOut)).toEqual({
      do: "put",
      text: policy(grant),
      removed,
      left: 1,
    });
  });

  it.each<[string, object, string]>([
    ["is an Allow", { Effect: "Allow" }, "no-deny"],
    ["has another Effect", { Effect: "deny" }, "no-deny"],
    ["names another role", { Principal: { AWS: "arn:aws:iam::111122223333:role/someone" } }, "no-deny"],
    [
      "names a role of the same name at another path",
      { Principal: { AWS: guard.replace("role/", "role/x/") } },
      "no-deny",
    ],
    [
      "names a role of the same name in another account",
      { Principal: { AWS: guard.replaceAll("1111", "9999") } },
      "no-deny",
    ],
    ["names a pattern, which IAM does not take", { Principal: { AWS: "arn:aws:iam::111122223333:role/*" } }, "no-deny"],
    ["names another account", { Principal: { AWS: "arn:aws:iam::444455556666:root" } }, "no-deny"],
    ["names a service", { Principal: { Service: "*" } }, "no-deny"],
    ["names nobody", { Principal: {} }, "no-deny"],
    ["has a Principal of no known form", { Principal: 7 }, "no-deny"],
    ["covers another call", { Action: "payment-cryptography:DeleteKey" }, "no-deny"],
    ["covers a call that was not refused", { Action: "payment-cryptography:StartKeyUsage" }, "no-deny"],
    ["covers another service", { Action: "kms:*" }, "no-deny"],
    ["has an Action of no known form", { Action: { "*": "*" } }, "no-deny"],
    ["names another key", { Resource: keyArn.replace("kwap", "xxxx") }, "no-deny"],
    ["has a condition", { Condition: { Bool: { "aws:ViaAWSService": "false" } } }, "conditional"],
    ["has a condition of no known form", { Condition: "x" }, "conditional"],
    ["has an element that is not known", { Effects: "Deny" }, "conditional"],
  ])("is left as it is if it %s", (_, changes, why) => {
    expect(repairOf(policy(grant, deny(changes)), restoring)).toEqual({ do: "leave", why });
  });

  it.each(["NotPrincipal", "NotAction", "NotResource"])("is left as it is if it has a %s", (name) => {
    const statement = { ...without(name.slice(3)), [name]: name === "NotPrincipal" ? { AWS: "x" } : "x" };
    expect(repairOf(policy(statement), restoring)).toEqual({ do: "leave", why: "conditional" });
  });

  it.each(["Principal", "Action", "Resource"])("is left as it is without its %s", (name) => {
    expect(repairOf(policy(without(name)), restoring)).toEqual({ do: "leave", why: "no-deny" });
  });

  it("is removed wherever it stands, each of them, and a conditional one beside it stays", () => {
    const conditional = deny({ Condition: { StringEquals: { "aws:PrincipalTag/x": "y" } } });
    expect(repairOf(policy(deny(), grant, conditional, deny({ Principal: "*" })), restoring)).toMatchObject({
      ...{ do: "put", text: policy(grant, conditional), left: 2 },
      removed: JSON.stringify([deny(), deny({ Principal: "*" })]),
    });
  });

  it("is found in a policy whose only statement is no list, and in one that came as an object", () => {
    const document = { Version: "2012-10-17", Id: "x", Statement: deny() };
    for (const given of [document, JSON.stringify(document)])
      expect(repairOf(given, restoring)).toMatchObject({ do: "delete" });
  });

  it("leaves other members of the document alone, and escapes what PutResourcePolicy refuses", () => {
    const document = { Version: "2008-10-17", Id: "snow \u2603 \u{1f511} \u00e9", Statement: [deny(), grant] };
    const repair = repairOf(JSON.stringify(document), restoring);
    if (repair.do !== "put") throw new Error(repair.do);
    expect(repair.text).toMatch(/^[\t\n\r\x20-\xff]+$/);
    expect(JSON.parse(repair.text)).toEqual({ ...document, Statement: [grant] });
  });
});

describe("a policy", () => {
  it.each<[string, unknown]>([
    ["is absent", undefined],
    ["is null", null],
    ["is empty, as the service says of a key without one", "{}"],
    ["is an empty object", {}],
    ["has no statements", policy()],
  ])("that %s locks nobody out", (_, given) => {
    expect(repairOf(given, restoring)).toEqual({ do: "leave", why: "no-deny" });
  });

  const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
  it.each<[string, unknown]>([
    ["is no JSON", "{"],
    ["is empty text", ""],
    ["is a list", "[]"],
    ["is a number", 7],
    ["has a malformed statement", policy(deny(), "x")],
    [
      "has a number that JSON does not keep",
      `{"Statement":[{"Condition":{"NumericEquals":{"x":12345678901234567890}}}]}`,
    ],
    [
      "has two lists of statements",
      `{"Statement":[${JSON.stringify(deny({ Condition: {} }))}],"Statement" : [${JSON.stringify(deny())}]}`,
    ],
    ["has a statement with two effects", policy(deny()).replace('"Effect":"Deny"', '"Effect":"Allow","Effect":"Deny"')],
    [
      "has a name twice, once escaped",
      policy(deny()).replace('"Effect":"Deny"', '"\\u0045ffect":"Allow","Effect":"Deny"'),
    ],
    ["has a key that objects do not keep", `{"Statement":[],"__proto__":{"x":1}}`],
    ["is nested without end", nested(2_000)],
    ["is larger than AWS allows", policy(deny({ Sid: "x".repeat(50_000) }))],
  ])("that %s is not touched", (_, given) => {
    expect(repairOf(given, restoring)).toEqual({ do: "leave", why: "unreadable" });
  });

  it("may have values that look like names, and the same name in two statements", () => {
    const text = policy(
      deny({ Sid: 'a":"b' }),
      deny({ Sid: '"Effect":"Deny"\\', Principal: "*" }),
      deny({ Sid: "x\n: y" }),
    );
    expect(repairOf(text, restoring)).toMatchObject({ do: "delete" });
  });

  const part = <Value>(...values: Value[]) => fc.constantFrom(...values);
  const statement = fc.record(
    {
      Effect: part("Deny", "Allow"),
      Principal: part<unknown>(
        "*",
        { AWS: guard },
        { AWS: ["*"] },
        { AWS: "arn:aws:iam::111122223333:role/x" },
        7,
        null,
      ),
      NotPrincipal: part<unknown>({ AWS: guard }),
      Action: part<unknown>(
        "*",
        "payment-cryptography:*",
        ["payment-cryptography:RestoreKey"],
        "payment-cryptography:GetKey",
        [],
      ),
      NotAction: part("payment-cryptography:GetKey"),
      Resource: part<unknown>("*", keyArn, [], "x"),
      Condition: part<unknown>({}, { Bool: { "aws:SecureTransport": "false" } }, []),
      Sid: fc.string({ maxLength: 8 }),
    },
    { requiredKeys: ["Effect", "Resource"] },
  );

  it("keeps every statement that is not an unconditional Deny, in its order, and needs no second repair", () => {
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 5 }), (statements) => {
        const repair = repairOf(JSON.stringify({ Version: "2012-10-17", Statement: statements }), restoring);
        if (repair.do === "leave") return;
        const removed = JSON.parse(repair.removed) as Record<string, unknown>[];
        for (const each of removed) {
          expect(each).toMatchObject({ Effect: "Deny" });
          expect(Object.keys(each).filter((name) => name.startsWith("Not"))).toEqual([]);
          expect(Object.keys((each["Condition"] as object | undefined) ?? {})).toEqual([]);
        }
        const left = repair.do === "put" ? (JSON.parse(repair.text) as { Statement: unknown[] }).Statement : [];
        const texts = statements.map((each) => JSON.stringify(each));
        const gone = removed.map((each) => JSON.stringify(each));
        expect(left.map((each) => JSON.stringify(each))).toEqual(texts.filter((text) => !gone.includes(text)));
        expect(left).toHaveLength(repair.left);
        expect(repairOf(repair.do === "put" ? repair.text : "{}", restoring)).toMatchObject({ do: "leave" });
      }),
    );
  });

  it("may be any text at all", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.json(), fc.anything()), (given) => {
        expect(["leave", "put", "delete"]).toContain(repairOf(given, restoring).do);
      }),
    );
  });
});
