import type { pauseKinds } from "../../domain/ledger/entry-kinds/pause.ts";
import { printableText } from "../../domain/printable-text.ts";
import { notTold, type Sentences } from "./row.ts";

/** What people are notified of a pause is in `pause-text.ts`: it is no part of any case. */
export const pauseSentences: Sentences<keyof typeof pauseKinds> = {
  "pause-requested": {
    notice: notTold,
    record: ({ person, forMs }, { yellow }) =>
      yellow(`${printableText(person)} requests a pause of the guard for ${forMs / 60_000} min`),
  },
  "pause-granted": {
    notice: notTold,
    record: ({ person }, { yellow }) => yellow(`${printableText(person)} approves: the guard is paused`),
  },
  "pause-ended": {
    notice: notTold,
    record: ({ person }, { green }) => green(`${printableText(person)} ends the pause`),
  },
};
