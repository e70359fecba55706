import type { Plugin } from "esbuild";
import type { AwsPort } from "./perform.ts";

interface ClientModule {
  readonly port: AwsPort;
  readonly client: string;
  readonly operations: readonly string[];
}

/** What the product takes of each client. A name that is missing here ends the build. */
const modules: Readonly<Record<string, ClientModule>> = {
  cloudtrail: { port: "history", client: "CloudTrailClient", operations: ["LookupEvents"] },
  dynamodb: { port: "store", client: "DynamoDBClient", operations: ["GetItem", "Query", "Scan", "UpdateItem"] },
  eventbridge: {
    ...{ port: "bus", client: "EventBridgeClient" },
    operations: ["DescribeRule", "EnableRule", "ListTargetsByRule", "PutEvents"],
  },
  kms: {
    ...{ port: "signing", client: "KMSClient" },
    operations: ["CancelKeyDeletion", "DescribeKey", "EnableKey", "GetPublicKey", "Sign"],
  },
  "payment-cryptography": {
    ...{ port: "control-plane", client: "PaymentCryptographyClient" },
    operations: [
      ...["GetAlias", "GetKey", "ListAliases", "ListKeys", "ListTagsForResource", "RestoreKey", "StartKeyUsage"],
    ],
  },
  s3: { port: "archive", client: "S3Client", operations: ["GetObject", "ListObjectsV2", "PutObject"] },
  "secrets-manager": { port: "secrets", client: "SecretsManagerClient", operations: ["GetSecretValue"] },
  sns: { port: "topic", client: "SNSClient", operations: ["Publish"] },
  sqs: {
    ...{ port: "queue", client: "SQSClient" },
    operations: ["ChangeMessageVisibility", "DeleteMessage", "ReceiveMessage", "SendMessage"],
  },
};

/** Puts doubles in the place of the SDK's clients: no middleware, no serialization, no HTTP. */
export const clientDoubles: Plugin = {
  name: "client-doubles",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@aws-sdk\/client-/ }, ({ path }) => ({ path, namespace: "client-doubles" }));
    onLoad({ filter: /.*/, namespace: "client-doubles" }, ({ path }) => {
      const found = modules[path.slice("@aws-sdk/client-".length)];
      if (found === undefined) throw new Error(`there is no double of \`${path}\``);
      return { contents: contentsOf(found), loader: "js" };
    });
  },
};

function contentsOf({ port, client, operations }: ClientModule): string {
  return `
  const { Client, commandOf, errorClass } = __simulation.clientOf("${port}");
  export class ${client} extends Client {}
  export const ResourceNotFoundException = errorClass("ResourceNotFoundException");
  ${operations.map((name) => `export const ${name}Command = commandOf("${name}");`).join("\n  ")}`;
}
