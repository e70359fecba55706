import { listCases } from "../../cli/cases/case-list.ts";
import { entryParts } from "../../cli/console/rows.ts";
import { showTrail } from "../../cli/trail/shown-trail.ts";
import type { StoredTrail } from "../../cli/trail/stored-trail.ts";
import { caseNameFrom } from "../../lib/domain/ledger/case-name.ts";
import type { CasePart } from "./parts.ts";

/** A case as the console shows it: the texts as stored, whether or not they hold. */
export function casePart(trail: StoredTrail): CasePart | undefined {
  const [listed] = listCases([trail]);
  if (listed === undefined) return undefined;
  const { entries } = showTrail(trail);
  const decided = entries.findLast((entry) => entry.kind === "decided");
  const { title, openedAt, state, open, outcome, rule, requesterName: requester, decideUntil: deadline } = listed;
  return {
    ...{ name: trail.case, keyArn: caseNameFrom(trail.case)?.keyArn ?? "", head: trail.head },
    ...{ title, openedAt, state, open, outcome, rule, requester, passedOver: decided?.passedOver ?? [] },
    morePassedOver: decided?.morePassedOver ?? 0,
    ...(deadline !== undefined && { deadline }),
    entries: entryParts(trail),
  };
}
