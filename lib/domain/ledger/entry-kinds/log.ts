import * as v from "valibot";
import { type Kinds, optionalText, optionalWhole, text, whole } from "./members.ts";

/** Entries of the chain `log`: what the log says of itself, and of a table that contradicts it. */
export const logKinds = {
  /** The table holds a chain that is shorter than the log has it, has other entries, or cannot be read. Recorded once for each state found. */
  "trail-differs": {
    /** Name of the chain. */
    subject: text,
    loggedEntries: whole,
    /** SHA-256 of its last logged entry; 64 zeros where nothing of it was logged. */
    loggedHead: text,
    foundEntries: whole,
    foundHead: text,
    /** Kind of damage, where the chain found cannot be read. */
    damage: optionalText,
  },
  /** Something that is not an object of the log holds a number of it, or an object with a line that is no entry of its chain. The log goes on with the next number. */
  "object-unreadable": {
    number: whole,
    /** SHA-256 of its bytes (of the first 16 MiB): the object after it names this as `prev`. */
    sha256: text,
    /** The version of S3 that was read. */
    objectVersion: optionalText,
  },
  /** An object lies beyond the end of the log. It is ignored until the log reaches its number. */
  "object-out-of-order": { number: whole },
  /** The clock shows an earlier time than that of the last closing. */
  "clock-went-back": { from: whole },
  /** The last entry of every object. Its time is when the table was read, not when the object was written. */
  closing: {
    /** `all`: the whole table was read. `open`: some chains only, so that nothing follows for the others. */
    scope: v.picklist(["all", "open"]),
    /** Beginning of the hour in which it was made (ms). */
    hour: whole,
    /** How many chains were read, and how many entries they have. */
    chains: whole,
    entries: whole,
    /** Times of the newest and the oldest entry that the object adds from the table; absent where it adds none. */
    newestAt: optionalWhole,
    oldestAt: optionalWhole,
    /** SHA-256 of `heads/<number>.jsonl`, where `number` is the object before this one; once a day. */
    headsSha256: optionalText,
  },
} as const satisfies Kinds;
