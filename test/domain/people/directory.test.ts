import { describe, expect, it } from "vitest";
import { personOf } from "../../../lib/domain/people/directory.ts";
import type { Requester } from "../../../lib/domain/people/requester.ts";
import { policyWith } from "../../doubles/guard.ts";
import { alice, reaper } from "../../doubles/policy-facts.ts";

const { directory } = policyWith([], {
  trust: {
    accounts: ["111122223333"],
    sourceIdentityFrom: ["arn:aws:iam::111122223333:role/ci/key-reaper", "AROALISTEDBYIDEXAMPL"],
  },
  people: {
    alice: { aws: ["alice@example.com", "arn:aws:iam::111122223333:user/alice"] },
    bob: { aws: ["bob@example.com"] },
  },
});
const userArn = "arn:aws:iam::111122223333:user/alice";
const byId = { roleArn: "arn:aws:iam::111122223333:role/admin", roleId: "AROALISTEDBYIDEXAMPL" };
const elsewhere = { account: "444455556666", roleArn: "arn:aws:iam::444455556666:role/ci/key-reaper" };
const { permissionSet: _permissionSet, ...ordinarySession } = alice;

describe("the person behind a requester", () => {
  it.each<[string, Requester, string | undefined]>([
    ["a session of Identity Center", alice, "alice"],
    ["a session of Identity Center without a name", { ...alice, sessionName: "" }, undefined],
    ["a session that is named like a user's ARN", { ...alice, sessionName: userArn }, undefined],
    ["a source identity that is a user's ARN", { ...reaper, sourceIdentity: userArn }, undefined],
    [
      "a user whose ARN is a person's name",
      { kind: "user", account: "111122223333", userArn: "alice@example.com" },
      undefined,
    ],
    ["a name that nobody has", { ...alice, sessionName: "mallory@example.com" }, undefined],
    ["a name in another case", { ...alice, sessionName: "Alice@example.com" }, undefined],
    ["Identity Center in an account that is not trusted", { ...alice, account: "444455556666" }, undefined],
    ["the same name in a role that is not Identity Center's", ordinarySession, undefined],
    ["an ordinary role whose session calls itself Alice", reaper, undefined],
    ["a source identity from a listed role", { ...reaper, sourceIdentity: "bob@example.com" }, "bob"],
    [
      "a source identity from a role listed by its id",
      { ...reaper, ...byId, sourceIdentity: "bob@example.com" },
      "bob",
    ],
    [
      "a source identity from a role that is named like one of the listed path",
      { ...reaper, roleArn: "arn:aws:iam::111122223333:role/ci/new", sourceIdentity: "bob@example.com" },
      undefined,
    ],
    [
      "a source identity from a role whose name goes on",
      { ...reaper, roleArn: `${reaper.roleArn}-2`, sourceIdentity: "bob@example.com" },
      undefined,
    ],
    ["a source identity that nobody has", { ...reaper, sourceIdentity: "mallory" }, undefined],
    [
      "a source identity from a role that is not listed",
      { ...reaper, roleArn: "arn:aws:iam::111122223333:role/admin", sourceIdentity: "bob@example.com" },
      undefined,
    ],
    [
      "a source identity from an account that is not trusted",
      { ...reaper, ...elsewhere, sourceIdentity: "bob@example.com" },
      undefined,
    ],
    [
      "a user by ARN",
      { kind: "user", account: "111122223333", userArn: "arn:aws:iam::111122223333:user/alice" },
      "alice",
    ],
    [
      "a user of that name elsewhere",
      { kind: "user", account: "444455556666", userArn: "arn:aws:iam::444455556666:user/alice" },
      undefined,
    ],
    [
      "a user with someone's source identity",
      {
        kind: "user",
        account: "111122223333",
        userArn: "arn:aws:iam::111122223333:user/x",
        sourceIdentity: "bob@example.com",
      },
      undefined,
    ],
    [
      "a federated user whose name is Alice's",
      { kind: "federated-user", account: "111122223333", arn: "arn:aws:iam::111122223333:user/alice" },
      undefined,
    ],
    ["root", { kind: "root", account: "111122223333" }, undefined],
    [
      "an Identity Center user without a role",
      { kind: "identity-center-user", userId: "alice@example.com" },
      undefined,
    ],
    ["a service", { kind: "service", service: "alice@example.com" }, undefined],
    ["another account", { kind: "account", account: "111122223333" }, undefined],
    ["an unknown requester", { kind: "unknown" }, undefined],
  ])("%s", (_, requester, person) => {
    expect(personOf(directory, requester)).toBe(person);
  });

  it("is nobody where no account is trusted, unless a user's own ARN says so", () => {
    const { directory: trustless } = policyWith([], { trust: {} });
    expect(personOf(trustless, alice)).toBeUndefined();
  });
});
