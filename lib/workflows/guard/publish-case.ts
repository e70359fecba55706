import { isClosed } from "../../domain/case/end.ts";
import { codeOf } from "../../domain/guard-error.ts";
import type { CaseBus, CaseStore, Log } from "../ports/guard.ts";
import type { CaseFile } from "./case-file.ts";

/**
 * Tells the world every entry of `file` that it has not heard yet, in order. The cursor moves after the bus took them, so a
 * crash between the two repeats entries and never loses one.
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
  try {
    await to.bus.publish(keyArn, generation, unpublished);
    await to.cases.markPublished({ keyArn, generation }, chain.entries.length, closed);
  } catch (error) {
    to.log("PUBLISH_FAILED", { keyArn, generation, code: codeOf(error) });
    throw error;
  }
}
