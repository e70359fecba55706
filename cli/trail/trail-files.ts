/** Names of the files of an export. Entries are cut into parts, so that none grows without end. */
export const manifestFile = "manifest.json";
export const headsFile = "heads.jsonl";
/** The text of each checkpoint, an hour a line; and what must not be in the audit bucket. */
export const checkpointsFile = "checkpoints.jsonl";
export const irregularFile = "irregular.jsonl";
export const entriesFile = (part: number): string => `entries-${String(part).padStart(4, "0")}.jsonl`;
export const isEntriesFile = (name: string): boolean => /^entries-\d{4}\.jsonl$/.test(name);
