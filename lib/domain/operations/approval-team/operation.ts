import { membersOf, textOf } from "../call.ts";
import { trueOrFalse } from "../condition-values.ts";
import type { Operation } from "../operation.ts";

/** Associate- and DisassociateMpaTeam: whose approval the import of a root certificate needs. */
export const approvalTeam: Operation = {
  name: "approval-team",
  calls: ["AssociateMpaTeam", "DisassociateMpaTeam"],
  read: ({ answer }) => {
    const { mpaTeamArn, associationState } = membersOf(answer["mpaTeamAssociation"]);
    const [team, state] = [textOf(mpaTeamArn), textOf(associationState)];
    return {
      subject: { kind: "account" },
      details: { ...(team !== undefined && { team: [team] }), ...(state !== undefined && { state: [state] }) },
    };
  },
  conditions: { team: "text", removes: trueOrFalse },
  ofAccount: true,
  facts: ({ call, change: { details = {} } }) => ({
    ...(details["team"] && { team: details["team"] }),
    removes: [String(call.startsWith("Disassociate"))],
  }),
  weight: ({ call }) => (call.startsWith("Disassociate") ? "grave" : "notable"),
  says: ({ call, change: { details } }) => {
    const team = details?.["team"]?.[0] ?? "an approval team";
    return call.startsWith("Disassociate")
      ? `asked that imports of root certificates need no approval of ${team}`
      : `made ${team} approve imports of root certificates`;
  },
};
