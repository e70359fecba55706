import { type Call, keyNamedBy } from "./call.ts";
import type { ReadChange } from "./operation.ts";

/** Returns the key that a call names as what it changes, or undefined where its record names none. */
export function changedKey(call: Call): Pick<ReadChange, "subject"> | undefined {
  const named = keyNamedBy(call);
  if (named === undefined) return undefined;
  return {
    subject: typeof named === "string" ? { kind: "key", keyArn: named } : { kind: "key-of-alias", alias: named.alias },
  };
}
