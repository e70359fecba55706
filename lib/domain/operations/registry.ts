import { alias } from "./alias/operation.ts";
import { approvalTeam } from "./approval-team/operation.ts";
import { defaultRegions } from "./default-regions/operation.ts";
import { deletion } from "./delete/operation.ts";
import { exportKey } from "./export/operation.ts";
import { importKey } from "./import/operation.ts";
import { labels } from "./labels/operation.ts";
import type { Operation } from "./operation.ts";
import { replication } from "./replication/operation.ts";
import { resourcePolicy } from "./resource-policy/operation.ts";
import { start } from "./start/operation.ts";
import { stop } from "./stop/operation.ts";

/** Every operation that the policy knows. INVARIANT: this list alone knows their names. */
export const operations: readonly Operation[] = [
  ...[deletion, stop, start, alias, labels, resourcePolicy],
  ...[replication, defaultRegions, exportKey, importKey, approvalTeam],
];

/** Their names, as `when.operation` has them. */
export const operationNames: readonly string[] = operations.map(({ name }) => name);

/** Returns the operation `name`, or undefined where no such one is known. */
export function operationNamed(name: string): Operation | undefined {
  return operations.find((each) => each.name === name);
}

/** Returns the operation that a call is, by the name CloudTrail gives it. */
export function operationOf(call: string, isServiceEvent = false): Operation | undefined {
  return operations.find(({ calls, serviceEvents = [] }) => (isServiceEvent ? serviceEvents : calls).includes(call));
}
