import type { CaseFile } from "./case-file.ts";
import type { CaseBus, CaseStore } from "./ports.ts";

/**
 * Tells the world every entry of `file` that it has not heard yet, in order. The cursor moves after the bus took them, so a
 * crash between the two repeats entries and never loses one.
 */
export async function publishCase(to: { cases: CaseStore; bus: CaseBus }, file: CaseFile): Promise<void> {
  const { keyArn, generation } = file.state;
  const { entries } = file.chain;
  const published = await to.cases.published(keyArn, generation);
  if (published >= entries.length) return;
  await to.bus.publish(keyArn, generation, entries.slice(published));
  await to.cases.markPublished(keyArn, generation, entries.length);
}
