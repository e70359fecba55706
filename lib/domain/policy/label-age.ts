import { dayMs, hourMs } from "../time.ts";

/**
 * One label of a key (a tag, or all of its aliases) as the inventory has read it. A value is seen, not set: `since` is when the inventory first read
 * it, so a label is at least as old. Times are ms since the epoch.
 */
export interface LabelSighting {
  /** See `tagState` and `aliasState`. */
  readonly state: string;
  readonly since: number;
  /** The latest reading. */
  readonly at: number;
  /** The inventory saw the key for the first time at `since`. */
  readonly first?: true;
}

/** What the inventory has read of the labels of one key; a label that was never read is absent. */
export interface KeyLabels {
  readonly tags: Readonly<Record<string, LabelSighting>>;
  readonly aliases?: LabelSighting;
}

/** How old the labels of a key are, as one decision knows it. `assumed-old`: as if each had been seen for long. */
export type LabelAge = "assumed-old" | "not-seen" | "unreadable" | SeenAge;

interface SeenAge {
  /** When (ms) it is decided. */
  readonly now: number;
  /** When (ms) the key was deleted. INVARIANT: no label grows old while the deletion is pending, however late it is decided, or decided again. */
  readonly deletedAt: number;
  readonly seen: KeyLabels;
  readonly createdAt?: number;
}

/** Why a label does not count toward a weaker outcome. `not-seen`: the inventory has no recent reading of it. */
export const labelDoubts = ["too-new", "not-seen", "unreadable"] as const;
export type LabelDoubt = (typeof labelDoubts)[number];

/** A label in the policy: a tag by its name, or the aliases of the key, which count as one. */
export type Label = { readonly tag: string } | "aliases";

/** Longest time (ms) between two readings: longer, and nothing is known about the time in between. Readings come once a day. */
const longestGapMs = 3 * dayMs;

/** A key that the inventory first reads this long (ms) after its creation was created with its labels. */
const createdWithMs = dayMs;

/** A longer state is kept as no state, which never settles anything: anyone who may tag a key chooses it. */
const maxStateLength = 1_024;

/** Returns the state of a tag; undefined stands for a key without the tag. */
export function tagState(value: string | undefined): string {
  return value === undefined ? "absent" : bounded(`=${value}`);
}

/** Returns the state of all aliases of a key together: one that goes weakens an outcome as much as one that comes. */
export function aliasState(aliases: readonly string[]): string {
  return bounded([...new Set(aliases)].sort().join(" "));
}

/** Returns the aliases that a state of `aliasState` stands for; undefined where they were too long to be kept. */
export function aliasesIn(state: string): readonly string[] | undefined {
  if (state === unbounded) return undefined;
  return state.split(" ").filter((alias) => alias !== "");
}

const unbounded = "too long";

function bounded(state: string): string {
  return state.length > maxStateLength ? unbounded : state;
}

/**
 * Returns the sighting of `state` at `at` (ms) after the sighting `before`: an unbroken row of the same readings, or a new beginning. `isNew`: this
 * is the inventory's first reading of the key.
 */
export function sightingAfter(
  before: LabelSighting | undefined,
  state: string,
  at: number,
  isNew: boolean | undefined = false,
): LabelSighting {
  if (before === undefined) return { state, since: at, at, ...(isNew && { first: true }) };
  const goesOn = before.state === state && at >= before.at && at - before.at <= longestGapMs;
  if (!goesOn) return { state, since: at, at };
  return { state, since: before.since, at, ...(before.first && { first: true }) };
}

/**
 * Returns why `label` does not settle a condition toward a weaker outcome, or undefined if it has had its present `state` for `minAgeMs` in
 * every reading of the inventory before the deletion. Without `state` returns whether any state could settle it.
 */
export function doubtOf(age: LabelAge, label: Label, minAgeMs: number, state?: string): LabelDoubt | undefined {
  if (age === "assumed-old") return undefined;
  if (typeof age === "string") return age;
  const sighting = sightingOf(age.seen, label);
  if (sighting === undefined || age.now - sighting.at > longestGapMs) return "not-seen";
  if (sighting.state === unbounded || (state !== undefined && state !== sighting.state)) return "too-new";
  const enough = isCreatedWith(sighting, age.createdAt) ? 0 : minAgeMs;
  return Math.min(age.now, age.deletedAt) - sighting.since >= enough ? undefined : "too-new";
}

function sightingOf({ tags, aliases }: KeyLabels, label: Label): LabelSighting | undefined {
  if (label === "aliases") return aliases;
  return Object.hasOwn(tags, label.tag) ? tags[label.tag] : undefined;
}

/** INVARIANT: the first reading only. A label that was changed within a day of the key's creation is as young as any other. */
function isCreatedWith({ first, since }: LabelSighting, createdAt: number | undefined): boolean {
  return first === true && createdAt !== undefined && since - createdAt <= createdWithMs && since >= createdAt - hourMs;
}
