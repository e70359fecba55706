import { changedKey } from "../changed-key.ts";
import type { Operation } from "../operation.ts";
import { deletionName } from "./name.ts";

/**
 * DeleteKey. The guard handles it in modules of its own (`deletion`, `case`, `plan`): it alone has a time limit, so that the key is restored
 * first and everything else follows.
 */
export const deletion: Operation = {
  name: deletionName,
  calls: ["DeleteKey"],
  read: changedKey,
  conditions: {},
  facts: () => ({}),
  weight: () => "grave",
  says: () => "scheduled the key for deletion",
};
