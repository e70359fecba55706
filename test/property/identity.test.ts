import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { requesterFrom } from "../../lib/aws/cloudtrail/user-identity.ts";
import { type Directory, personOf, personOfVoter } from "../../lib/domain/people/directory.ts";
import { arnMatcher } from "../../lib/domain/policy/match/arn-pattern.ts";
import { roleFault } from "../../lib/domain/policy/principal-forms.ts";
import { policyWith } from "../doubles/guard.ts";
import { personIn, personVoting, readIdentity, readPattern, type SeenIdentity } from "./second-reading.ts";

// REPRIEVE_DEEP: 100,000 identities and as many pairs of an ARN and a pattern.
const numRuns = process.env["REPRIEVE_DEEP"] ? 100_000 : process.env["REPRIEVE_FEW_RUNS"] ? 4_000 : 10_000;

const trusted = "111122223333";
const trust = {
  accounts: [trusted],
  sourceIdentityFrom: [`arn:aws:iam::${trusted}:role/ci/deployer`, "AROALISTED0000000000"],
  votersFrom: ["AROAVOTERS0000000000"],
};
const people = {
  alice: { aws: ["alice@example.com", `arn:aws:iam::${trusted}:user/alice`] },
  bob: { aws: ["bob", `arn:aws:iam::${trusted}:user/team/bob`, "arn:aws:iam::444455556666:user/alice"] },
};
const directory: Directory = policyWith([], { people, trust }).directory;

const accounts = fc.constantFrom(trusted, "444455556666", "11112222333", "", "aws");
const segments = fc.constantFrom(
  ...[
    "ci",
    "team",
    "aws-reserved",
    "sso.amazonaws.com",
    "us-east-1",
    "role",
    "user",
    "x:role",
    "a b",
    "",
    ":",
    "**",
    "*",
  ],
  ...["aws-reserved/sso.amazonaws.com", `arn:aws:iam::${trusted}:user`, "%2f", "\u00e9"],
);
const names = fc.constantFrom(
  ...["deployer", "alice", "bob", "Alice", "alice@example.com", "AWSReservedSSO_Admin_0123456789abcdef", "n\u00e4me"],
  ...[
    "AWSReservedSSO__0123456789abcdef",
    "AWSReservedSSO_A_b_0123456789abcdef",
    "",
    "a:b",
    "n".repeat(65),
    "deployer/x",
  ],
);
const ids = fc.constantFrom(
  "AROALISTED0000000000",
  "AROAVOTERS0000000000",
  "AROAOTHER00000000000",
  "AIDAALICE00000000000",
  "",
);
const partitions = fc.constantFrom("aws", "aws", "aws", "aws", "aws-cn", "aws-us-gov", "");
const services = fc.constantFrom("iam", "iam", "iam", "sts", "s3");
const types = fc.constantFrom("role", "user", "assumed-role", "federated-user", "root", "group", "Role");

const arns = fc
  .tuple(
    partitions,
    services,
    fc.constantFrom("", "", "", "us-east-1"),
    accounts,
    types,
    fc.array(segments, { maxLength: 3 }),
    names,
  )
  .map(([partition, service, region, account, type, path, name]) =>
    ["arn", partition, service, region, account, [type, ...path, name].join("/")].join(":"),
  );

/** Roles as they are in records: mostly right, as a fault in every part would be found at once. */
const roles = fc
  .tuple(fc.constantFrom(trusted, trusted, "444455556666"), fc.array(segments, { maxLength: 3 }), names)
  .map(([account, path, name]) => `arn:aws:iam::${account}:role/${[...path, name].join("/")}`);
const users = fc
  .tuple(fc.constantFrom(trusted, "444455556666"), fc.array(segments, { maxLength: 1 }), names)
  .map(([account, path, name]) => `arn:aws:iam::${account}:user/${[...path, name].join("/")}`);

const sessions = fc
  .record({
    role: fc.oneof(roles, roles, arns),
    id: ids,
    session: names,
    other: fc.oneof(arns, fc.constant("")),
    odd: fc.nat(9),
    source: names,
  })
  .map(({ role, id, session, other, odd, source }) => {
    const [, , , , account = "", resource = ""] = role.split(":");
    const arn = `arn:aws:sts::${account}:assumed-role/${resource.split("/").at(-1) ?? ""}/${session}`;
    return {
      type: odd === 1 ? undefined : "AssumedRole",
      arn: odd === 0 ? other : odd === 2 ? undefined : arn,
      principalId: odd === 2 || odd === 3 ? `${id}:arn:aws:iam::${trusted}:user/alice` : `${id}:${session}`,
      accountId: odd === 4 ? trusted : account,
      sessionContext: {
        sessionIssuer: { arn: role, principalId: id },
        ...(odd > 6 && { sourceIdentity: source }),
      },
    };
  });
const others = fc
  .record({
    type: fc.constantFrom(
      ...["IAMUser", "IAMUser", "IAMUser", "IAMUser", "IAMUser"],

      "Root",
      "FederatedUser",
      "AWSAccount",
      "AWSService",
      "IdentityCenterUser",
      undefined,
    ),
    arn: fc.oneof({ weight: 4, arbitrary: users }, arns),
    account: accounts,
    source: names,
    same: fc.nat(3).map((n) => n > 0),
  })
  .map(({ type, arn, account, source, same }) => ({
    ...{ type, arn, accountId: same ? arn.split(":")[4] : account, invokedBy: "config.amazonaws.com" },
    ...{ sessionContext: { sourceIdentity: source }, onBehalfOf: { userId: "alice@example.com" } },
  }));
