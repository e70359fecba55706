/** The SDK clients of the approval function alone, with the commands it sends. */
import { DynamoDBClient, GetItemCommand, QueryCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

export const clients = [new DynamoDBClient({}), new EventBridgeClient({}), new SecretsManagerClient({})];
export const commands = [GetItemCommand, QueryCommand, UpdateItemCommand, PutEventsCommand, GetSecretValueCommand];
