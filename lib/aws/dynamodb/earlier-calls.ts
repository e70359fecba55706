import * as v from "valibot";
import type { KnownCalls } from "../../domain/case/known-calls.ts";
import { GuardError } from "../../domain/guard-error.ts";
import type { CaseName } from "../../domain/ledger/case-name.ts";
import { jsonOr } from "../json.ts";
import type { Item } from "./item.ts";

const call = v.object({ eventId: v.string(), at: v.number() });
const knownCalls = v.object({ latest: v.array(call), upTo: v.exactOptional(v.number()) });

/** Returns the calls that earlier cases know. Throws CASE_UNREADABLE: without them a replayed record could count for this deletion. */
export function earlierIn({ earlier }: Item, { keyArn, generation }: CaseName): KnownCalls | undefined {
  if (earlier === undefined) return undefined;
  const parsed = v.safeParse(knownCalls, jsonOr(earlier.S ?? ""));
  if (parsed.success) return parsed.output;
  throw new GuardError("CASE_UNREADABLE", "retry", `case ${generation} of \`${keyArn}\` cannot be trusted`);
}
