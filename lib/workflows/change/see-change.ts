import type { KeyArn } from "../../domain/key/key-arn.ts";
import type { PaymentKey } from "../../domain/key/payment-key.ts";
import type { ApiCall, Operation, ReadChange, Revert, SeenChange } from "../../domain/operations/operation.ts";
import { isSameState, type State } from "../../domain/operations/state.ts";
import type { Subject } from "../../domain/operations/subject.ts";
import { mayRevert, readsKey } from "../../domain/policy/change-facts.ts";
import type { RecordedChange } from "../ports/change.ts";
import type { ChangeDeps } from "./change-deps.ts";
import type { Look } from "./look-once.ts";
import { isUsageOfCase } from "./usage-by-case.ts";

/** A change, with everything that was read around it. */
export interface Sight {
  readonly operation: Operation;
  readonly recorded: RecordedChange;
  readonly subject: Subject;
  readonly seen: SeenChange;
  /** The state as the control plane showed it just now. */
  readonly now?: State;
  /** Which key the change is about, where it is known. */
  readonly keyArn?: KeyArn;
}

type Sources = Pick<ChangeDeps, "plane" | "known" | "policy" | "newestCase">;

/** Returns the subject of a change; a key that is named by an alias is looked up, and is the alias where nothing answers. */
export async function subjectOf(
  { plane }: Pick<Sources, "plane">,
  { subject }: ReadChange,
  look: Look,
): Promise<Subject> {
  if (subject.kind !== "key-of-alias") return subject;
  const shown = await look(getKey(subject.alias));
  const keyArn = shown && plane.keyIn(shown)?.arn;
  return keyArn === undefined ? { kind: "alias", alias: subject.alias } : { kind: "key", keyArn };
}

/** Reads what is known around a change. */
export async function seeChange(
  sources: Sources,
  { operation, recorded, subject }: Pick<Sight, "operation" | "recorded" | "subject">,
  change: ReadChange,
  look: Look,
): Promise<Sight> {
  const { revert } = operation;
  const states = await statesAround(sources, revert, { subject, change, at: recorded.at });
  // Each call takes from a quota of five a second: nothing is read that decides nothing.
  const now = mayRevert(sources.policy, operation.name) ? await stateNow(operation, subject, look) : undefined;
  const related = await keysAround(sources, operation, { change, ...states }, look);
  // The look at a key that was stopped shows the key too, and who may have it started depends on that.
  const isShown = operation.startable === true && now !== undefined;
  const isRead = isShown || operation.needsKey === true || readsKey(sources.policy, operation.name);
  const own = subject.kind === "key" && isRead ? await keyOf(sources, subject.keyArn, look) : undefined;
  const key = own ?? related["from"];
  const keyArn = subject.kind === "key" ? subject.keyArn : related["from"]?.arn;
  return {
    ...{ operation, recorded, subject },
    seen: { change, call: recorded.call.name, at: recorded.at, related, ...states, ...(key !== undefined && { key }) },
    ...(now !== undefined && { now }),
    ...(keyArn !== undefined && { keyArn }),
  };
}

/** Returns the states before and after a change made at `at` (ms), each where it is known. */
async function statesAround(
  sources: Sources,
  revert: Revert | undefined,
  { subject, change, at }: { readonly subject: Subject; readonly change: ReadChange; readonly at: number },
): Promise<Pick<SeenChange, "before" | "after">> {
  const told = change.after === undefined ? {} : { after: change.after };
  if (revert === undefined || (await isUsageOfCase(sources, revert, subject))) return told;
  const before = await sources.known.before(revert.aspect, subject, at);
  if (before === undefined) return told;
  const after = change.after ?? change.afterFrom?.(before);
  const last = await sources.known.last(revert.aspect, subject);
  // Records have whole seconds: which of two calls of one second came first is not known. What this very change left is noted by a run before.
  const isOwn = last?.state !== undefined && after !== undefined && isSameState(last.state, after);
  if (last?.since === at && !isOwn) return told;
  return { before, ...(after !== undefined && { after }) };
}

/** Returns the state of `subject` as the control plane shows it. */
export async function stateNow(
  { revert }: Pick<Operation, "revert">,
  subject: Subject,
  look: Look,
): Promise<State | undefined> {
  const call = revert?.look(subject);
  const shown = call && (await look(call));
  return shown && revert?.stateIn(shown);
}

async function keysAround(
  sources: Sources,
  { related }: Operation,
  seen: Pick<SeenChange, "change" | "before" | "after">,
  look: Look,
): Promise<Readonly<Partial<Record<string, PaymentKey>>>> {
  const named = Object.entries(related?.(seen) ?? {});
  const found = await Promise.all(
    named.map(async ([name, identifier]) => [name, await keyOf(sources, identifier, look)] as const),
  );
  return Object.fromEntries(found.filter(([, key]) => key !== undefined));
}

/** Returns the key that GetKey shows; undefined where it shows none. */
export async function keyOf(
  { plane }: Pick<Sources, "plane">,
  identifier: string,
  look: Look,
): Promise<PaymentKey | undefined> {
  const shown = await look(getKey(identifier));
  return shown && plane.keyIn(shown);
}

function getKey(identifier: string): ApiCall {
  return { call: "GetKey", input: { KeyIdentifier: identifier } };
}
