import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../../lib/domain/policy/parse.ts";
import { everybody } from "../../doubles/guard.ts";

const account = "111122223333";
const role = `arn:aws:iam::${account}:role/ci/key-reaper`;
const user = `arn:aws:iam::${account}:user/alice`;
const keyArn = `arn:aws:payment-cryptography:us-east-1:${account}:key/kwapwa6qaifllw2h`;
const keyIn = (region: string) => keyArn.replace("us-east-1", region);

/** Every fault of a policy with one rule that restores by `when`, as `path: message`. */
function faultsOf(when: object): readonly string[] {
  const parsed = parsePolicy({
    ...{ version: 1, mode: "enforce", default: "restore", people: everybody },
    trust: { accounts: [account] },
    rules: [{ id: "protected", when, then: "restore" }],
  });
  return parsed.ok ? [] : parsed.faults.map(({ path, message }) => `${path.join(".")}: ${message}`);
}

describe("the role of a requester", () => {
  it.each([
    role,
    "*",
    "AROAREAPERSEXAMPLE00",
    `arn:aws:iam::${account}:role/reaper*`,
    `arn:aws:iam::${account}:role/**`,
    `arn:aws:iam::${account}:role/**/key-reaper`,
    `arn:aws:iam::${account}:role/team/*/deployer-?`,
    `arn:aws:iam::*:role/ci/key-reaper`,
    "arn:aws:iam::1111*22223333:role/x",
    `arn:aws:iam::${account}:role/x:y/z`,
    `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/**/AWSReservedSSO_Admin_0123456789abcdef`,
    `arn:aws:iam::${account}:role/${"n".repeat(64)}`,
  ])("may be %s", (value) => {
    expect(faultsOf({ requester: { role: value } })).toEqual([]);
  });

  it.each<[string, string]>([
    [`arn:aws:sts::${account}:assumed-role/key-reaper/*`, `expected \`arn:aws:iam::${account}:role/key-reaper\``],
    [`arn:aws:sts::${account}:assumed-role/key-reaper`, `expected \`arn:aws:iam::${account}:role/key-reaper\``],
    [
      `arn:aws-us-gov:iam::${account}:role/reaper`,
      "`aws-us-gov` is another partition; reprieve works in the partition `aws` alone",
    ],
    [`arn:aws-cn:iam::${account}:role/reaper`, "`aws-cn` is another partition"],
    [`arn:*:iam::${account}:role/reaper`, "`*` is another partition"],
    [`arn:aws:iam::${account}:role/ci/`, "ends with `/`"],
    [`arn:aws:iam::${account}:role/`, "ends with `/`"],
    [`arn:aws:iam::${account}:role`, "names no role"],
    [`arn:aws:iam::${account}:root`, "is the root user of an account, and not a role"],
    [user, "is not a role, but `user`; expected it in requester.user"],
    [`arn:aws:iam::${account}:*`, "is not a role, but `*`"],
    [`arn:aws:iam::${account}:role/reaper**`, "`**` stands for whole segments"],
    ["*key-reaper", "a wildcard never stands for a `:`"],
    ["arn:aws:iam::*", "a wildcard never stands for a `:`"],
    ["key-reaper", "is not an ARN"],
    ["AIDAALICE00000000000", "is not the ARN of a role"],
    ["AROAREAPERSEXAMPLE00:nightly", "expected the id of the role alone, `AROAREAPERSEXAMPLE00`"],
    ["AROAreaper", "is not the unique id of a role"],
    [`arn:aws:iam:us-east-1:${account}:role/x`, "names a Region, and IAM has none"],
    ["arn:aws:iam::1111:role/x", "`1111` in"],
    ["arn:aws:iam::1111222233334*:role/x", "is not an account id"],
    ["arn:aws:s3:::role/x", "is of `s3`"],
    [`arn:aws:iam::${account}:role/a b`, "no name in IAM"],
    [`arn:aws:iam::${account}:role/ä/b`, "no path in IAM"],
    [`arn:aws:iam::${account}:role/${"n".repeat(65)}`, "longer than 64"],
    [`arn:aws:iam::${account}:role/AWSReservedSSO_Admin_0123456789abcdef`, "expected requester.permissionSet: `Admin`"],
    [`arn:aws:iam::${account}:role/ci/AWSReservedSSO_Admin_*`, "lacks the path of Identity Center's roles"],
  ])("is named where it cannot be %s", (value, message) => {
    const faults = faultsOf({ requester: { role: value } });
    expect(faults).toEqual([expect.stringContaining(`rules.0.when.requester.role: `)]);
    expect(faults.join()).toContain(message);
  });

  it.each(["AROA", role, "AROAREAPERSEXAMPLE00:s", "AIDAALICE00000000000"])("is not pinned by %s", (roleId) => {
    expect(faultsOf({ requester: { role, roleId } })).toEqual([
      expect.stringContaining("rules.0.when.requester.roleId: "),
    ]);
  });
});

