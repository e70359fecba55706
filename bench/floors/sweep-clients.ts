/** The SDK clients that every sweep needs alone, with the commands it sends; those of the audit bucket it loads once an hour. */
import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import { DynamoDBClient, GetItemCommand, QueryCommand, ScanCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import {
  GetKeyCommand,
  ListAliasesCommand,
  ListKeysCommand,
  ListTagsForResourceCommand,
  PaymentCryptographyClient,
  RestoreKeyCommand,
  StartKeyUsageCommand,
} from "@aws-sdk/client-payment-cryptography";
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

export const clients = [
  ...[new CloudTrailClient({}), new DynamoDBClient({}), new EventBridgeClient({})],
  ...[new PaymentCryptographyClient({}), new SQSClient({})],
];
export const commands = [
  ...[GetKeyCommand, ListAliasesCommand, ListKeysCommand, ListTagsForResourceCommand, RestoreKeyCommand],
  ...[StartKeyUsageCommand, GetItemCommand, QueryCommand, ScanCommand, UpdateItemCommand, PutEventsCommand],
  ...[LookupEventsCommand, DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand],
];
