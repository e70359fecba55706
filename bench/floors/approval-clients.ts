/** The SDK clients of the approval function alone, with the commands it sends. */
import { DynamoDBClient, GetItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

export const clients = [new DynamoDBClient({}), new SecretsManagerClient({}), new SQSClient({})];
export const commands = [GetItemCommand, QueryCommand, GetSecretValueCommand, SendMessageCommand];
