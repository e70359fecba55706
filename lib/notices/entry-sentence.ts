import type { Entry, EntryKind } from "../domain/ledger/entry.ts";
import { changeSentences } from "./sentences/change.ts";
import { decisionSentences } from "./sentences/decision.ts";
import { deletionSentences } from "./sentences/deletion.ts";
import { lockOutSentences } from "./sentences/lock-out.ts";
import { logSentences } from "./sentences/log.ts";
import { pauseSentences } from "./sentences/pause.ts";
import { permitSentences } from "./sentences/permit.ts";
import { questionSentences } from "./sentences/question.ts";
import { restoreSentences } from "./sentences/restore.ts";
import type { Paint, Sentences } from "./sentences/row.ts";
import { stackSentences } from "./sentences/stack.ts";

/** Complete at compile time: a new kind of entry needs a row. */
const sentences: Sentences<EntryKind> = {
  ...deletionSentences,
  ...decisionSentences,
  ...restoreSentences,
  ...lockOutSentences,
  ...questionSentences,
  ...permitSentences,
  ...pauseSentences,
  ...changeSentences,
  ...stackSentences,
  ...logSentences,
};

interface AnyRow {
  readonly notice: (entry: Entry) => string | undefined;
  readonly record: (entry: Entry, paint: Paint) => string;
}

/**
 * Returns the sentence that notifies people of one entry, in a thread or a mail; undefined for what only the record needs. It may hold
 * plain text from events: the channel that shows it escapes it.
 */
export function noticeSentence(entry: Entry): string | undefined {
  return (sentences[entry.kind] as AnyRow).notice(entry);
}

/** Returns what the record says of one entry, for a terminal or the console. Text from events is escaped. */
export function recordSentence(entry: Entry, paint: Paint): string {
  return (sentences[entry.kind] as AnyRow).record(entry, paint);
}
