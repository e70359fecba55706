import type { Chain } from "../ledger/chain.ts";
import type { ChangeName } from "../ledger/change-name.ts";
import { changeNameOf, changeNameText } from "../ledger/change-name.ts";
import type { Entry, EntryOf } from "../ledger/entry.ts";

/** What the chain of one hour says of the changes of one subject. */
export interface ChangeState {
  readonly name: ChangeName;
  /** Every call on record, the oldest first. */
  readonly detected: readonly EntryOf<"change-detected">[];
  readonly eventIds: ReadonlySet<string>;
  readonly judged?: EntryOf<"change-judged">;
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
}

/** How many calls of an hour are recorded one by one. */
export const maxDetected = 12;

/** How many more are recorded if they are grave: harmless changes hide none of these. */
export const maxGrave = 12;

/** Returns the state of a chain of changes, or undefined for any other chain. */
export function foldChange(chain: Pick<Chain, "name" | "entries">): ChangeState | undefined {
  const [first] = chain.entries;
  const name = first?.kind === "change-detected" ? changeNameOf(first) : undefined;
  if (name === undefined || changeNameText(name) !== chain.name) return undefined;
  const blank: ChangeState = { name, detected: [], eventIds: new Set(), reverts: new Map(), isCrowded: false };
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
      return { ...before, judged: entry };
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
      return { ...before, start: { eventId, request: entry, state: "requested" } };
    }
    case "usage-start-intended":
    case "key-usable":
    case "key-left-disabled":
      return before.start === undefined
        ? before
        : { ...before, start: { ...before.start, state: startStates[entry.kind] } };
    default:
      return before;
  }
}

const startStates = {
  "usage-start-intended": "intended",
  "key-usable": "started",
  "key-left-disabled": "left",
} as const;

/** Returns those who may have the key of a stop started again now; undefined where that is not offered. */
export function startersNow({ detected, judged, reverts, start }: ChangeState): readonly string[] | undefined {
  const eventId = detected.at(-1)?.eventId ?? "";
  const revert = reverts.get(eventId);
  if (revert === "reverted" || revert === "intended" || start?.eventId === eventId) return undefined;
  return judged?.starters;
}
