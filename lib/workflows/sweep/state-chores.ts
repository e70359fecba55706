import type { KeyArn } from "../../domain/key/key-arn.ts";
import { revertOf } from "../../domain/operations/registry.ts";
import type { LabelBook } from "../ports/sweep.ts";
import type { Attempt } from "./attempt.ts";
import { type CallShare, leaving } from "./call-share.ts";
import { type Listed, noteListedStates } from "./note-listed-states.ts";
import { readStates } from "./read-states.ts";
import { type StateNoting, sawState } from "./saw-state.ts";

/** Time (ms) that states leave to the end of the sweep: its counts and its self-check. */
const leftToOthersMs = 40_000;

interface StateChoreDeps extends StateNoting {
  /** Names all keys. */
  readonly labels: Pick<LabelBook, "parts" | "read">;
  /** Time (ms) that is left for this sweep. */
  readonly timeLeft: () => number;
}

/** What a sweep does for the inventory of states. A step that fails is logged and harms no other. */
export interface StateChores {
  /** Keeps what the lists of an inventory showed. */
  readonly noteListed: (listed: Listed) => Promise<void>;
  /** Keeps the tags of a key, all of them, as a look showed them that began at `at` (ms). */
  readonly noteTags: (keyArn: KeyArn, tags: Readonly<Record<string, string>>, at: number) => Promise<void>;
  /** Reads further keys. */
  readonly read: (calls: CallShare) => Promise<void>;
  /** Whether the inventory of states has fallen behind. */
  readonly isBehind: () => boolean;
}

/** Returns the steps of one sweep. */
export function createStateChores({ guard, states, labels, timeLeft }: StateChoreDeps, attempt: Attempt): StateChores {
  const noting = { guard, states };
  let isBehind = false;
  return {
    noteListed: async (listed) => {
      const hasTime = () => timeLeft() >= leftToOthersMs;
      const noted = await attempt("states", async () => await noteListedStates(noting, listed, hasTime));
      isBehind ||= noted?.left ?? false;
    },
    noteTags: async (keyArn, tags, at) => {
      const state = revertOf("tags")?.stateIn(shownTags(tags));
      const subject = { kind: "key", keyArn } as const;
      if (state !== undefined)
        await attempt("states", async () => await sawState(noting, { aspect: "tags", subject, state, at }));
    },
    read: async (calls) => {
      const reading = { ...noting, book: labels, calls: leaving(calls, timeLeft, leftToOthersMs) };
      const read = await attempt("states", async () => await readStates(reading));
      isBehind ||= read?.overdue ?? false;
    },
    isBehind: () => isBehind,
  };
}

/** As one page of ListTagsForResource shows them. What was replaced on the way here, or needs more pages, is not what a look shows. */
function shownTags(tags: Readonly<Record<string, string>>) {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const isWhole = Tags.length <= 100 && !Tags.some(({ Key, Value }) => `${Key}${Value}`.includes("\ufffd"));
  return { answer: isWhole ? { Tags } : {} };
}
