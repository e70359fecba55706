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
    default:
      return before;
  }
}
