import { alias } from "./alias/operation.ts";
import { approvalTeam } from "./approval-team/operation.ts";
import { defaultRegions } from "./default-regions/operation.ts";
import { deletion } from "./delete/operation.ts";
import { exportKey } from "./export/operation.ts";
import { importKey } from "./import/operation.ts";
import { labels } from "./labels/operation.ts";
import type { ApiCall, InferredCall, Operation, Revert } from "./operation.ts";
import { replication } from "./replication/operation.ts";
import { resourcePolicy } from "./resource-policy/operation.ts";
import { start } from "./start/operation.ts";
import type { State } from "./state.ts";
import { stop } from "./stop/operation.ts";
import type { Subject } from "./subject.ts";

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

/** How the state is seen that operations share under the name of `aspect`, or undefined where no such one is known. */
export function revertOf(aspect: string): Revert | undefined {
  return operations.find(({ revert }) => revert?.aspect === aspect)?.revert;
}

/** Returns the operation, and its call, that leads from one state of `aspect` to another. */
export function inferOperation(
  aspect: string,
  before: State,
  now: State,
): { readonly operation: Operation; readonly call: InferredCall } | undefined {
  for (const operation of operations) {
    const call = operation.inferred?.aspect === aspect ? operation.inferred.call(before, now) : undefined;
    if (call !== undefined) return { operation, call };
  }
  return undefined;
}

/** A call that shows one or more aspects of a subject. */
export interface StateLook {
  readonly call: ApiCall;
  readonly shows: readonly Pick<Revert, "aspect" | "stateIn">[];
}

/** Returns the calls that show all that can be reverted on `subject`, each once. */
export function looksAt(subject: Subject): readonly StateLook[] {
  const looks = operations.flatMap(({ revert }) => {
    const call = revert?.look(subject);
    return revert === undefined || call === undefined ? [] : [{ call, shows: revert }];
  });
  const byCall = Map.groupBy(looks, ({ call }) => JSON.stringify(call));
  return [...byCall.values()].flatMap((same) => {
    const [first] = same;
    return first === undefined ? [] : [{ call: first.call, shows: same.map(({ shows }) => shows) }];
  });
}
