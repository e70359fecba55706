/** The SDK clients of the guard alone, with the commands it sends. */
import { DynamoDBClient, GetItemCommand, QueryCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import {
  GetKeyCommand,
  ListAliasesCommand,
  ListTagsForResourceCommand,
  PaymentCryptographyClient,
  RestoreKeyCommand,
  StartKeyUsageCommand,
} from "@aws-sdk/client-payment-cryptography";
import { ChangeMessageVisibilityCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

export const clients = [
  new PaymentCryptographyClient({}),
  new DynamoDBClient({}),
  new EventBridgeClient({}),
  new SQSClient({}),
];
export const commands = [
  ...[GetKeyCommand, RestoreKeyCommand, StartKeyUsageCommand, ListTagsForResourceCommand, ListAliasesCommand],
  ...[GetItemCommand, QueryCommand, UpdateItemCommand],
  ...[PutEventsCommand, ChangeMessageVisibilityCommand, SendMessageCommand],
];
