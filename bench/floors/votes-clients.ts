/** The SDK clients of the votes function alone, with the commands it sends. */
import { DynamoDBClient, GetItemCommand, QueryCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { ChangeMessageVisibilityCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

export const clients = [
  new DynamoDBClient({}),
  new EventBridgeClient({}),
  new SecretsManagerClient({}),
  new SQSClient({}),
];
export const commands = [
  ...[GetItemCommand, QueryCommand, UpdateItemCommand, PutEventsCommand, GetSecretValueCommand],
  ...[ChangeMessageVisibilityCommand, SendMessageCommand],
];
