import { randomUUID } from "node:crypto";
import { conflictError, notFoundError } from "./api-error.ts";
import type { OperationTable } from "./operation.ts";
import type { MpaTeamAssociation, PlaneState } from "./plane-state.ts";

type MpaOperation = "AssociateMpaTeam" | "DisassociateMpaTeam" | "GetMpaTeamAssociation";

/**
 * Teams of multi-party approval. Nobody approves in this world: a session stays PENDING. That an association takes effect at once,
 * that a second one conflicts, and that ending one waits for the team is inferred from the model's states.
 */
export const mpaOperations: OperationTable<MpaOperation> = {
  AssociateMpaTeam: ({ mpaTeams }, { Action, MpaTeamArn }) => {
    if (mpaTeams.has(Action)) throw conflictError(`An MPA team is already associated with ${Action}.`);
    const association: MpaTeamAssociation = { Action, MpaTeamArn, AssociationState: "ACTIVE" };
    mpaTeams.set(Action, association);
    return { MpaTeamAssociation: association };
  },
  DisassociateMpaTeam: (state, { Action }) => {
    const association = associationIn(state, Action);
    if (association.AssociationState !== "ACTIVE")
      throw conflictError(`The association with ${Action} is already being removed.`);
    const ending: MpaTeamAssociation = {
      ...association,
      AssociationState: "DELETE_PENDING",
      MpaStatus: pendingSession(state, association.MpaTeamArn),
    };
    state.mpaTeams.set(Action, ending);
    return { MpaTeamAssociation: ending };
  },
  GetMpaTeamAssociation: (state, { Action }) => ({ MpaTeamAssociation: associationIn(state, Action) }),
};

/** Returns the session in which a team would approve, as the API shows it. */
export function pendingSession({ nowSeconds }: PlaneState, teamArn: string): object {
  const session = teamArn.replace(":approval-team/", ":session/");
  return { MpaSessionArn: `${session}/${randomUUID()}`, Status: "PENDING", InitiationDate: nowSeconds };
}

function associationIn({ mpaTeams }: PlaneState, action: string): MpaTeamAssociation {
  const association = mpaTeams.get(action);
  if (association === undefined) throw notFoundError(action);
  return association;
}
