import { textsOf } from "../call.ts";
import { trueOrFalse } from "../condition-values.ts";
import type { Operation } from "../operation.ts";

/** Enable- and DisableDefaultKeyReplicationRegions: where the keys of this account and Region are replicated that are created from now on. */
export const defaultRegions: Operation = {
  name: "default-regions",
  calls: ["EnableDefaultKeyReplicationRegions", "DisableDefaultKeyReplicationRegions"],
  read: ({ parameters }) => ({
    subject: { kind: "account" },
    details: { region: textsOf(parameters["replicationRegions"]) },
  }),
  conditions: { region: "text", removes: trueOrFalse },
  ofAccount: true,
  facts: ({ call, change: { details = {} } }) => ({ ...details, removes: [String(call.startsWith("Disable"))] }),
  weight: () => "notable",
  says: ({ call, change: { details } }) =>
    `${call.startsWith("Disable") ? "ended" : "set"} the default replication of new keys to ${(details?.["region"] ?? []).join(", ")}`,
};
