/** Names of the files of an export. Beside them `log/` holds the objects of the audit bucket, each under its own name. */
export const manifestFile = "manifest.json";
/** How far each chain was logged. */
export const headsFile = "heads.jsonl";
/** What the table adds to the log, and where it contradicts it. */
export const tableFile = "table.jsonl";
/** When S3 took each object, and what must not be in the bucket. */
export const bucketFile = "bucket.jsonl";
