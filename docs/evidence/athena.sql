-- The lines that `reprieve audit flat` writes, one table for all stacks. Not run against Athena here: the columns are checked against the
-- writer (test/cli/flat.test.ts). Upload the file of each stack under one name, so that a newer one replaces it: it holds the whole log.
--   aws s3 cp q3.jsonl s3://BUCKET/flat/111122223333/eu-central-1/prod.jsonl
CREATE EXTERNAL TABLE reprieve_entries (
  log_index bigint,
  closing_no bigint,
  `time` string,
  logged_at string,
  account string,
  region string,
  stack string,
  chain string,
  chain_kind string,
  key_arn string,
  generation int,
  seq int,
  kind string,
  holds boolean,
  actor string,
  actor_type string,
  person string,
  source_ip string,
  event_id string,
  request_id string,
  rule string,
  policy_hash string,
  outcome string,
  reason string,
  leaf_sha256 string,
  head_sha256 string,
  entry string
)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
LOCATION 's3://BUCKET/flat/';

-- Deletions by how they ended.
-- SELECT kind, count(DISTINCT chain) FROM reprieve_entries
-- WHERE chain_kind = 'case' AND kind IN ('key-usable', 'key-left-disabled', 'restored-by-others', 'deletion-superseded', 'key-destroyed')
--   AND from_iso8601_timestamp("time") >= timestamp '2026-07-01 00:00:00 UTC' GROUP BY kind;
