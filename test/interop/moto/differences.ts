/** A test of moto's that the local control plane does not pass, and the difference behind it. */
export interface Difference {
  readonly test: string;
  readonly difference: DifferenceName;
}

/** Differences between moto 5.2.5 and the local control plane; docs/interop.md says of each who is right, and by what. */
export type DifferenceName = "key-class" | "key-id-length" | "primary-region" | "replication-takes-time";

const named = (difference: DifferenceName, ...tests: readonly string[]): readonly Difference[] =>
  tests.map((test) => ({ test, difference }));

/** With keys that can exist. */
export const differences: readonly Difference[] = [
  ...named(
    "key-id-length",
    "test_delete_key_not_found",
    "test_put_resource_policy_key_not_found",
    "test_get_resource_policy_key_not_found",
    "test_start_key_usage_not_found",
    "test_stop_key_usage_not_found",
  ),
  ...named("primary-region", "test_create_key_with_replica_regions", "test_add_key_replication_regions"),
  ...named("replication-takes-time", "test_remove_key_replication_regions"),
];

/** As shipped: every test that makes a key makes one that cannot be. */
export const differencesAsShipped: readonly Difference[] = [
  ...differences.filter(({ difference }) => difference === "key-id-length"),
  ...named(
    "key-class",
    "test_create_key",
    "test_create_key_with_replica_regions",
    "test_get_key",
    "test_list_keys_single_region",
    "test_list_tags_for_resource",
    "test_tag_resource",
    "test_untag_resource",
    "test_delete_key",
    "test_put_resource_policy",
    "test_get_resource_policy_when_none_set",
    "test_delete_resource_policy",
    "test_add_key_replication_regions",
    "test_remove_key_replication_regions",
    "test_create_alias",
    "test_get_alias",
    "test_update_alias",
    "test_delete_alias",
    "test_list_aliases",
    "test_start_key_usage",
    "test_start_key_usage_already_enabled_does_not_update_timestamp",
    "test_stop_key_usage",
  ),
];
