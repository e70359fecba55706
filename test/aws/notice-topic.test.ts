import type { PublishCommand } from "@aws-sdk/client-sns";
import { describe, expect, it } from "vitest";
import { createNoticeTopic } from "../../lib/aws/events/notice-topic.ts";

function setUp(answer: () => Promise<object> = async () => ({})) {
  const sent: unknown[] = [];
  const client = {
    send: async (command: PublishCommand) => {
      sent.push(command.input);
      return await answer();
    },
  } as unknown as Parameters<typeof createNoticeTopic>[0];
  return { sent, mail: createNoticeTopic(client, "arn:aws:sns:us-east-1:111122223333:notices") };
}

describe("the notice topic", () => {
  it("hears subject and text", async () => {
    const { sent, mail } = setUp();
    await mail("reprieve: restored", "The key is usable again.");
    expect(sent).toEqual([
      {
        TopicArn: "arn:aws:sns:us-east-1:111122223333:notices",
        Subject: "reprieve: restored",
        Message: "The key is usable again.",
      },
    ]);
  });

  it("hears no more than it accepts", async () => {
    const { sent, mail } = setUp();
    await mail("reprieve: restored", "ä".repeat(200_000));
    expect(sent).toMatchObject([{ Message: "ä".repeat(125_000) }]);
  });

  it("that cannot be reached is TOPIC_UNAVAILABLE, to be retried", async () => {
    const { mail } = setUp(async () => await Promise.reject(new Error("throttled")));
    await expect(mail("s", "t")).rejects.toMatchObject({ code: "TOPIC_UNAVAILABLE", disposition: "retry" });
  });
});
