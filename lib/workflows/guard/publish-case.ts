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

/** What publishing works with. */
interface Publisher {
  readonly cases: Pick<CaseStore, "markPublished">;
  readonly bus: CaseBus;
  readonly log: Log;
}

/**
 * Publishes every entry of `files` that is not published yet, in order. The cursor moves after the bus took them, so a crash between the two
 * repeats entries and never loses one. INVARIANT: an entry that raises an alarm is logged before the first entry of any case is published, so
 * neither a crash nor an earlier case that cannot be published loses the alarm. Throws what the bus or the store throw.
 */
export async function publishCases(to: Publisher, files: readonly CaseFile[]): Promise<void> {
  for (const file of files) raiseAlarms(to.log, file);
  for (const file of files) await publish(to, file);
}

function raiseAlarms(log: Log, { state: { keyArn, generation }, unpublished }: CaseFile): void {
  for (const { kind } of unpublished) {
    const code = alarming[kind];
    if (code !== undefined) log(code, { keyArn, generation });
  }
}

async function publish({ cases, bus, log }: Publisher, file: CaseFile): Promise<void> {
  const { state, chain, unpublished } = file;
  const { keyArn, generation } = state;
  const closed = isClosed(state);
  // Nothing is left to tell, but the store does not know yet that nothing is left to do.
  if (unpublished.length === 0 && !(closed && file.dueAt !== undefined)) return;
  try {
    await bus.publish(keyArn, generation, unpublished);
    await cases.markPublished({ keyArn, generation }, chain.entries.length, closed);
  } catch (error) {
    log("PUBLISH_FAILED", { keyArn, generation, code: codeOf(error) });
    throw error;
  }
}
