import { changedKey } from "../changed-key.ts";
import type { Operation } from "../operation.ts";

/** StartKeyUsage. It is never undone: nothing of ours stops a key. */
export const start: Operation = {
  name: "start",
  calls: ["StartKeyUsage"],
  read: (call) => {
    const changed = changedKey(call);
    return changed && { ...changed, after: "enabled" };
  },
  conditions: {},
  facts: () => ({}),
  weight: () => "notable",
  says: () => "started the key: it can be used",
  inferred: { aspect: "usage", call: (_, now) => (now === "enabled" ? { name: "StartKeyUsage" } : undefined) },
};
