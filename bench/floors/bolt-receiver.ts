/** What a team would take instead of our own approval function: Slack's framework on Lambda, with the same SDK clients. */
import { DynamoDBClient, GetItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { App, AwsLambdaReceiver } from "@slack/bolt";

const receiver = new AwsLambdaReceiver({ signingSecret: "0".repeat(32) });
const app = new App({ token: "xoxb-bench", receiver });
app.action("keep", async ({ ack }) => await ack());
app.view("approve-deletion", async ({ ack }) => await ack());

export const handler = receiver.toHandler();
export const clients = [new DynamoDBClient({}), new SecretsManagerClient({}), new SQSClient({})];
export const commands = [GetItemCommand, QueryCommand, GetSecretValueCommand, SendMessageCommand];
