import { describe, expect, it } from "vitest";
import { principalOf, type Requester } from "../../../lib/domain/people/requester.ts";

const account = "111122223333";

describe("principalOf", () => {
  it.each<[Requester, string]>([
    [
      { kind: "role-session", account, roleArn: "arn:aws:iam::111122223333:role/ci/r" },
      "arn:aws:iam::111122223333:role/ci/r",
    ],
    [{ kind: "user", account, userArn: "arn:aws:iam::111122223333:user/u" }, "arn:aws:iam::111122223333:user/u"],
    [{ kind: "root", account }, "arn:aws:iam::111122223333:root"],
    [
      { kind: "federated-user", account, arn: "arn:aws:sts::111122223333:federated-user/f" },
      "arn:aws:sts::111122223333:federated-user/f",
    ],
    [{ kind: "identity-center-user", userId: "a1" }, "identity-center-user:a1"],
    [{ kind: "account", account }, "account:111122223333"],
    [{ kind: "service", service: "s.amazonaws.com" }, "service:s.amazonaws.com"],
    [{ kind: "unknown" }, "unknown"],
  ])("of %j is stable", (requester, principal) => {
    expect(principalOf(requester)).toBe(principal);
  });
});
