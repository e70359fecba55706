import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import { GuardError } from "../../domain/guard-error.ts";
import type { Mail } from "../../workflows/ports/notices.ts";

/** SNS takes 256 KB a message. */
const maxBytes = 250_000;

/** Sends subject and text to the subscribers of the topic. */
export function createNoticeTopic(client: Pick<SNSClient, "send">, topicArn: string): Mail {
  return async (subject, text) => {
    const Message = Buffer.from(text).subarray(0, maxBytes).toString();
    await client.send(new PublishCommand({ TopicArn: topicArn, Subject: subject, Message })).catch((error: unknown) => {
      throw new GuardError("TOPIC_UNAVAILABLE", "retry", "the notice topic cannot be reached", { cause: error });
    });
  };
}
