import { foldChangePermit } from "../../domain/approval/change-permit.ts";
import { isNameable } from "../../domain/approval/permit.ts";
import { quorumOf } from "../../domain/approval/permit-command.ts";
import { recordedState } from "../../domain/change/change-entries.ts";
import { codeOf } from "../../domain/guard-error.ts";
import { append, type Chain, emptyChain } from "../../domain/ledger/chain.ts";
import { changePermitChainName } from "../../domain/ledger/chain-name.ts";
import { hourOfChange } from "../../domain/ledger/change-name.ts";
import { permitOfChange } from "../../domain/ledger/change-permit-name.ts";
import type { BodyOf } from "../../domain/ledger/entry.ts";
import { subjectText } from "../../domain/operations/subject.ts";
import { personOf } from "../../domain/people/directory.ts";
import { principalOf } from "../../domain/people/requester.ts";
import type { ChangeDeps } from "./change-deps.ts";
import type { Judged } from "./judge.ts";
import type { Sight } from "./see-change.ts";

/**
 * Asks people whether a change that was undone may be made again: opens a permit for its requester, its state and its operation, and returns what the
 * chain of the change records of it. Once for each subject, operation and hour; a retry finds what it opened. Undefined where nobody can be asked: the
 * requester cannot be distinguished from others, people were asked about another change of the hour, or the question is damaged. Throws STORE_UNAVAILABLE.
 */
export async function askPeople(
  { permits, policy, clock, log }: Pick<ChangeDeps, "permits" | "policy" | "clock" | "log">,
  { operation, recorded, subject, seen }: Sight,
  { outcome, approval, rule }: Judged,
): Promise<BodyOf<"change-asked"> | undefined> {
  const { requester, eventId } = recorded;
  if (outcome !== "ask" || approval === undefined || !isNameable(requester) || seen.after === undefined)
    return undefined;
  const hour = hourOfChange(recorded.at);
  const name = permitOfChange({ operation: operation.name, subject, hour });
  const user = personOf(policy.directory, requester);
  const now = clock();
  const requested: BodyOf<"change-permit-requested"> = {
    ...{ kind: "change-permit-requested", operation: operation.name, subject: subjectText(subject) },
    ...{ change: { hour, eventId }, rule, principal: principalOf(requester), deadline: now + approval.withinMs },
    ...(requester.kind === "role-session" && requester.roleId !== undefined && { roleId: requester.roleId }),
    ...(user !== undefined && { user }),
    ...{ from: approval.from, quorum: quorumOf(approval.quorum, user) },
    ...{ to: recordedState(seen.after), reason: operation.says(seen).slice(0, maxReason) },
  };
  const chain = append(emptyChain(changePermitChainName(name)), requested, now);
  const isNew = (await permits.save({ chain, expectedLength: 0 })) === "saved";
  const stored = isNew ? chain : await readable(permits.read(name));
  if (stored === undefined) log("STATE_UNREADABLE", { permit: chain.name });
  const open = stored && foldChangePermit(stored);
  if (open?.request.change?.eventId !== eventId) return undefined;
  const { deadline, from, quorum } = open.request;
  return { kind: "change-asked", eventId, from, quorum, deadline };
}

/** Characters of what happened, as the permit repeats it. */
const maxReason = 400;

/** INVARIANT: what is undone is recorded as undone, also where the permit of the hour cannot be trusted. */
async function readable(reading: Promise<Chain | undefined>): Promise<Chain | undefined> {
  return await reading.catch((error: unknown) => {
    if (codeOf(error) === "CASE_UNREADABLE") return undefined;
    throw error;
  });
}
