import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isReservedRole,
  parseFederatedUserArn,
  parseRoleArn,
  parseRoleSessionArn,
  parseRootArn,
  parseUserArn,
  permissionSetOf,
} from "../../../lib/domain/people/iam-arn.ts";

const iam = "arn:aws:iam::111122223333";
const sts = "arn:aws:sts::111122223333";
const reserved = "aws-reserved/sso.amazonaws.com";
const ownName = "AWSReservedSSO_PaymentsAdmin_0123456789abcdef";

function permissionSet(arn: string): string | undefined {
  const role = parseRoleArn(arn);
  return role && permissionSetOf(role);
}

describe("the permission set behind a role", () => {
  it.each([
    ["with the Region of Identity Center", `${iam}:role/${reserved}/us-east-2/${ownName}`, "PaymentsAdmin"],
    ["without one, where it is at home in us-east-1", `${iam}:role/${reserved}/${ownName}`, "PaymentsAdmin"],
    ["whose name has underscores", `${iam}:role/${reserved}/AWSReservedSSO_a_b_c_599c9e90e350d2ff`, "a_b_c"],
  ])("is known %s", (_, arn, expected) => {
    expect(permissionSet(arn)).toBe(expected);
  });

  it.each([
    ["a role of that name elsewhere", `${iam}:role/${ownName}`],
    ["a path that contains Identity Center's after a colon", `${iam}:role/x:role/${reserved}/${ownName}`],
    ["a path that begins like it", `${iam}:role/${reserved}.example.com/${ownName}`],
    ["a path that goes on", `${iam}:role/${reserved}/us-east-1/team/${ownName}`],
    ["a path that goes on with no Region", `${iam}:role/${reserved}/team/${ownName}`],
    ["a path that ends with it", `${iam}:role/team/${reserved}/${ownName}`],
    ["another letter case", `${iam}:role/AWS-Reserved/sso.amazonaws.com/${ownName}`],
    ["another name at that path", `${iam}:role/${reserved}/PaymentsAdmin`],
    ["too short a suffix", `${iam}:role/${reserved}/AWSReservedSSO_PaymentsAdmin_0123456789abcde`],
    ["no permission set", `${iam}:role/${reserved}/AWSReservedSSO__0123456789abcdef`],
    ["a service-linked role", `${iam}:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS`],
    ["another partition", `arn:aws-cn:iam::111122223333:role/${reserved}/${ownName}`],
    ["another service", `arn:aws:s3:::role/${reserved}/${ownName}`],
    ["a user", `${iam}:user/${reserved}/${ownName}`],
  ])("is not seen in %s", (_, arn) => {
    expect(permissionSet(arn)).toBeUndefined();
  });

  it("is never seen in 10,000 roles that Identity Center did not make, whatever their paths and names borrow", () => {
    const borrowed = fc.constantFrom(
      "aws-reserved",
      "sso.amazonaws.com",
      "us-east-1",
      "x",
      "role",
      ":",
      "x:role",
      "iam::1:role",
      "%2F",
      "-",
    );
    const path = fc.array(borrowed, { maxLength: 6 }).map((segments) => ["", ...segments, ""].join("/"));
    const name = fc.oneof(
      fc.constant(ownName),
      fc.stringMatching(/^AWSReservedSSO_[\w+=,.@-]{1,20}_[0-9a-f]{16}$/),
      fc.stringMatching(/^[\w+=,.@-]{1,64}$/),
    );
    const own = [`/${reserved}/`, `/${reserved}/us-east-1/`];
    fc.assert(
      fc.property(path, name, (at, called) => {
        fc.pre(!own.includes(at));
        expect(permissionSet(`${iam}:role${at}${called}`)).toBeUndefined();
      }),
      { numRuns: 10_000 },
    );
  });

  it("is always seen in roles as Identity Center makes them", () => {
    const region = fc.constantFrom("", "us-east-2/", "eu-central-1/", "ap-southeast-4/", "us-gov-west-1/");
    fc.assert(
      fc.property(
        region,
        fc.stringMatching(/^[\w+=,.@-]{1,32}$/),
        fc.stringMatching(/^[0-9a-f]{16}$/),
        (at, set, suffix) => {
          expect(permissionSet(`${iam}:role/${reserved}/${at}AWSReservedSSO_${set}_${suffix}`)).toBe(set);
        },
      ),
    );
  });
});

describe("the forms of IAM and STS", () => {
  it.each<[string, (text: string) => unknown, string, readonly string[]]>([
    [
      "a role",
      parseRoleArn,
      `${iam}:role/a/b/c`,
      [
        `${iam}:role/`,
        `${iam}:role//c`,
        `${iam}:role/a b/c`,
        `${iam}:role/a/b c`,
        `${iam}:roles/c`,
        "arn:aws:iam:us-east-1:111122223333:role/c",
        "arn:aws:iam::1:role/c",
        `${sts}:role/c`,
      ],
    ],
    ["a user", parseUserArn, `${iam}:user/team/x`, [`${iam}:user/`, `${iam}:user`, `${iam}:role/x`, `${sts}:user/x`]],
    ["root", parseRootArn, `${iam}:root`, [`${iam}:root/`, `${iam}:root/x`, `${sts}:root`, "arn:aws:iam::1:root"]],
    [
      "a session",
      parseRoleSessionArn,
      `${sts}:assumed-role/r/s`,
      [
        `${sts}:assumed-role/r`,
        `${sts}:assumed-role/r/`,
        `${sts}:assumed-role//s`,
        `${sts}:assumed-role/p/r/s`,
        `${iam}:assumed-role/r/s`,
      ],
    ],
    [
      "a federated user",
      parseFederatedUserArn,
      `${sts}:federated-user/x`,
      [`${sts}:federated-user/`, `${sts}:federated-user/a/x`, `${iam}:federated-user/x`],
    ],
  ])("tell %s from anything else", (_, parse, arn, others) => {
    expect(parse(arn)).toMatchObject({ account: "111122223333" });
    expect(others.filter((other) => parse(other) !== undefined)).toEqual([]);
  });

  it("give a session's role and name", () => {
    expect(parseRoleSessionArn(`${sts}:assumed-role/ci/alice@example.com`)).toEqual({
      account: "111122223333",
      roleName: "ci",
      sessionName: "alice@example.com",
    });
  });

  it("tell the roles that AWS keeps for itself", () => {
    expect(isReservedRole(`${iam}:role/${reserved}/${ownName}`)).toBe(true);
    expect(isReservedRole(`${iam}:role/x:role/aws-reserved/y`)).toBe(false);
    expect(isReservedRole(`${iam}:user/aws-reserved/y`)).toBe(false);
  });
});
