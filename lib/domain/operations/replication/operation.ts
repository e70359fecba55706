import { membersOf, textOf, textsOf } from "../call.ts";
import { changedKey } from "../changed-key.ts";
import { trueOrFalse } from "../condition-values.ts";
import type { Operation, Revert } from "../operation.ts";
import type { State } from "../state.ts";

/** The Regions that hold a replica of the key, less those whose replica is being deleted. */
const regions: Revert = {
  aspect: "replication",
  look: (subject) =>
    subject.kind === "key" ? { call: "GetKey", input: { KeyIdentifier: subject.keyArn } } : undefined,
  stateIn: (shown) => {
    if ("error" in shown || shown.answer["Key"] === undefined) return undefined;
    const replicas = Object.entries(membersOf(membersOf(shown.answer["Key"])["ReplicationStatus"]));
    const kept = replicas.filter(([, status]) => membersOf(status)["Status"] !== "DELETE_IN_PROGRESS");
    return kept.map(([region]) => region).sort();
  },
  // A Region that was added is never removed: removing is irreversible.
  back: (subject, before, now) => {
    const gone = listOf(before).filter((region) => !listOf(now).includes(region));
    if (subject.kind !== "key" || gone.length === 0) return undefined;
    return [{ call: "AddKeyReplicationRegions", input: { KeyIdentifier: subject.keyArn, ReplicationRegions: gone } }];
  },
  unable: { removes: ["false"] },
};

/** AddKeyReplicationRegions and RemoveKeyReplicationRegions: the material of the key is deleted from a Region at once, or copied to one. */
export const replication: Operation = {
  name: "replication",
  calls: ["RemoveKeyReplicationRegions", "AddKeyReplicationRegions"],
  serviceEvents: ["SynchronizeMultiRegionKey"],
  read: (call) => {
    const changed = changedKey(call);
    const { replicationRegions } = call.parameters;
    const synchronized = textOf(call.details["replicationRegion"]);
    const named = synchronized === undefined ? textsOf(replicationRegions) : [synchronized];
    return (
      changed && {
        ...changed,
        details: { region: named },
        afterFrom: (before) => changedRegions(call.name, before, named),
      }
    );
  },
  conditions: { region: "text", removes: trueOrFalse },
  facts: ({ call, change: { details = {} } }) => ({ ...details, removes: [String(isRemoval(call))] }),
  weight: ({ call }) => (isRemoval(call) ? "grave" : call.startsWith("Synchronize") ? "routine" : "notable"),
  says: ({ call, change: { details } }) => {
    const named = (details?.["region"] ?? []).join(", ");
    return isRemoval(call) ? `removed the replicas of the key from ${named}` : `replicated the key to ${named}`;
  },
  revert: regions,
  inferred: {
    aspect: regions.aspect,
    call: (before, now) => {
      const missing = (from: State, state: State) => listOf(from).filter((region) => !listOf(state).includes(region));
      const [removed, added] = [missing(before, now), missing(now, before)];
      if (removed.length > 0) return { name: "RemoveKeyReplicationRegions", details: { region: removed } };
      return { name: "AddKeyReplicationRegions", details: { region: added } };
    },
  },
};

function isRemoval(call: string): boolean {
  return call === "RemoveKeyReplicationRegions";
}

function changedRegions(call: string, before: State, named: readonly string[]): State {
  const old = listOf(before);
  return isRemoval(call) ? old.filter((region) => !named.includes(region)) : [...new Set([...old, ...named])].sort();
}

function listOf(state: State): readonly string[] {
  return Array.isArray(state) ? state.filter((each): each is string => typeof each === "string") : [];
}
