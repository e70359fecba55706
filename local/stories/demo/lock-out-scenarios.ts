import { callerOf, guard, mallory, remediator, sweeper } from "../../world/people.ts";
import type { DemoWorld } from "./demo-world.ts";
import { live, same, usable } from "./expectations.ts";
import type { Check, Scenario } from "./scenario.ts";

interface Statement {
  readonly Sid: string;
}

/** The most control-plane calls that remediation makes for one lock-out. */
const mostCalls = 3;

const partner = {
  ...{ Sid: "Partner", Effect: "Allow", Principal: { AWS: "arn:aws:iam::444455556666:root" } },
  ...{ Action: "payment-cryptography:DecryptData", Resource: "*" },
};

/** Mallory gives a key a resource policy that grants a partner something and denies `call` to the guard and the sweep. */
function lockOut({ world }: DemoWorld, ResourceArn: string, call: string): void {
  const roles = [guard, sweeper].map(({ userIdentity }) => roleOf(userIdentity));
  const deny = {
    ...{ Sid: "LockOut", Effect: "Deny", Principal: { AWS: roles } },
    ...{ Action: `payment-cryptography:${call}`, Resource: "*" },
  };
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [partner, deny] });
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

function play(
  call: string,
  alias: string,
  calls: Readonly<Record<string, number>>,
  entries: readonly string[],
): Scenario["run"] {
  return async (demoWorld) => {
    const { world } = demoWorld;
    const key = demoWorld.key({ alias });
    lockOut(demoWorld, key, call);
    const from = world.controlPlane.calls.length;
    await demoWorld.delete(mallory, key);
    await world.settle({ advance: true });
    const ending = await demoWorld.ending(key);
    const own = world.controlPlane.calls
      .slice(from)
      .filter(({ accessKeyId, operation }) => accessKeyId === remediator.accessKeyId && operation.endsWith("Policy"));
    const checks: Check[] = [
      [`the guard's calls are ${JSON.stringify(calls)}`, same(ending.controlPlaneCalls, calls)],
      [`remediation made ${mostCalls} calls`, own.length === mostCalls],
      [`entries are ${entries.join(", ")}`, same(ending.entries, entries)],
      ["the key is usable", ending.keyState === live.state && ending.enabled],
      ["the partner's grant is left", same(statementsOf(demoWorld, key), ["Partner"])],
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
    run: play("*", "alias/prod/pin-locked-1", { GetKey: 2, RestoreKey: 2 }, [
      ...[detected, decided, intended, "look-denied", "effect-failed"],
      // The second look shows until when the key is pending, which the first could not.
      ...[...removed, detected, ...restored],
    ]),
  },
  {
    name: "getkey-denied",
    story:
      "The policy denies GetKey alone. RestoreKey's answer shows the key, so it is back at once; the Deny is removed afterwards.",
    run: play("GetKey", "alias/prod/pin-locked-2", { GetKey: 1, RestoreKey: 1 }, [
      ...[detected, decided, intended, "look-denied"],
      ...[...restored, ...removed],
    ]),
  },
];
