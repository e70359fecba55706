import { describe, expect, it } from "vitest";
import type { Conditions, Statement } from "../../../local/aws/iam/policy/document.ts";
import { judgeByPolicy } from "../../../local/aws/iam/policy/evaluate.ts";

const roleArn = "arn:aws:iam::111122223333:role/ci/key-reaper";
const principal = {
  account: "111122223333",
  arn: "arn:aws:sts::111122223333:assumed-role/key-reaper/nightly",
  roleArn,
};
const resource = "arn:aws:payment-cryptography:us-east-1:111122223333:key/kwapwa6qaifllw2h";
const context = new Map<string, string | readonly string[]>([
  ["aws:principalarn", roleArn],
  ["aws:sourceip", "203.0.113.11"],
  ["payment-cryptography:resourcealiases", ["alias/prod/a", "alias/b"]],
]);
const request = { principal, action: "payment-cryptography:RestoreKey", resource, context };
const judge = (...Statement: Statement[]) => judgeByPolicy({ Version: "2012-10-17", Statement }, request);

/** A policy variable, in IAM's spelling. */
const variable = (inside: string) => `$\{${inside}}`;
const all = { Action: "*", Resource: "*" } as const;
const allow = (Principal: Statement["Principal"], more: Partial<Statement> = {}): Statement => ({
  ...{ Effect: "Allow", ...all, ...(Principal !== undefined && { Principal }) },
  ...more,
});
const deny = (Principal: Statement["Principal"], more: Partial<Statement> = {}): Statement => ({
  ...allow(Principal, more),
  Effect: "Deny",
});

describe("a resource policy", () => {
  it.each<[string, Statement[], string]>([
    ["says nothing of others", [allow({ AWS: "arn:aws:iam::111122223333:user/mallory" })], "silent"],
    ["allows a role by its ARN with path", [allow({ AWS: roleArn })], "allowed"],
    ["allows a session by its own ARN", [allow({ AWS: principal.arn })], "allowed"],
    ["allows everybody", [allow("*")], "allowed"],
    ["leaves it to the account", [allow({ AWS: "111122223333" })], "allowed-for-account"],
    ["leaves it to the account's root", [allow({ AWS: "arn:aws:iam::111122223333:root" })], "allowed-for-account"],
    ["denies before it allows", [allow("*"), deny({ AWS: roleArn })], "denied"],
    ["denies a whole account", [allow("*"), deny({ AWS: "111122223333" })], "denied"],
    [
      "denies all but others",
      [deny(undefined, { NotPrincipal: { AWS: "arn:aws:iam::111122223333:user/x" } })],
      "denied",
    ],
    ["spares what NotPrincipal names", [deny(undefined, { NotPrincipal: { AWS: roleArn } })], "silent"],
    ["knows no partial principal", [allow({ AWS: "arn:aws:iam::111122223333:role/*" })], "silent"],
    ["knows no service among callers", [allow({ Service: "lambda.amazonaws.com" })], "silent"],
    ["compares actions without case", [allow("*", { Action: "Payment-Cryptography:restore*" })], "allowed"],
    ["names another key", [allow("*", { Resource: resource.replace("kwap", "kwaq") })], "silent"],
  ])("%s", (_, statements, verdict) => {
    expect(judge(...statements)).toBe(verdict);
  });

  it("with NotAction alone means every other action", () => {
    const { Action: _, ...rest } = deny("*");
    expect(judge({ ...rest, NotAction: "kms:*" })).toBe("denied");
    expect(judge({ ...rest, NotAction: ["payment-cryptography:Restore*"] })).toBe("silent");
  });

  it.each<[Conditions, boolean]>([
    [{ ArnEquals: { "aws:PrincipalArn": "arn:aws:iam::*:role/ci/*" } }, true],
    [{ ArnNotLike: { "aws:PrincipalArn": [roleArn] } }, false],
    [{ ArnLike: { "aws:PrincipalArn": "arn:aws:iam::1111*" } }, false],
    [{ ArnLike: { "aws:PrincipalArn": "arn:aws:*role/ci/key-reaper" } }, false],
    [{ IpAddress: { "aws:SourceIp": "0.0.0.0/0" } }, true],
    [{ NotIpAddress: { "aws:SourceIp": "203.0.113.0/24" } }, false],
    [{ StringEquals: { "aws:PrincipalOrgID": "o-1" } }, false],
    [{ StringNotEquals: { "aws:PrincipalOrgID": "o-1" } }, true],
    [{ StringEqualsIfExists: { "aws:PrincipalOrgID": "o-1" } }, true],
    [{ Null: { "aws:PrincipalOrgID": true } }, true],
    [{ Null: { "aws:PrincipalArn": "true" } }, false],
    [{ StringLike: { "payment-cryptography:ResourceAliases": "alias/prod/*" } }, false],
    [{ "ForAnyValue:StringLike": { "payment-cryptography:ResourceAliases": "alias/prod/*" } }, true],
    [{ "ForAllValues:StringLike": { "payment-cryptography:ResourceAliases": "alias/prod/*" } }, false],
    [{ "ForAllValues:StringLike": { "aws:TagKeys": "a" } }, true],
    [{ "ForAnyValue:StringLike": { "aws:TagKeys": "a" } }, false],
    // A variable that the call lacks equals nothing.
    [{ StringEquals: { "aws:SourceIp": variable("aws:username") } }, false],
    [{ StringNotEquals: { "aws:SourceIp": variable("aws:username") } }, true],
    [{ StringEquals: { "aws:SourceIp": variable("aws:username, '203.0.113.11'") } }, true],
    [{ StringEquals: { "aws:SourceIp": "203.0.113.1?" } }, false],
    [{ MadeUp: { "aws:SourceIp": "203.0.113.11" } }, false],
  ])("under the condition %j: %j", (Condition, holds) => {
    expect(judge(deny("*", { Condition }))).toBe(holds ? "denied" : "silent");
  });
});
