import type { EntryKind, EntryOf } from "../../domain/ledger/entry.ts";

type Color = (text: string) => string;

/** Colors the text of a terminal, or leaves it plain. */
export interface Paint {
  readonly bold: Color;
  readonly dim: Color;
  readonly red: Color;
  readonly green: Color;
  readonly yellow: Color;
  readonly cyan: Color;
}

/** Both English texts of one kind of entry. */
interface Row<Kind extends EntryKind> {
  /** To people, in a thread or a mail; `notTold` for what only the record needs. Holds plain text from events: the channel that shows it escapes it. */
  readonly notice: (entry: EntryOf<Kind>) => string | undefined;
  /** Of record, for a terminal or the console. Text from events is escaped. */
  readonly record: (entry: EntryOf<Kind>, paint: Paint) => string;
}

/** The texts of the kinds `Kind`, complete at compile time. */
export type Sentences<Kind extends EntryKind> = { readonly [Each in Kind]: Row<Each> };

/** The notice of what only the record needs. */
export const notTold = (): undefined => undefined;

/** Returns the words of `name`, as entries spell them: `no-record`. */
export function wordsOf(name: string): string {
  return name.replaceAll("-", " ");
}