const identities = fc.oneof({ weight: 3, arbitrary: sessions }, { weight: 2, arbitrary: others });

/** A record as JSON, less its empty members, which mean nothing. */
function onTheWire(record: object): object {
  return JSON.parse(JSON.stringify(record, (_, value: unknown) => (value === "" ? undefined : value))) as object;
}

/** What the code under test says of a record, in the words of the second reading. */
function seen(record: object): SeenIdentity {
  const requester = requesterFrom(record);
  switch (requester.kind) {
    case "role-session": {
      const { account, roleArn, roleId, sessionName, permissionSet, sourceIdentity } = requester;
      return {
        kind: "role",
        account,
        arn: roleArn,
        id: roleId,
        session: sessionName,
        set: permissionSet,
        source: sourceIdentity,
      };
    }
    case "user":
      return { kind: "user", account: requester.account, arn: requester.userArn };
    default:
      return { kind: "other" };
  }
}

describe("nobody is ever taken for another person, role or account", () => {
  it("in whatever identity a record holds, by a second reading that shares no code", () => {
    let [roleCount, userCount, personCount] = [0, 0, 0];
    fc.assert(
      fc.property(identities, (record) => {
        const wire = onTheWire(record);
        const [ours, theirs] = [seen(wire), readIdentity(wire)];
        expect(ours).toEqual(theirs);
        const person = personOf(directory, requesterFrom(wire));
        expect(person).toBe(personIn(theirs, people, trust));
        roleCount += ours.kind === "role" ? 1 : 0;
        userCount += ours.kind === "user" ? 1 : 0;
        personCount += person === undefined ? 0 : 1;
      }),
      { numRuns },
    );
    // The comparison would be worth nothing if hardly any identity were understood. One in 160 is a person: four times as many as asked for.
    expect(Math.min(roleCount, userCount) / numRuns).toBeGreaterThan(0.05);
    expect(personCount / numRuns).toBeGreaterThan(0.0015);
  });

  it("in whatever STS says of a voter", () => {
    const voters = fc.record({
      arn: fc.oneof(users, roles, arns),
      userId: fc.oneof(
        fc.tuple(ids, names).map((parts) => parts.join(":")),
        ids,
        fc.tuple(ids, names, names).map((parts) => parts.join(":")),
      ),
    });
    fc.assert(
      fc.property(voters, ({ arn, userId }) => {
        expect(personOfVoter(directory, { via: "aws", arn, userId })).toBe(personVoting(arn, userId, people, trust));
      }),
      { numRuns },
    );
  });
});

describe("a pattern of ARNs", () => {
  const wild = fc.constantFrom("*", "?", "**", "ci", "c?", "team*", "role", "*:role", "deployer", "a*b*");
  const patterns = fc.oneof(
    fc
      .tuple(
        fc.constantFrom(trusted, "*", "1111????3333", "4*"),
        fc.constantFrom("role", "user"),
        fc.array(wild, { minLength: 1, maxLength: 4 }),
      )
      .map(([account, type, path]) => `arn:aws:iam::${account}:${type}/${path.join("/")}`),
    fc
      .tuple(arns, fc.nat(60), fc.constantFrom("*", "?", "**"))
      .map(([arn, at, star]) => `${arn.slice(0, at)}${star}${arn.slice(at + 3)}`),
    fc.constant("*"),
  );
  const near = fc
    .tuple(
      fc.constantFrom(trusted, "444455556666"),
      fc.constantFrom("role", "user"),
      fc.array(fc.constantFrom("ci", "team", "teams", "x:role", "deployer", "ab", "axbx", ""), {
        minLength: 1,
        maxLength: 4,
      }),
    )
    .map(([account, type, path]) => `arn:aws:iam::${account}:${type}/${path.join("/")}`);

  it("matches what a regular expression of the same meaning matches", () => {
    let matched = 0;
    fc.assert(
      fc.property(patterns, fc.oneof(near, arns), (pattern, arn) => {
        const ours = arnMatcher([pattern])(arn);
        expect(ours).toBe(readPattern(pattern).test(arn));
        matched += ours ? 1 : 0;
      }),
      { numRuns },
    );
    expect(matched / numRuns).toBeGreaterThan(0.02);
  });

  it("that the check accepts matches no role of another account than it names", () => {
    let compared = 0;
    // Few patterns are accepted and match: fewer runs could compare nothing.
    const runs = Math.max(numRuns, 10_000);
    fc.assert(
      fc.property(patterns, roles, (pattern, role) => {
        if (pattern === "*" || roleFault(pattern) !== undefined || !arnMatcher([pattern])(role)) return;
        compared += 1;
        const account = pattern.split(":")[4] ?? "";
        const digits = account.replace(/[*?]/g, (wildcard) => (wildcard === "*" ? "\\d*" : "\\d"));
        expect(role.split(":")[4]).toMatch(new RegExp(`^${digits}$`));
      }),
      { numRuns: runs },
    );
    expect(compared / runs).toBeGreaterThan(0.0005);
  });
});
