import { type ChangePermit, foldChangePermit, mayPermit, permitsChange } from "../../domain/approval/change-permit.ts";
import { GuardError } from "../../domain/guard-error.ts";
import { append, type Chain } from "../../domain/ledger/chain.ts";
import { hourOfChange } from "../../domain/ledger/change-name.ts";
import { changePermitText } from "../../domain/ledger/change-permit-name.ts";
import type { Approval } from "../../domain/policy/decision.ts";
import { hourMs } from "../../domain/time.ts";
import type { ChangeDeps } from "./change-deps.ts";
import type { Sight } from "./see-change.ts";

/** Longest time (hours) from a question to the end of its permit: 30 days to decide, and 30 to use it. */
const maxHours = 60 * 24;

/** How long (s) a message waits where another run wrote to the same permit. */
const conflictSeconds = 10;

/**
 * Returns the name of the permit that lets a change pass, `unknown` where one may be about it and the requester is unknown, or undefined.
 * INVARIANT: the permit names the change that it lets pass before the change says so, so that it never lets two pass. Throws STORE_UNAVAILABLE, or
 * CASE_CHANGED where another run was faster.
 */
export async function usePermit(
  deps: Pick<ChangeDeps, "permits" | "policy" | "clock">,
  { operation, recorded, subject, seen }: Pick<Sight, "operation" | "recorded" | "subject" | "seen">,
  approval: Approval | undefined,
): Promise<string | undefined> {
  if (approval === undefined) return undefined;
  const { eventId, at, requester, source = "event" } = recorded;
  const since = hourOfChange(at - maxHours * hourMs);
  const chains = await deps.permits.list({ operation: operation.name, subject }, since);
  const change = { eventId, at, requester, ...(seen.after !== undefined && { after: seen.after }) };
  const found = chains.flatMap((chain): readonly Found[] => {
    const permit = foldChangePermit(chain);
    return permit === undefined ? [] : [{ chain, permit }];
  });
  if (source === "inventory")
    return found.some(({ permit }) => mayPermit(permit, change, approval)) ? "unknown" : undefined;
  const fitting = found.filter(({ permit }) => permitsChange(permit, change, approval, deps.policy.directory));
  // What this very change used already, in a run before, comes first.
  const { chain, permit } = fitting.find((each) => each.permit.used !== undefined) ?? fitting[0] ?? {};
  if (chain === undefined || permit === undefined) return undefined;
  if (permit.used === undefined) await noteUse(deps, chain, eventId, hourOfChange(at));
  return changePermitText(permit.name);
}

interface Found {
  readonly chain: Chain;
  readonly permit: ChangePermit;
}

async function noteUse(
  { permits, clock }: Pick<ChangeDeps, "permits" | "clock">,
  chain: Chain,
  eventId: string,
  hour: number,
): Promise<void> {
  const longer = append(chain, { kind: "change-permit-used", eventId, hour }, clock());
  if ((await permits.save({ chain: longer, expectedLength: chain.entries.length })) === "saved") return;
  const retryAfterSeconds = conflictSeconds;
  throw new GuardError("CASE_CHANGED", "retry", `another run wrote to \`${chain.name}\``, { retryAfterSeconds });
}
