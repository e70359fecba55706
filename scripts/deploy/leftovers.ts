import { DescribeTableCommand, DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import { ListSecretsCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { allPages } from "./all-pages.ts";

/** How AWS is called. */
export interface ClientSettings {
  readonly region: string;
  readonly endpoint?: string;
  readonly forcePathStyle: boolean;
}

/** What an earlier stack of the stage left behind under a name that a new one takes. */
export interface Leftover {
  readonly kind: "table" | "bucket" | "secret";
  readonly name: string;
  readonly isEmpty: boolean;
  /** For a table: whether it refuses its deletion. For a secret: whether its deletion is scheduled, which keeps its name taken. */
  readonly isHeld: boolean;
}

/**
 * Returns what is there of all that outlives a stack and has a fixed name: the table of cases, the secrets, and the audit bucket. Two calls and one for
 * each of table and bucket that is there; `bucket` is looked into only by name, so leave it empty if it is free. Throws what AWS answers.
 */
export async function leftoversOf(
  settings: ClientSettings,
  stage: string,
  bucket: string,
): Promise<readonly Leftover[]> {
  const [table, secrets, objects] = await Promise.all([
    tableLeft(new DynamoDBClient(settings), `reprieve-${stage}-cases`),
    secretsLeft(new SecretsManagerClient(settings), `reprieve/${stage}/`),
    bucket === "" ? undefined : bucketLeft(new S3Client(settings), bucket),
  ]);
  return [table ?? [], secrets, objects ?? []].flat();
}

async function tableLeft(client: DynamoDBClient, TableName: string): Promise<Leftover | undefined> {
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    // Its own count may be six hours old.
    const { Items } = await client.send(new ScanCommand({ TableName, Limit: 1 }));
    const isHeld = Table?.DeletionProtectionEnabled === true;
    return { kind: "table", name: TableName, isEmpty: (Items ?? []).length === 0, isHeld };
  } catch (error) {
    if (error instanceof Error && error.name === "ResourceNotFoundException") return undefined;
    throw error;
  }
}

async function secretsLeft(client: SecretsManagerClient, prefix: string): Promise<readonly Leftover[]> {
  const Filters = [{ Key: "name" as const, Values: [prefix] }];
  const secrets = await allPages(async (token) => {
    const request = { Filters, IncludePlannedDeletion: true, ...(token !== undefined && { NextToken: token }) };
    const { SecretList: parts, NextToken: next } = await client.send(new ListSecretsCommand(request));
    return { parts, next };
  });
  return secrets
    .filter(({ Name = "" }) => Name.startsWith(prefix))
    .map(({ Name = "", SecretVersionsToStages = {}, DeletedDate }) => ({
      ...{ kind: "secret", name: Name, isEmpty: Object.keys(SecretVersionsToStages).length === 0 },
      isHeld: DeletedDate !== undefined,
    }));
}

async function bucketLeft(client: S3Client, Bucket: string): Promise<Leftover> {
  const { Versions = [], DeleteMarkers = [] } = await client.send(
    new ListObjectVersionsCommand({ Bucket, MaxKeys: 1 }),
  );
  return { kind: "bucket", name: Bucket, isEmpty: Versions.length + DeleteMarkers.length === 0, isHeld: false };
}

/** Returns the commands that remove it; none for one that holds something. */
export function removalOf({ kind, name, isEmpty, isHeld }: Leftover, region: string): readonly string[] {
  if (!isEmpty) return [];
  switch (kind) {
    case "table": {
      const table = `--region ${region} --table-name ${name}`;
      return [
        ...(isHeld ? [`aws dynamodb update-table ${table} --no-deletion-protection-enabled`] : []),
        `aws dynamodb delete-table ${table}`,
      ];
    }
    case "secret": {
      const secret = `--region ${region} --secret-id ${name}`;
      return [
        ...(isHeld ? [`aws secretsmanager restore-secret ${secret}`] : []),
        `aws secretsmanager delete-secret ${secret} --force-delete-without-recovery`,
      ];
    }
    case "bucket":
      return [`aws s3api delete-bucket --region ${region} --bucket ${name}`];
  }
}
