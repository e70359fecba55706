import { describe, expect, it } from "vitest";
import { requesterFrom } from "../../lib/aws/cloudtrail/user-identity.ts";

const roleArn = "arn:aws:iam::111122223333:role/ci/key-reaper";
const session = (issuer: object, attributes?: object) => ({
  type: "AssumedRole",
  accountId: "111122223333",
  arn: "arn:aws:sts::111122223333:assumed-role/key-reaper/nightly",
  sessionContext: { sessionIssuer: { arn: roleArn, ...issuer }, ...(attributes && { attributes }) },
});

describe("the requester that a record names", () => {
  it.each([
    ["AROAREAPERSEXAMPLE00", "AROAREAPERSEXAMPLE00"],
    ["AIDAREAPERSEXAMPLE00", undefined],
    ["ASIAREAPERSEXAMPLE00", undefined],
    [undefined, undefined],
  ])("has a role id only where the issuer's is one: %j", (principalId, roleId) => {
    expect(requesterFrom(session({ principalId }))).toEqual({
      ...{ kind: "role-session", account: "111122223333", roleArn, sessionName: "nightly" },
      ...(roleId && { roleId }),
    });
  });

  it.each([
    ["true", true],
    [true, true],
    ["false", false],
    [false, false],
    ["yes", false],
    ["", false],
  ])("used mfa only where the record says so: %j", (mfaAuthenticated, mfa) => {
    expect(requesterFrom(session({}, { mfaAuthenticated }))).toMatchObject({ mfa });
  });
});