describe("the user who requested", () => {
  it.each([user, "*", `arn:aws:iam::${account}:user/*`, `arn:aws:iam::${account}:user/**`])("may be %s", (value) => {
    expect(faultsOf({ requester: { user: value } })).toEqual([]);
  });

  it.each<[string, string]>([
    [role, "is not a user, but `role`; expected it in requester.role"],
    [`arn:aws:iam::${account}:root`, "is the root user of an account, and not a user"],
    [`arn:aws:iam::${account}:group/admins`, "is not a user, but `group`"],
    [`arn:aws:sts::${account}:federated-user/bob`, "is a federated session, and not an IAM user"],
    [`arn:aws:sts::${account}:assumed-role/r/alice`, "expected in requester.role"],
    [`arn:aws-cn:iam::${account}:user/alice`, "is another partition"],
    [`arn:aws:iam::${account}:user/team/`, "ends with `/`"],
    ["alice", "is not an ARN"],
    ["arn:*", "a wildcard never stands for a `:`"],
  ])("is named where it cannot be %s", (value, message) => {
    expect(faultsOf({ requester: { user: value } })).toEqual([expect.stringContaining(message)]);
  });
});

describe("other conditions that no deletion meets", () => {
  it.each<[string, object, string]>([
    [
      "the role of a permission set",
      { requester: { permissionSet: "AWSReservedSSO_Admin_0123456789abcdef" } },
      "rules.0.when.requester.permissionSet: `AWSReservedSSO_Admin_0123456789abcdef` is the role of a permission set, which is called `Admin` itself; expected `Admin`",
    ],
    ["the ARN of a permission set", { requester: { permissionSet: "arn:aws:sso:::permissionSet/x/y" } }, "is an ARN"],
    ["too long a permission set", { requester: { permissionSet: "p".repeat(33) } }, "no permission set is called"],
    [
      "a person who is mistyped",
      { requester: { person: "alcie" } },
      "there is no `alcie` among people; did you mean `alice`",
    ],
    ["people whom no name matches", { requester: { person: "z*" } }, "nobody among people is called `z*`"],
    ["a mistyped Region", { region: "us-esat-1" }, "no Region is called `us-esat-1`; did you mean `us-east-1`"],
    ["a mistyped pattern of Regions", { region: "uss-*" }, "no Region is called `uss-*`"],
    ["a Region of another partition", { region: "us-gov-west-1" }, "is a Region of another partition"],
    ["a Region of China", { region: "cn-north-1" }, "is a Region of another partition"],
    ["too short a check value", { key: { kcv: "12" } }, "no key check value is `12`"],
    [
      "a key of another service",
      { key: { arn: `arn:aws:kms:us-east-1:${account}:key/x` } },
      "is the ARN of no payment key",
    ],
    [
      "an alias as a key",
      { key: { arn: keyArn.replace("key/", "alias/") } },
      "expected key.alias: `alias/kwapwa6qaifllw2h`",
    ],
    ["a key without an account", { key: { arn: keyArn.replace(account, "") } }, "is not an account id"],
    ["a key in a mistyped Region", { key: { arn: keyIn("us-esat-1") } }, "no Region is called"],
    ["a key of another partition", { key: { arn: keyArn.replace("arn:aws:", "arn:aws-cn:") } }, "is another partition"],
    ["an id as a key", { key: { arn: "kwapwa6qaifllw2h" } }, "does not have the parts of an ARN"],
    ["too short a key id", { key: { arn: `${keyArn.slice(0, -4)}` } }, "is the ARN of no payment key"],
    ["a key below a path", { key: { arn: keyArn.replace("key/", "key/a/") } }, "is the ARN of no payment key"],
    ["an alias with a dot", { key: { alias: "alias/test.*" } }, "no alias has `.` in it"],
    ["an alias without a name", { key: { alias: "alias/" } }, "expected its name"],
    ["a usage that no pattern matches", { key: { usage: "PIN*" } }, "the service knows no usage like `PIN*`"],
    ["too long a wait", { request: { waitingDays: { atLeast: 181 } } }, "a deletion waits 3 to 180 days"],
    ["too short a wait", { request: { waitingDays: { atMost: 2 } } }, "a deletion waits 3 to 180 days"],
    ["no range", { request: { waitingDays: { atLeast: 8, atMost: 7 } } }, "atLeast is more than atMost"],
    ["a key of another region", { key: { arn: keyArn }, region: "eu-*" }, "rules.0.when.region: never matches"],
    [
      "keys of another account",
      { key: { arn: "arn:aws:payment-cryptography:us-east-1:999900001111:key/*" }, account },
      "rules.0.when.account: never matches",
    ],
    [
      "a key of another account",
      { key: { arn: keyArn }, account: "444455556666" },
      "rules.0.when.account: never matches",
    ],
    [
      "an unknown person",
      { requester: { known: false, person: "alice" } },
      "rules.0.when.requester.known: never matches: an unknown requester has no person",
    ],
    [
      "a role of another account",
      { requester: { role, account: "444455556666" } },
      "no role of requester.role is in such an account",
    ],
    [
      "a user of another account",
      { requester: { user, account: "444455556666" } },
      "no user of requester.user is in such an account",
    ],
    ["a user who is a role", { requester: { user, role } }, "a requester is a user or the session of a role"],
    [
      "a user with a permission set",
      { requester: { user, permissionSet: "Admin" } },
      "requester.permissionSet asks for a role",
    ],
  ])("are named: %s", (_, when, message) => {
    expect(faultsOf(when)).toEqual([expect.stringContaining(message)]);
  });

  it.each<[string, object]>([
    ["a Region", { region: "us-east-1" }],
    ["a Region of tomorrow", { region: "us-south-1" }],
    ["a pattern of Regions", { region: ["eu-*", "*-west-?"] }],
    ["a key of the region", { key: { arn: keyIn("eu-west-1") }, region: "eu-*" }],
    ["one key of several", { key: { arn: [keyArn, keyIn("eu-west-1")] }, region: "eu-west-1" }],
    ["a glob that may be of the region", { key: { arn: keyIn("*") }, region: "eu-west-1" }],
    ["every key of a Region and account", { key: { arn: `arn:aws:payment-cryptography:eu-*:${account}:key/*` } }],
    ["a role by its id", { requester: { role: "AROAIDPPEZS35WEXAMPLE", account: "444455556666" } }],
    ["a role of any account", { requester: { role: "arn:aws:iam::*:role/ci/x", account: "444455556666" } }],
    ["an unknown requester", { requester: { known: false } }],
    ["a beginning of a check value", { key: { kcv: "A4*" } }],
    ["a check value of HMAC", { key: { kcv: "0123456789abcdef" } }],
    ["the shortest wait", { request: { waitingDays: { atMost: 3 } } }],
    ["the longest wait", { request: { waitingDays: { atLeast: 180 } } }],
  ])("are nothing to name: %s", (_, when) => {
    expect(faultsOf(when)).toEqual([]);
  });

  it("are named one by one in a list, though others of it match", () => {
    const wrong = [`arn:aws:sts::${account}:assumed-role/a/b`, `arn:aws:iam::${account}:role/ci/`];
    expect(faultsOf({ requester: { role: [role, ...wrong] } })).toHaveLength(2);
  });
});
