import { isClosed } from "../../domain/case/end.ts";
import { codeOf } from "../../domain/guard-error.ts";
import type { Entry } from "../../domain/ledger/entry.ts";
import type { CaseBus, CaseStore, Log } from "../ports/guard.ts";
import type { LogCode } from "../ports/log-code.ts";
import type { CaseFile } from "./case-file.ts";

/** Entries that raise an alarm. */
const alarming: Partial<Readonly<Record<Entry["kind"], LogCode>>> = {
  "event-missed": "EVENT_MISSED",
  "key-left-disabled": "KEY_LEFT_DISABLED",
  "requester-unconfirmed": "DELETION_UNCONFIRMED",
};

/**
 * Publishes every entry of `file` that is not published yet, in order. The cursor moves after the bus took them, so a crash between the two
 * repeats entries and never loses one. INVARIANT: an entry that raises an alarm is logged before that, so no crash loses the alarm.
 */
export async function publishCase(
  to: { cases: Pick<CaseStore, "markPublished">; bus: CaseBus; log: Log },
  file: CaseFile,
): Promise<void> {
  const { state, chain, unpublished } = file;
  const { keyArn, generation } = state;
  const closed = isClosed(state);
  // Nothing is left to tell, but the store does not know yet that nothing is left to do.
  if (unpublished.length === 0 && !(closed && file.dueAt !== undefined)) return;
  for (const { kind } of unpublished) {
    const code = alarming[kind];
    if (code !== undefined) to.log(code, { keyArn, generation });
  }
  try {
    await to.bus.publish(keyArn, generation, unpublished);
    await to.cases.markPublished({ keyArn, generation }, chain.entries.length, closed);
  } catch (error) {
    to.log("PUBLISH_FAILED", { keyArn, generation, code: codeOf(error) });
    throw error;
  }
}
