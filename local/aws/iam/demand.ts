import type { Place } from "../place.ts";
import type { ServiceName } from "../service-name.ts";
import type { Demand } from "./role.ts";

type Body = Readonly<Record<string, unknown>>;
type Item = Readonly<Record<string, { readonly S?: string } | undefined>>;

/** What IAM is asked for before a call is carried out; undefined for a call that needs no permission. */
export function demandOf(service: ServiceName, operation: string, body: Body, place: Place): Demand | undefined {
  const arnOf = (name: string, resource: string) => `arn:aws:${name}:${place.region}:${place.account}:${resource}`;
  const demand = (action: string, resource: string, leadingKeys: readonly string[] = []): Demand => ({
    action: `${action}:${operation}`,
    resource,
    leadingKeys,
  });
  switch (service) {
    case "control-plane":
      return demand("payment-cryptography", keyResourceOf(body, arnOf));
    case "store":
      return demand("dynamodb", arnOf("dynamodb", tableOf(body)), leadingKeysOf(body));
    case "bus":
      return demand("events", arnOf("events", busResourceOf(operation, body)));
    case "queue":
      return demand("sqs", arnOf("sqs", String(body["QueueUrl"]).split("/").at(-1) ?? ""));
    case "secrets":
      return demand("secretsmanager", String(body["SecretId"]));
    case "history":
      return demand("cloudtrail", "*");
    case "signing":
      return demand("kms", String(body["KeyId"]));
    case "topic":
      return { action: "sns:Publish", resource: String(body["TopicArn"]), leadingKeys: [] };
    case "archive":
      return archiveDemand(body);
    case "sts":
    case "api":
    case "lambda":
      return undefined;
  }
}

/** A key by its ARN, or an alias: calls of aliases are judged by the alias. Only ListKeys and the like name neither. */
function keyResourceOf(body: Body, arnOf: (name: string, resource: string) => string): string {
  const { AliasName, KeyIdentifier, ResourceArn } = body;
  if (AliasName !== undefined) return arnOf("payment-cryptography", String(AliasName));
  const named = String(KeyIdentifier ?? ResourceArn ?? "*");
  return named.startsWith("alias/") ? arnOf("payment-cryptography", named) : named;
}

/** S3 has a path and a method instead of an operation. */
function archiveDemand({ method, url }: Body): Demand {
  const { pathname, searchParams } = new URL(String(url), "http://s3");
  const named = pathname.slice(1).replace(/\/$/, "");
  const resource = `arn:aws:s3:::${named}`;
  if (!named.includes("/"))
    return { action: "s3:ListBucket", resource, leadingKeys: [], prefix: searchParams.get("prefix") ?? "" };
  return { action: `s3:${objectActions[String(method)] ?? "DeleteObject"}`, resource, leadingKeys: [] };
}

const objectActions: Readonly<Record<string, string>> = { GET: "GetObject", PUT: "PutObject" };

function tableOf({ TableName, IndexName }: Body): string {
  const table = `table/${String(TableName)}`;
  return IndexName === undefined ? table : `${table}/index/${String(IndexName)}`;
}

/** The bus that events are put on, or the rule that is asked about. */
function busResourceOf(operation: string, body: Body): string {
  if (operation === "PutEvents") return `event-bus/${busNameOf(body)}`;
  const { Name, Rule, EventBusName } = body;
  return ["rule", ...(EventBusName === undefined ? [] : [EventBusName]), Name ?? Rule].join("/");
}

/** Every entry of one PutEvents goes to one bus of ours. */
function busNameOf({ Entries }: Body): string {
  const [first] = Array.isArray(Entries) ? (Entries as Body[]) : [];
  return (
    String(first?.["EventBusName"] ?? "default")
      .split("/")
      .at(-1) ?? ""
  );
}

/** The key of an item, or the partition that a query names in `pk = :x`. */
function leadingKeysOf({ Key, KeyConditionExpression, ExpressionAttributeValues }: Body): string[] {
  const [, name = ""] = /^\s*pk\s*=\s*(:\w+)/.exec(String(KeyConditionExpression ?? "")) ?? [];
  const key = (Key as Item | undefined)?.["pk"] ?? (ExpressionAttributeValues as Item | undefined)?.[name];
  return key?.S === undefined ? [] : [key.S];
}
