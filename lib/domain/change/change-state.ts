import type { Chain } from "../ledger/chain.ts";
import type { ChangeName } from "../ledger/change-name.ts";
import { changeNameOf, changeNameText } from "../ledger/change-name.ts";
import type { Entry, EntryOf } from "../ledger/entry.ts";
import type { VoteWay } from "../people/vote.ts";
import { recordedState } from "./change-entries.ts";

/** What the chain of one hour says of the changes of one subject. */
export interface ChangeState {
  readonly name: ChangeName;
  /** Every call on record, the oldest first. */
  readonly detected: readonly EntryOf<"change-detected">[];
  readonly eventIds: ReadonlySet<string>;
  readonly judged?: EntryOf<"change-judged">;
  /** What the policy said of each, in the same order. */
  readonly verdicts: readonly EntryOf<"change-judged">[];
  /** By eventId. `intended`: the result of the revert is not on record. */
  readonly reverts: ReadonlyMap<string, "intended" | "reverted" | "left">;
  readonly isCrowded: boolean;
  /** The question whether the change that was undone may be made again. */
  readonly asked?: EntryOf<"change-asked">;
  /** What a person requested about a stopped key, and how far it came. */
  readonly start?: RequestedStart;
}

/** A request to start a key again, after the stop `eventId`. */
export interface RequestedStart {
  readonly eventId: string;
  readonly request: EntryOf<"usage-start-requested">;
  readonly state: "requested" | "intended" | "started" | "left";
  /** How many requests there were after that stop. */
  readonly attempt: number;
  /** It was left because starting it failed: people may request it again. */
  readonly hasFailed?: boolean;
}

/** How many calls of an hour are recorded one by one. */
export const maxDetected = 12;

/** How many more are recorded if they are grave, or a permit let them pass: harmless changes hide none of these. */
export const maxGrave = 12;

/** Returns the state of a chain of changes, or undefined for any other chain. */
export function foldChange(chain: Pick<Chain, "name" | "entries">): ChangeState | undefined {
  const [first] = chain.entries;
  const name = first?.kind === "change-detected" ? changeNameOf(first) : undefined;
  if (name === undefined || changeNameText(name) !== chain.name) return undefined;
  const blank: ChangeState = {
    name,
    detected: [],
    eventIds: new Set(),
    verdicts: [],
    reverts: new Map(),
    isCrowded: false,
  };
  return chain.entries.reduce(withEntry, blank);
}

const standing = { "revert-intended": "intended", "change-reverted": "reverted", "revert-left": "left" } as const;

function withEntry(before: ChangeState, entry: Entry): ChangeState {
  switch (entry.kind) {
    case "change-detected": {
      const eventIds = new Set([...before.eventIds, ...(entry.eventId === undefined ? [] : [entry.eventId])]);
      return { ...before, detected: [...before.detected, entry], eventIds };
    }
    case "change-judged":
      return { ...before, judged: entry, verdicts: [...before.verdicts, entry] };
    case "changes-crowded":
      return { ...before, isCrowded: true };
    case "revert-intended":
    case "change-reverted":
    case "revert-left":
      return { ...before, reverts: new Map([...before.reverts, [entry.eventId ?? "", standing[entry.kind]]]) };
    case "change-asked":
      return { ...before, asked: entry };
    case "usage-start-requested": {
      const eventId = before.detected.at(-1)?.eventId ?? "";
      const attempt = before.start?.eventId === eventId ? before.start.attempt + 1 : 1;
      return { ...before, start: { eventId, request: entry, state: "requested", attempt } };
    }
    case "usage-start-intended":
    case "key-usable":
    case "key-left-disabled":
      return before.start === undefined
        ? before
        : { ...before, start: { ...before.start, state: startStates[entry.kind], ...hasFailed(entry) } };
    default:
      return before;
  }
}

const startStates = {
  "usage-start-intended": "intended",
  "key-usable": "started",
  "key-left-disabled": "left",
} as const;

function hasFailed(entry: Entry): Pick<RequestedStart, "hasFailed"> {
  return entry.kind === "key-left-disabled" && entry.why === "start-failed" ? { hasFailed: true } : {};
}

/** A stop of the hour that was not undone, and what the policy said of it. */
export interface StandingStop {
  readonly detected: EntryOf<"change-detected">;
  readonly verdict?: EntryOf<"change-judged">;
}

/** Returns the changes of the hour that were not undone, the oldest record first. */
export function standingStops({ detected, verdicts, reverts }: ChangeState): readonly StandingStop[] {
  const all = detected.map((each, index) => ({ detected: each, ...(verdicts[index] && { verdict: verdicts[index] }) }));
  return all.filter(({ detected: { eventId = "" } }) => reverts.get(eventId) !== "reverted");
}

const stopped = recordedState("stopped");

/** How often people may request one start that fails: each is on record in a chain that is bounded. */
const maxStartAttempts = 5;

/** Returns whether the start that was requested failed, and may be requested again. */
export function mayStartAgain({ start }: Pick<ChangeState, "start">): boolean {
  return start?.state === "left" && start.hasFailed === true && start.attempt < maxStartAttempts;
}

/** Returns whether a person who is proven as `via` may request the start: every stop that stands counts that way. */
export function countsStart(state: ChangeState, via: VoteWay): boolean {
  return standingStops(state).every(({ verdict }) => verdict?.startProof?.includes(via) ?? true);
}

/**
 * Returns those who may have the key of a stop started again now; undefined where that is not offered. INVARIANT: whom one stop of the hour excludes, no
 * other stop brings back, in whatever order their records come.
 */
export function startersNow(state: ChangeState): readonly string[] | undefined {
  const { detected, reverts, start } = state;
  const eventId = detected.at(-1)?.eventId ?? "";
  const revert = reverts.get(eventId);
  if (revert === "reverted" || revert === "intended") return undefined;
  if (start?.eventId === eventId && !mayStartAgain(state)) return undefined;
  const stops = standingStops(state);
  // A stop before this hour disabled the key, and whom that one excludes is not on record here.
  if (stops.every(({ detected: { before } }) => before?.sha256 === stopped.sha256)) return undefined;
  const groups = stops.map(({ verdict }) => verdict?.starters ?? []);
  const [first = [], ...others] = groups;
  const persons = first.filter((person) => others.every((group) => group.includes(person)));
  return persons.length === 0 ? undefined : persons;
}
