/** The SDK clients of the guard alone, with the commands it sends, and a handler that makes calls it is given. */
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

const keys = new PaymentCryptographyClient({});
const store = new DynamoDBClient({});
const bus = new EventBridgeClient({});
const queue = new SQSClient({});

/** By operation, as it stands on the wire; the bodies are the SDK's own inputs but for times. */
const senders: Readonly<Record<string, (body: never) => Promise<unknown>>> = {
  GetKey: async (body) => await keys.send(new GetKeyCommand(body)),
  ListAliases: async (body) => await keys.send(new ListAliasesCommand(body)),
  ListTagsForResource: async (body) => await keys.send(new ListTagsForResourceCommand(body)),
  RestoreKey: async (body) => await keys.send(new RestoreKeyCommand(body)),
  StartKeyUsage: async (body) => await keys.send(new StartKeyUsageCommand(body)),
  GetItem: async (body) => await store.send(new GetItemCommand(body)),
  Query: async (body) => await store.send(new QueryCommand(body)),
  UpdateItem: async (body) => await store.send(new UpdateItemCommand(body)),
  PutEvents: async (body) => await bus.send(new PutEventsCommand(body)),
  ChangeMessageVisibility: async (body) => await queue.send(new ChangeMessageVisibilityCommand(body)),
  SendMessage: async (body) => await queue.send(new SendMessageCommand(body)),
};

/** Makes the calls of each round at once, and one round after the other. */
export async function handler(
  rounds: readonly (readonly { readonly operation: string; readonly body: object }[])[],
): Promise<void> {
  for (const round of rounds)
    await Promise.all(round.map(async ({ operation, body }) => await senders[operation]?.(body as never)));
}
