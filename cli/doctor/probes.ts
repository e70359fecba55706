import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ListKeysCommand, PaymentCryptographyClient } from "@aws-sdk/client-payment-cryptography";
import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { logPrefix } from "../../lib/domain/log/object-name.ts";
import { type AwsPlace, casesTableOf, clientSettings } from "../stack/aws-place.ts";
import { auditBucketOf } from "../trail/log-source.ts";

/** What the doctor asks of the world; each call answers what it found, and throws what AWS says. */
export interface Probes {
  /** ARN of the caller. */
  readonly caller: () => Promise<string>;
  readonly keys: () => Promise<string>;
  readonly table: () => Promise<string>;
  readonly bucket: () => Promise<string>;
  /** Tells whether the guard's queue keeps all but two roles from changing it. */
  readonly changesAreRefused: () => Promise<boolean>;
}

/** No retries: the user is waiting. */
const oneAttempt = { maxAttempts: 1 };

export function probesOf(stack: AwsPlace & { readonly stage: string }): Probes {
  const settings = { ...clientSettings(stack), ...oneAttempt };
  return {
    caller: async () => (await new STSClient(settings).send(new GetCallerIdentityCommand({}))).Arn ?? "someone",
    keys: async () => {
      await new PaymentCryptographyClient(settings).send(new ListKeysCommand({ MaxResults: 1 }));
      return `answers in ${stack.region}`;
    },
    table: async () => {
      const TableName = casesTableOf(stack);
      const { Table } = await new DynamoDBClient(settings).send(new DescribeTableCommand({ TableName }));
      return `${TableName} is ${Table?.TableStatus?.toLowerCase() ?? "there"}`;
    },
    bucket: async () => {
      const Bucket = await auditBucketOf(stack);
      const request = { Bucket, Prefix: logPrefix, MaxKeys: 1 };
      const { KeyCount = 0, Contents = [] } = await new S3Client(settings).send(new ListObjectsV2Command(request));
      return KeyCount + Contents.length === 0 ? `${Bucket} holds no log yet` : `${Bucket} holds the log`;
    },
    changesAreRefused: async () => {
      const sqs = new SQSClient(settings);
      const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: `reprieve-${stack.stage}-guard` }));
      const request = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["Policy"] });
      const { Attributes } = await sqs.send(request);
      const { Statement = [] } = JSON.parse(Attributes?.Policy ?? "{}") as { Statement?: { Sid?: string }[] };
      return Statement.some(({ Sid }) => Sid === "OnlyAdministratorsChange");
    },
  };
}
