import {
  policyText,
  readResourcePolicy,
  type Statement,
  statementsText,
} from "../operations/resource-policy/document.ts";
import { bearingOf, type LockOut } from "./denial.ts";

/** Why a policy is left as it is. `no-deny`: no statement of it is the cause. `conditional`: a Deny that may be is not plain enough to touch. */
export type WhyNoRepair = "unreadable" | "conditional" | "no-deny";

/** What ends a lock-out: the policy without the statements that cause it. `removed` is their JSON text. */
export type Repair =
  | { readonly do: "put"; readonly text: string; readonly removed: string; readonly left: number }
  | { readonly do: "delete"; readonly removed: string; readonly left: 0 }
  | { readonly do: "leave"; readonly why: WhyNoRepair };

/**
 * Returns how `policy`, the `Policy` member of a GetResourcePolicy answer, is to change so that it no longer causes `lockOut`. INVARIANT: every
 * statement that is not an unconditional Deny of a refused call to the stack stays as it is.
 */
export function repairOf(policy: unknown, lockOut: LockOut): Repair {
  const reading = readResourcePolicy(policy);
  if (reading.kind === "unreadable") return { do: "leave", why: "unreadable" };
  if (reading.kind === "none") return { do: "leave", why: "no-deny" };
  const { document, statements } = reading;
  const bearings = statements.map((statement) => bearingOf(statement, lockOut));
  const having = (denies: boolean): readonly Statement[] =>
    statements.filter((_, n) => (bearings[n] === "denies") === denies);
  const removed = statementsText(having(true));
  const left = having(false);
  if (left.length === statements.length)
    return { do: "leave", why: bearings.includes("may-deny") ? "conditional" : "no-deny" };
  if (left.length === 0) return { do: "delete", removed, left: 0 };
  return { do: "put", text: policyText(document, left), removed, left: left.length };
}
