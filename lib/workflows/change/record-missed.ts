import { foldChange } from "../../domain/change/change-state.ts";
import type { Chain } from "../../domain/ledger/chain.ts";
import { type ChangeName, hourOfChange } from "../../domain/ledger/change-name.ts";
import type { InferredCall } from "../../domain/operations/operation.ts";
import { inferOperation, revertOf } from "../../domain/operations/registry.ts";
import { isSameState, type State } from "../../domain/operations/state.ts";
import { subjectText } from "../../domain/operations/subject.ts";
import { minuteMs } from "../../domain/time.ts";
import type { MissedChange, RecordedChange } from "../ports/change.ts";
import type { ChangeDeps, Delivered } from "./change-deps.ts";
import { guardSubject } from "./guard-change.ts";
import { type Look, lookOnce } from "./look-once.ts";
import { record } from "./record.ts";
import { type Found, isRecorded, missedId, ownChain } from "./recorded-before.ts";
import { stateNow } from "./see-change.ts";

/** A record may be this much (ms) older than the last sighting of the state that its call ended: the two have different clocks. */
const clockSkewMs = minuteMs;

/**
 * Records a change of which no event told, judges it by the policy with its requester unknown, undoes it where a rule says so, and publishes its name.
 * INVARIANT: `missed` is only a reason to look: what the subject looked like before is what the inventory knows, and what it looks like now is what
 * the control plane shows. The same for a duplicate and a retry. Throws a GuardError to be tried again.
 */
export async function recordMissed(deps: ChangeDeps, missed: MissedChange, deliveries: number): Promise<void> {
  const { aspect, subject, at } = missed;
  const revert = revertOf(aspect);
  if (revert === undefined) return deps.log("CHANGE_OVER", { aspect, subject: subjectText(subject) });
  const look = lookOnce(deps, deliveries);
  const now = await stateNow({ revert }, subject, look);
  const before = await deps.known.before(aspect, subject, at);
  const own = await ownChain(deps.book, missed);
  const differs = now !== undefined && before !== undefined && !isSameState(before, now);
  if (own !== undefined && !differs) return await finish(deps, missed, own, now);
  const found = differs ? inferOperation(aspect, before, now) : undefined;
  const isNew =
    found !== undefined && now !== undefined && (own !== undefined || (await isMissed(deps, missed, found, now)));
  if (!isNew) deps.log("CHANGE_OVER", { aspect, subject: subjectText(subject) });
  const stands = !isNew || (await guardFound({ ...deps, deliveries }, missed, found, { now, look }));
  // Whatever was recorded of it, this is what the subject looks like from now on.
  if (stands && now !== undefined) await deps.known.note(aspect, subject, now, deps.clock());
}

/** Ends what an earlier run recorded and undid; there is nothing else to do. */
async function finish(
  deps: ChangeDeps,
  { aspect, subject, at }: MissedChange,
  { name, chain }: { readonly name: ChangeName; readonly chain: Chain },
  now: State | undefined,
): Promise<void> {
  if (now !== undefined && foldChange(chain)?.reverts.get(missedId({ at })) === "intended") {
    await record(deps, chain, {
      kind: "change-reverted",
      eventId: missedId({ at }),
      how: "found",
      revertedAfterMs: Math.max(0, deps.clock() - at),
    });
    deps.log("CHANGE_REVERTED", { change: chain.name, how: "found" });
  }
  if (now !== undefined) await deps.known.note(aspect, subject, now, deps.clock());
  await deps.notify(name);
}

/** Returns whether the change stands. */
async function guardFound(
  deps: ChangeDeps & Delivered,
  missed: MissedChange,
  { operation, call }: Found,
  { now, look }: { readonly now: State; readonly look: Look },
): Promise<boolean> {
  const { subject, at } = missed;
  deps.log("EVENT_MISSED", { operation: operation.name, subject: subjectText(subject) });
  const name: ChangeName = { operation: operation.name, subject, hour: hourOfChange(at) };
  const change = { subject, after: now, ...(call.details && { details: call.details }) };
  await guardSubject(deps, { operation, recorded: recordedAs(missed, call), subject }, change, name, look);
  await deps.notify(name);
  const chain = await deps.book.read(name);
  return (chain && foldChange(chain))?.reverts.get(missedId(missed)) !== "reverted";
}

/** Whether neither an event nor an earlier report told that the subject looks like `now`. */
async function isMissed(
  { known, book }: Pick<ChangeDeps, "known" | "book">,
  missed: MissedChange,
  found: Found,
  now: State,
): Promise<boolean> {
  const { aspect, subject, at } = missed;
  const last = await known.last(aspect, subject);
  if (last?.state !== undefined && isSameState(last.state, now)) return false;
  const since = Math.min(at, last?.at ?? at) - clockSkewMs;
  return !(await isRecorded(book, missed, found, { now, since }));
}

function recordedAs(missed: MissedChange, { name }: InferredCall): RecordedChange {
  return {
    ...{ source: "inventory", eventId: missedId(missed), at: missed.at, isServiceEvent: false },
    ...{ requester: { kind: "unknown" }, call: { name, parameters: {}, answer: {}, details: {} } },
  };
}
