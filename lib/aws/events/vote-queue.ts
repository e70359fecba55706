import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { GuardError } from "../../domain/guard-error.ts";
import type { SendRequest } from "../../workflows/ports/votes.ts";
import { voteMessage } from "./vote-message.ts";

/** Sends requests to the FIFO queue at `queueUrl`; the same request, sent again within 5 minutes, is one message. */
export function createSendRequest(client: Pick<SQSClient, "send">, queueUrl: string): SendRequest {
  return async (request, { group, requestId }) => {
    const message = {
      QueueUrl: queueUrl,
      MessageBody: voteMessage(request),
      MessageGroupId: group,
      MessageDeduplicationId: requestId,
    };
    await client.send(new SendMessageCommand(message)).catch((error: unknown) => {
      throw new GuardError("QUEUE_UNAVAILABLE", "retry", "the queue of requests cannot be reached", { cause: error });
    });
  };
}
