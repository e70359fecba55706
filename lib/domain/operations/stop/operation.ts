import { membersOf } from "../call.ts";
import { changedKey } from "../changed-key.ts";
import type { Operation, Revert } from "../operation.ts";

/** Whether the key may be used: `enabled` or `stopped`. */
const usage: Revert = {
  aspect: "usage",
  look: (subject) =>
    subject.kind === "key" ? { call: "GetKey", input: { KeyIdentifier: subject.keyArn } } : undefined,
  stateIn: (shown) => {
    const { Enabled, KeyState } = membersOf("answer" in shown ? shown.answer["Key"] : undefined);
    if (KeyState !== "CREATE_COMPLETE" || typeof Enabled !== "boolean") return undefined;
    return Enabled ? "enabled" : "stopped";
  },
  back: (subject, before, now) =>
    subject.kind === "key" && before === "enabled" && now === "stopped"
      ? [{ call: "StartKeyUsage", input: { KeyIdentifier: subject.keyArn } }]
      : undefined,
};

/** StopKeyUsage: nothing can be encrypted or decrypted with the key from that second. */
export const stop: Operation = {
  name: "stop",
  calls: ["StopKeyUsage"],
  read: (call) => {
    const changed = changedKey(call);
    return changed && { ...changed, after: "stopped" };
  },
  conditions: {},
  facts: () => ({}),
  // A key that was stopped already is no less usable than before.
  weight: ({ before }) => (before === "stopped" ? "notable" : "grave"),
  says: ({ before }) =>
    before === "stopped" ? "stopped the key, which was stopped already" : "stopped the key: it cannot be used",
  startable: true,
  revert: usage,
  inferred: { aspect: usage.aspect, call: (_, now) => (now === "stopped" ? { name: "StopKeyUsage" } : undefined) },
};
