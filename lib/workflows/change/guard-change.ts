import { foldChange, maxDetected, maxGrave } from "../../domain/change/change-state.ts";
import type { Chain } from "../../domain/ledger/chain.ts";
import { emptyChain } from "../../domain/ledger/chain.ts";
import { changeChainName } from "../../domain/ledger/chain-name.ts";
import { type ChangeName, hourOfChange } from "../../domain/ledger/change-name.ts";
import type { BodyOf } from "../../domain/ledger/entry.ts";
import { deletionName } from "../../domain/operations/delete/name.ts";
import type { Operation, ReadChange } from "../../domain/operations/operation.ts";
import { operationOf } from "../../domain/operations/registry.ts";
import { isUndoing } from "../../domain/policy/change-outcome.ts";
import type { RecordedChange } from "../ports/change.ts";
import type { ChangeDeps, Delivered } from "./change-deps.ts";
import { type Judged, judge } from "./judge.ts";
import { type Look, lookOnce } from "./look-once.ts";
import { isOvertaken } from "./overtaken.ts";
import { record } from "./record.ts";
import { detectedEntry, judgedEntry } from "./recorded-change.ts";
import { revertChange } from "./revert-change.ts";
import { type Sight, seeChange, subjectOf } from "./see-change.ts";

/** A record that does not say what was changed: people are notified, and nothing is done. */
const unreadable: ReadChange = { subject: { kind: "account" } };

/**
 * Records a change, judges it by the policy, undoes it where a rule says so, and publishes its name for people to be notified. The same for a first
 * event, a duplicate and a retry after a crash. `deliveries` counts how often the queue has handed the message out, from 1. Throws a GuardError to
 * be tried again.
 */
export async function guardChange(deps: ChangeDeps, recorded: RecordedChange, deliveries: number): Promise<void> {
  const { call, eventId, isServiceEvent } = recorded;
  const operation = operationOf(call.name, isServiceEvent);
  // AWS publishes no list of its service events: one that is not known changes nothing that is guarded here.
  const isOther = operation === undefined || operation.name === deletionName;
  if (isOther || isOwn(deps, recorded)) return deps.log("CHANGE_OVER", { eventId, call: call.name });
  const change = operation.read(call) ?? unreadable;
  const look = lookOnce(deps, deliveries);
  const subject = await subjectOf(deps, change, look);
  const name: ChangeName = { operation: operation.name, subject, hour: hourOfChange(recorded.at) };
  await guardSubject({ ...deps, deliveries }, { operation, recorded, subject }, change, name, look);
  await deps.notify(name);
}

/** INVARIANT: what the stack does itself is never a reason to act, or it would fight with itself. */
function isOwn({ ownRoles }: ChangeDeps, { requester }: RecordedChange): boolean {
  return requester.kind === "role-session" && ownRoles.includes(requester.roleArn);
}

/** Records, judges and undoes a change whose subject is known. Throws a GuardError to be tried again. */
export async function guardSubject(
  deps: ChangeDeps & Delivered,
  about: { readonly operation: Operation } & Pick<Sight, "recorded" | "subject">,
  change: ReadChange,
  name: ChangeName,
  look: Look,
): Promise<void> {
  const chain = await deps.book.read(name);
  const state = chain && foldChange(chain);
  const isKnown = state?.eventIds.has(about.recorded.eventId) ?? false;
  const isBegun = isKnown && state?.reverts.get(about.recorded.eventId) === "intended";
  if (isKnown && !isBegun && hasEnded(chain, about.recorded.eventId)) return;
  const others = isKnown ? 0 : (state?.detected.length ?? 0);
  if (chain !== undefined && others >= maxDetected + maxGrave)
    return await crowd(deps, chain, state?.isCrowded ?? false);
  const sight = await seeChange(deps, about, change, look);
  const judged = await judge(deps, sight, change !== unreadable);
  // A permit that is used up names its change: that has to be on record.
  const needsRoom = judged.weight === "grave" || judged.permit !== undefined;
  if (chain !== undefined && others >= maxDetected && !needsRoom)
    return await crowd(deps, chain, state?.isCrowded ?? false);
  const entries = [
    detectedEntry(sight, judged, deps.version, change !== unreadable),
    judgedEntry(deps.policy, judged),
    ...((await isOvertaken(deps, sight, judged, { name, chain })) ? [overtaken(about.recorded)] : []),
  ];
  // Before the record: once a change that stands is on record, no retry comes back to it.
  await noteStanding(deps, sight, judged);
  const before = chain ?? emptyChain(changeChainName(name));
  const begun = isKnown ? before : await record(deps, before, ...entries);
  if (!isKnown) report(deps, begun, judged);
  if (entries.length > 2) deps.log("REVERT_LEFT", { change: begun.name, why: "overtaken" });
  await revertChange(deps, sight, judged, { chain: begun, isOwed: isKnown, isBegun, deliveries: deps.deliveries });
}

function overtaken({ eventId }: RecordedChange): BodyOf<"revert-left"> {
  return { kind: "revert-left", eventId, why: "overtaken", stands: true };
}

/** Whether what the policy wanted of the call `eventId` is on record. */
function hasEnded(chain: Chain | undefined, eventId: string): boolean {
  const entries = chain?.entries ?? [];
  const at = entries.findIndex((entry) => entry.kind === "change-detected" && entry.eventId === eventId);
  const rest = entries.slice(at + 1);
  const judged = rest.find((entry) => entry.kind === "change-judged");
  if (judged?.kind === "change-judged" && !isUndoing(judged.outcome)) return true;
  const revert = (chain && foldChange(chain))?.reverts.get(eventId);
  return revert === "reverted" || revert === "left";
}

/** A person, or an automation, changes one subject again and again. */
async function crowd(deps: ChangeDeps, chain: Chain, isCrowded: boolean): Promise<void> {
  deps.log("CHANGES_CROWDED", { change: chain.name });
  if (!isCrowded) await record(deps, chain, { kind: "changes-crowded" });
}

function report(deps: ChangeDeps, { name }: Chain, { outcome, rule, weight, doubt }: Judged): void {
  const isGrave = weight === "grave" && rule === "none";
  const fields = { change: name, outcome, rule, ...(doubt !== undefined && { doubt }) };
  deps.log(isGrave ? "GRAVE_CHANGE" : "CHANGE_RECORDED", fields);
}

/**
 * A change that stands is what the subject looks like from now on, also one that stands because the stack observes or is paused. INVARIANT: as its
 * record tells and since its time, not as a look shows now: another change may have followed already, and is judged by what this one left.
 */
async function noteStanding(deps: ChangeDeps, { operation, subject, seen }: Sight, judged: Judged): Promise<void> {
  const aspect = operation.revert?.aspect ?? operation.inferred?.aspect;
  if (aspect === undefined || seen.after === undefined) return;
  if (isUndoing(judged.outcome) && judged.mode === "enforce") return;
  await deps.known.note(aspect, subject, seen.after, Math.min(seen.at, deps.clock()));
}
