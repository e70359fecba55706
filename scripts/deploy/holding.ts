/**
 * Resources that hold what cannot be made again (records, evidence, keys, secrets, messages), each with the properties that CloudFormation changes in place and
 * without touching the contents. Every other property counts as one whose change puts a new, empty resource in place.
 */
export const changedInPlace: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    "AWS::DynamoDB::Table":
      "BillingMode ContributorInsightsSpecification DeletionProtectionEnabled GlobalSecondaryIndexes KinesisStreamSpecification OnDemandThroughput PointInTimeRecoverySpecification ProvisionedThroughput ResourcePolicy SSESpecification StreamSpecification TableClass Tags TimeToLiveSpecification WarmThroughput",
    "AWS::S3::Bucket":
      "AccelerateConfiguration AnalyticsConfigurations BucketEncryption CorsConfiguration IntelligentTieringConfigurations InventoryConfigurations LifecycleConfiguration LoggingConfiguration MetricsConfigurations NotificationConfiguration ObjectLockConfiguration OwnershipControls PublicAccessBlockConfiguration ReplicationConfiguration Tags VersioningConfiguration",
    "AWS::KMS::Key": "Description EnableKeyRotation Enabled KeyPolicy PendingWindowInDays RotationPeriodInDays Tags",
    "AWS::SecretsManager::Secret": "Description KmsKeyId ReplicaRegions Tags",
    "AWS::SQS::Queue":
      "ContentBasedDeduplication DeduplicationScope DelaySeconds FifoThroughputLimit KmsDataKeyReusePeriodSeconds KmsMasterKeyId MaximumMessageSize MessageRetentionPeriod ReceiveMessageWaitTimeSeconds RedriveAllowPolicy RedrivePolicy SqsManagedSseEnabled Tags VisibilityTimeout",
  }).map(([type, names]) => [type, new Set(names.split(" "))]),
);

/** Tells whether a resource of this type holds what cannot be made again. */
export function isHolding(type: string): boolean {
  return changedInPlace.has(type);
}

/** Tells whether a change of this property could put a new, empty resource in the place of one that holds something. */
export function mayReplace(type: string, property: string): boolean {
  return changedInPlace.get(type)?.has(property) === false;
}
