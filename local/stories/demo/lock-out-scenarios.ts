import { callerOf, guard, mallory, remediator, sweeper } from "../../world/people.ts";
import type { DemoWorld } from "./demo-world.ts";
import { live, same, usable } from "./expectations.ts";
import type { Check, Scenario } from "./scenario.ts";

interface Statement {
  readonly Sid: string;
  readonly [element: string]: unknown;
}

/** The control-plane calls that remediation makes: three for the lock-out, and one look at the policy that was put. */
const mostCalls = 4;

/** A retry that comes while remediation has claimed the case looks at the key once, and waits. */
const lookMore = 1;

const partner: Statement = {
  ...{ Sid: "Partner", Effect: "Allow", Principal: { AWS: "arn:aws:iam::444455556666:root" } },
  ...{ Action: "payment-cryptography:DecryptData", Resource: "*" },
};

/** Mallory gives a key a resource policy with `others` in it that denies `call` to the guard and the sweep. */
function lockOut({ world }: DemoWorld, ResourceArn: string, call: string, others: readonly Statement[]): void {
  const roles = [guard, sweeper].map(({ userIdentity }) => roleOf(userIdentity));
  const deny = {
    ...{ Sid: "LockOut", Effect: "Deny", Principal: { AWS: roles } },
    ...{ Action: `payment-cryptography:${call}`, Resource: "*" },
  };
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [...others, deny] });
  const caller = callerOf(mallory.accessKeyId, "aws-cli");
  const { status } = world.controlPlane.handle("PutResourcePolicy", { ResourceArn, Policy }, caller);
  if (status !== 200) throw new Error(`PutResourcePolicy answered ${status}`);
}

function roleOf(identity: object): string {
  return (identity as { sessionContext: { sessionIssuer: { arn: string } } }).sessionContext.sessionIssuer.arn;
}

/** The statements that the key's policy has now. */
function statementsOf({ world }: DemoWorld, ResourceArn: string): string[] {
  const caller = callerOf(mallory.accessKeyId, "aws-cli");
  const { body } = world.controlPlane.handle("GetResourcePolicy", { ResourceArn }, caller);
  const { Statement = [] } = JSON.parse((body as { Policy: string }).Policy) as { Statement?: Statement[] };
  return Statement.map(({ Sid }) => Sid);
}

interface LockedOut {
  /** Which call the policy denies, and what else is in it. */
  readonly call: string;
  readonly others: readonly Statement[];
  readonly alias: string;
  /** Expected: the guard's calls, and the entries. */
  readonly calls: Readonly<Record<string, number>>;
  readonly entries: readonly string[];
}

function play({ call, others, alias, calls, entries }: LockedOut): Scenario["run"] {
  return async (demoWorld) => {
    const { world } = demoWorld;
    const key = demoWorld.key({ alias });
    lockOut(demoWorld, key, call, others);
    const from = world.controlPlane.calls.length;
    await demoWorld.delete(mallory, key);
    await world.settle({ advance: true });
    const ending = await demoWorld.ending(key);
    const own = world.controlPlane.calls
      .slice(from)
      .filter(({ accessKeyId, operation }) => accessKeyId === remediator.accessKeyId && operation.endsWith("Policy"));
    const checks: Check[] = [
      [
        `the guard's calls are ${JSON.stringify(calls)}, not ${JSON.stringify(ending.controlPlaneCalls)}`,
        [calls, { ...calls, GetKey: (calls["GetKey"] ?? 0) + lookMore }].some((each) =>
          same(ending.controlPlaneCalls, each),
        ),
      ],
      [
        `remediation made ${mostCalls} calls, not ${own.map(({ operation }) => operation).join(" ")}`,
        own.length === mostCalls,
      ],
      [`entries are ${entries.join(", ")}`, same(ending.entries, entries)],
      ["the key is usable", ending.keyState === live.state && ending.enabled],
      [
        "the other statements are left",
        same(
          statementsOf(demoWorld, key),
          others.map(({ Sid }) => Sid),
        ),
      ],
      ["every chain verifies", ending.auditVerified],
    ];
    return { ending, checks };
  };
}

const [detected = "", decided = "", intended = "", ...restored] = usable;
const removed = ["deny-removal-intended", "deny-removed"];

/** A key's own resource policy denies the guard what a restore needs. */
export const lockOutScenarios: readonly Scenario[] = [
  {
    name: "locked-out-by-policy",
    story:
      "Mallory's resource policy denies the guard every call on the key, and then she deletes it. Remediation removes that one statement, and the guard restores the key.",
    run: play({
      ...{ call: "*", others: [partner], alias: "alias/prod/pin-locked-1", calls: { GetKey: 2, RestoreKey: 2 } },
      entries: [
        ...[detected, decided, intended, "look-denied", "effect-failed"],
        // The second look shows until when the key is pending, which the first could not.
        ...[...removed, detected, ...restored],
      ],
    }),
  },
  {
    name: "getkey-denied",
    story:
      "The policy denies GetKey alone. RestoreKey's answer shows the key, so it is back at once; the Deny is removed afterwards.",
    run: play({
      ...{ call: "GetKey", others: [], alias: "alias/prod/pin-locked-2", calls: { GetKey: 1, RestoreKey: 1 } },
      entries: [...[detected, decided, intended, "look-denied"], ...[...restored, ...removed]],
    }),
  },
];
