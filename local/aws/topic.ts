import { randomUUID } from "node:crypto";
import type { ServiceResponse } from "./service-request.ts";

export interface LocalMail {
  readonly topicArn: string;
  readonly subject: string;
  readonly text: string;
}

/** SNS on this machine: keeps what would be mailed to the subscribers. */
export class LocalTopic {
  readonly mails: LocalMail[] = [];

  /** Takes what a rule sends. */
  publish(topicArn: string, text: string): void {
    this.mails.push({ topicArn, subject: "AWS Notification Message", text });
  }

  handle(body: Buffer): ServiceResponse {
    const form = new URLSearchParams(body.toString("utf8"));
    this.mails.push({
      topicArn: form.get("TopicArn") ?? "",
      subject: form.get("Subject") ?? "",
      text: form.get("Message") ?? "",
    });
    const result = `<PublishResult><MessageId>${randomUUID()}</MessageId></PublishResult>`;
    const metadata = `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata>`;
    const xmlns = "http://sns.amazonaws.com/doc/2010-03-31/";
    return { status: 200, body: `<PublishResponse xmlns="${xmlns}">${result}${metadata}</PublishResponse>` };
  }
}
