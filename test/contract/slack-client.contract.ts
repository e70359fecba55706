import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createSlackClient } from "../../lib/slack/client.ts";
import type { Fault, SlackUnderTest } from "../doubles/slack-under-test.ts";

const channel = "C0KEYS";
const messageOf = (text: string) => ({ text, blocks: [{ type: "section", text: { type: "plain_text", text } }] });

/** What the workflows expect of Slack's Web API through our client: held by a double of `fetch` and by the local workspace. */
export function describeSlackClient(name: string, start: () => Promise<SlackUnderTest>): void {
  describe(`slack client: ${name}`, () => {
    let under: SlackUnderTest;
    beforeAll(async () => {
      under = await start();
    });
    beforeEach(() => under.fault("up"));
    afterAll(async () => await under.stop());
    const client = (token = "xoxb-right", timeoutMs = 60_000) =>
      createSlackClient({ ...under.access, token: async () => token, timeoutMs });

    it("posts, replies and updates", async () => {
      const ts = await client().post(channel, messageOf("deleted"));
      const reply = await client().post(channel, messageOf("approved"), ts);
      await client().update(channel, ts, messageOf("restored"));
      const own = under.messages().filter((message) => [ts, reply].includes(message.ts));
      expect(own).toEqual([
        { text: "restored", ts },
        { text: "approved", ts: reply, threadTs: ts },
      ]);
    });

    it("notifies one person alone", async () => {
      await client().whisper(channel, "U0BOB", "that does not count");
      expect(under.whispers()).toContainEqual({ user: "U0BOB", text: "that does not count" });
    });

    it.each(["1.000001", "9999999999.000100"])("answers SLACK_MESSAGE_GONE when there is nothing at %s", async (ts) => {
      const gone = { code: "SLACK_MESSAGE_GONE" };
      await expect(client().update(channel, ts, messageOf("restored"))).rejects.toMatchObject(gone);
      await expect(client().post(channel, messageOf("approved"), ts)).rejects.toMatchObject(gone);
    });

    it("answers SLACK_REFUSED, to be retried, for what someone in the workspace can mend", async () => {
      const refused = { code: "SLACK_REFUSED", disposition: "retry" };
      await expect(client().post("C0NOWHERE", messageOf("deleted"))).rejects.toMatchObject({
        ...refused,
        message: "slack refused chat.postMessage: channel_not_found",
      });
      await expect(client("xoxb-wrong").post(channel, messageOf("deleted"))).rejects.toMatchObject({
        ...refused,
        message: "slack refused chat.postMessage: invalid_auth",
      });
    });

    it("reads a token that Slack does not accept once more, and goes on with the one of now", async () => {
      let reads = 0;
      const access = (current: string | undefined) => ({
        ...under.access,
        token: async () => "xoxb-wrong",
        tokenAgain: async () => {
          reads += 1;
          return current;
        },
        timeoutMs: 60_000,
      });
      await createSlackClient(access("xoxb-right")).post(channel, messageOf("rotated"));
      expect([reads, under.messages().filter(({ text }) => text === "rotated").length]).toEqual([1, 1]);
      for (const current of ["xoxb-wrong", "xoxb-wronger", undefined])
        await expect(createSlackClient(access(current)).post(channel, messageOf("x"))).rejects.toMatchObject({
          message: "slack refused chat.postMessage: invalid_auth",
        });
      expect(reads).toBe(4);
      await expect(createSlackClient(access("xoxb-right")).post("C0NOWHERE", messageOf("x"))).rejects.toMatchObject({
        message: "slack refused chat.postMessage: channel_not_found",
      });
      expect(reads).toBe(5);
    });

    it.each([
      ["a section of more than 3,000 characters", messageOf("x".repeat(3_001))],
      ["more than 50 blocks", { text: "x", blocks: Array.from({ length: 51 }, () => ({ type: "divider" })) }],
      ["nothing", { text: "", blocks: [] }],
    ])("answers SLACK_REFUSED, for the dead-letter queue, for a message of %s", async (_, message) => {
      const before = under.messages().length;
      await expect(client().post(channel, message)).rejects.toMatchObject({
        code: "SLACK_REFUSED",
        disposition: "dead-letter",
      });
      expect(under.messages()).toHaveLength(before);
    });

    it("answers SLACK_REFUSED for a dialog whose trigger nobody pulled", async () => {
      const title = { type: "plain_text" as const, text: "Approve" };
      const view = { type: "modal" as const, title, blocks: [{ type: "divider" as const }] };
      await expect(client().openDialog("1.2.3", view)).rejects.toMatchObject({ code: "SLACK_REFUSED" });
    });

    it.each<[Fault, string, number | undefined]>([
      ["rate-limited", "SLACK_UNAVAILABLE", 3],
      ["error", "SLACK_UNANSWERED", undefined],
      ["refuse", "SLACK_UNANSWERED", undefined],
      ["hang", "SLACK_UNANSWERED", undefined],
    ])("while it is in trouble (%s) answers %s, and how long to wait", async (fault, code, retryAfter) => {
      under.fault(fault);
      // Only one that hangs is waited for until the time is over.
      const patient = client("xoxb-right", fault === "hang" ? 200 : 60_000);
      await expect(patient.post(channel, messageOf("deleted"))).rejects.toMatchObject({
        code,
        disposition: "retry",
        retryAfterSeconds: retryAfter,
      });
    });
  });
}
