import { listChanges } from "../../cli/changes/change-list.ts";
import { changeTitle } from "../../cli/changes/change-title.ts";
import { entryParts } from "../../cli/console/rows.ts";
import type { StoredTrail } from "../../cli/trail/stored-trail.ts";
import type { ChangePart } from "./parts.ts";

/** Returns a chain of changes as the console shows it: the texts as stored, whether or not they hold. */
export function changePart(trail: StoredTrail): ChangePart | undefined {
  const [listed] = listChanges([trail]);
  if (listed === undefined) return undefined;
  const { change, keyArn, changedAt, state, grave, rule, requesterName: requester, says } = listed;
  return {
    ...{ name: change, title: changeTitle(change) ?? change, keyArn, changedAt, state, grave, rule, requester, says },
    ...{ head: trail.head, entries: entryParts(trail) },
  };
}
