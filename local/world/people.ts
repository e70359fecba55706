import type { Caller } from "../aws/payment-cryptography/cloudtrail-record.ts";
import type { Place } from "../aws/place.ts";

export const account = "111122223333";
export const region = "us-east-1";

/** Where the local world is, unless told otherwise. */
export const here: Place = { account, region };

/** Someone who calls the control plane: the access key says who. */
export interface Person {
  readonly name: string;
  readonly accessKeyId: string;
  readonly userIdentity: object;
  readonly sourceIp: string;
}

const session = (creationDate: string) => ({ attributes: { creationDate, mfaAuthenticated: "false" } });

function roleSession(
  name: string,
  accessKeyId: string,
  path: string,
  role: string,
  roleId: string,
  sessionName: string,
  sourceIp: string,
): Person {
  const userIdentity = {
    type: "AssumedRole",
    principalId: `${roleId}:${sessionName}`,
    arn: `arn:aws:sts::${account}:assumed-role/${role}/${sessionName}`,
    accountId: account,
    accessKeyId,
    sessionContext: {
      sessionIssuer: {
        type: "Role",
        principalId: roleId,
        arn: `arn:aws:iam::${account}:role/${path}${role}`,
        accountId: account,
        userName: role,
      },
      ...session("2024-05-27T19:34:10Z"),
    },
  };
  return { name, accessKeyId, userIdentity, sourceIp };
}

const ssoPath = `aws-reserved/sso.amazonaws.com/${region}/`;
const paymentsAdmin = "AWSReservedSSO_PaymentsAdmin_0123456789abcdef";
/** The role of IAM Identity Center in which the custodians work. */
export const custodianRole = `arn:aws:iam::${account}:role/${ssoPath}${paymentsAdmin}`;
export const custodianRoleId = "AROAIDPPEZS35WEXAMPLE";
const custodian = (name: string, lastByte: number): Person =>
  roleSession(
    name,
    `ASIA${name.toUpperCase().padEnd(16, "0")}`,
    ssoPath,
    paymentsAdmin,
    custodianRoleId,
    `${name}@example.com`,
    `203.0.113.${lastByte}`,
  );

function iamUser(name: string, sourceIp: string): Person {
  const accessKeyId = `AKIA${name.toUpperCase().padEnd(16, "0")}`;
  const userIdentity = {
    type: "IAMUser",
    principalId: `AIDA${name.toUpperCase().padEnd(16, "0")}`,
    arn: `arn:aws:iam::${account}:user/${name}`,
    accountId: account,
    accessKeyId,
    userName: name,
  };
  return { name, accessKeyId, userIdentity, sourceIp };
}

export const alice = custodian("alice", 11);
export const bob = custodian("bob", 12);
export const carol = custodian("carol", 13);
export const mallory = iamUser("mallory", "198.51.100.66");
export const reaper = roleSession(
  "the key reaper",
  "ASIAREAPER0000000000",
  "ci/",
  "key-reaper",
  "AROAREAPEREXAMPLE000",
  "nightly",
  "203.0.113.99",
);
/** What acts in the name of one of the stack's functions. */
const ofFunction = (name: string): Person =>
  roleSession(
    `the ${name}`,
    `ASIA${name.toUpperCase().padEnd(16, "0")}`,
    "",
    `reprieve-dev-${name}-${region}`,
    `AROA${name.toUpperCase()}EXAMPLE`.padEnd(20, "0"),
    `reprieve-dev-${name}`,
    "203.0.113.200",
  );
export const guard = ofFunction("guard");
export const sweeper = ofFunction("sweep");
export const approval = ofFunction("approval");
export const judge = ofFunction("votes");
export const notifier = ofFunction("notify");
export const remediator = ofFunction("remediation");
/** Anyone who calls with an access key that is nobody's. */
export const you = iamUser("you", "203.0.113.1");

export const people = [alice, bob, carol, mallory, reaper, guard, sweeper, approval, judge, notifier, remediator, you];

/** Whether a function that may touch keys has made the call. */
export function isOurs({ accessKeyId }: { readonly accessKeyId: string }): boolean {
  return [guard.accessKeyId, sweeper.accessKeyId].includes(accessKeyId);
}

/**
 * Returns the caller behind an access key; `accessKeyId` is kept as it came, so that calls can be counted by it. The same people
 * work in every account.
 */
export function callerOf(accessKeyId: string, userAgent: string, inAccount = account): Caller {
  const { sourceIp, userIdentity } = people.find((each) => each.accessKeyId === accessKeyId) ?? you;
  return { accessKeyId, userIdentity: identityIn(inAccount, userIdentity), sourceIp, userAgent };
}

function identityIn(inAccount: string, identity: object): object {
  if (inAccount === account) return identity;
  return JSON.parse(JSON.stringify(identity).replaceAll(account, inAccount)) as object;
}
