import type { PermitCommand } from "../../lib/domain/approval/permit-command.ts";
import type { DeletionRequest } from "../../lib/domain/deletion/request.ts";
import type { Voter } from "../../lib/domain/people/vote.ts";
import { alice, day, keyArn } from "../doubles/key-world.ts";
import type { PersonName } from "../simulation/plan.ts";

/** How long two people pause the guard. */
export const pauseMs = 2 * 3_600_000;
const aliceRoleId = alice.kind === "role-session" ? (alice.roleId ?? "") : "";
const aliceRole = alice.kind === "role-session" ? alice.roleArn : "";

/** Returns who made a deletion, in the words of the simulator. */
export function requesterOf({ requester }: DeletionRequest): PersonName {
  return "roleArn" in requester && requester.roleArn.endsWith("/key-reaper") ? "reaper" : "alice";
}

/** Returns `name` as AWS proves who it is. */
export function voterOf(name: string): Voter {
  return { via: "aws", arn: `arn:aws:iam::111122223333:user/${name}`, userId: `AIDA${name}` };
}

/** Returns the command for the first permit of the key, for Alice. */
export function permitCommand(step: "request" | "approve" | "revoke"): PermitCommand {
  const wish = { principal: aliceRole, roleId: aliceRoleId, person: "alice", minWaitingMs: 3 * day };
  if (step === "request") return { do: step, keyArn: keyArn(), wish, reason: "CHG-9" };
  return { do: step, name: { keyArn: keyArn(), number: 1 }, reason: "CHG-9" };
}
