import { ListSubscriptionsByTopicCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { Subscriptions } from "./stack-health.ts";

/** Counts the subscriptions of a topic. */
export async function subscriptionsOf(client: Pick<SNSClient, "send">, TopicArn: string): Promise<Subscriptions> {
  const arns: string[] = [];
  let next: string | undefined;
  do {
    const request = { TopicArn, ...(next !== undefined && { NextToken: next }) };
    const page = await client.send(new ListSubscriptionsByTopicCommand(request));
    arns.push(...(page.Subscriptions ?? []).map(({ SubscriptionArn = "" }) => SubscriptionArn));
    next = page.NextToken;
  } while (next !== undefined);
  // SNS states `PendingConfirmation` in place of the ARN that a confirmed one has, and `Deleted` for one that is gone.
  return {
    confirmed: arns.filter((arn) => arn.startsWith("arn:")).length,
    pending: arns.filter((arn) => arn === "PendingConfirmation").length,
  };
}
