import type { SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { type DeadLetterQueue, redrive } from "../../lib/aws/events/dead-letters.ts";
import { LocalQueue } from "../../local/aws/queue/local-queue.ts";
import { handleSqs } from "../../local/aws/queue/sqs-api.ts";
import { WorldClock } from "../../local/clock/world-clock.ts";

const names = [
  ...(["guard", "notify", "votes", "remediation"] as const),
  ...(["guard-dead", "notify-dead", "votes-dead", "remediation-dead", "rule-dead"] as const),
] as const;
type Name = (typeof names)[number];
const urls = {
  guard: "guard",
  notify: "notify",
  votes: "votes",
  remediation: "remediation",
  deadLetters: {
    ...{ guard: "guard-dead", notify: "notify-dead", votes: "votes-dead" },
    ...{ remediation: "remediation-dead", rule: "rule-dead" },
  },
};

/** The queues of a stack; `failAt` is the number of the call that fails. */
function setUp({ failAt = 0 } = {}) {
  const clock = new WorldClock();
  const queues = Object.fromEntries(
    names.map((name) => {
      const fifo = name.startsWith("votes");
      return [name, new LocalQueue({ name, clock, fifo, visibilityMs: 30_000, retentionMs: 86_400_000 })];
    }),
  ) as Record<Name, LocalQueue>;
  const calls: string[] = [];
  const client = {
    send: async (command: { constructor: { name: string }; input: object }) => {
      calls.push(command.constructor.name.replace("Command", ""));
      if (calls.length === failAt) throw new Error("down");
      return handleSqs(Object.values(queues), ({ name }) => name, calls.at(-1) ?? "", { ...command.input }).body;
    },
  } as unknown as Pick<SQSClient, "send">;
  const put = (name: Name, ...bodies: string[]) => {
    for (const body of bodies) queues[name].send(body, {}, 0, { group: "pause", deduplicationId: `${name} ${body}` });
    clock.jump(1000);
  };
  const bodies = (name: Name) => queues[name].messages.map(({ body }) => body);
  const from = async (queue: DeadLetterQueue, timeLeft: () => boolean = () => true) =>
    await redrive(client, urls, queue, { clock: () => clock.now(), timeLeft });
  return { put, bodies, from, calls, clock, queues };
}

const event = (source: string, type: string) => JSON.stringify({ source, "detail-type": type });

describe("a redrive", () => {
  it.each(["guard", "notify", "remediation"] as const)(
    "gives every dead letter of %s back, as it was",
    async (queue) => {
      const { put, bodies, from } = setUp();
      const letters = Array.from({ length: 23 }, (_, n) => `letter ${n}`);
      put(`${queue}-dead`, ...letters);
      expect(await from(queue)).toEqual({ moved: 23, left: false });
      expect(bodies(queue).sort()).toEqual([...letters].sort());
      expect(bodies(`${queue}-dead`)).toEqual([]);
    },
  );

  it("gives the requests of people back in their groups and their order, and again after they were put aside again", async () => {
    const { put, bodies, from, clock, queues } = setUp();
    const letters = Array.from({ length: 12 }, (_, n) => `request ${n}`);
    put("votes-dead", ...letters);
    expect(await from("votes")).toEqual({ moved: 12, left: false });
    expect(bodies("votes")).toEqual(letters);
    const groups = queues.votes.messages.map(({ place }) => place?.group);
    expect(new Set(groups)).toEqual(new Set(["pause"]));
    // Put aside again within the five minutes in which a queue knows a copy: it is no copy.
    for (const { receiptHandle = "" } of queues.votes.receive(1)) queues.votes.delete(receiptHandle);
    queues["votes-dead"].send("request 0", {}, 0, { group: "pause", deduplicationId: "put aside again" });
    clock.jump(1000);
    expect(await from("votes")).toEqual({ moved: 1, left: false });
    expect(bodies("votes").at(-1)).toBe("request 0");
  });

  it("sends what a rule could not deliver to the queue that it was for", async () => {
    const { put, bodies, from } = setUp();
    const toGuard = [
      event("aws.payment-cryptography", "AWS API Call via CloudTrail"),
      event("reprieve", "re-evaluate"),
      "no JSON",
      "null",
    ];
    const toNotify = [event("reprieve", "key-usable"), event("reprieve", "pause-changed")];
    const toBoth = [event("reprieve", "look-denied"), event("reprieve", "effect-failed")];
    const toRemediation = ["aws.events", "aws.sns", "aws.kms"].map((source) =>
      event(source, "AWS API Call via CloudTrail"),
    );
    put("rule-dead", ...toGuard, ...toNotify, ...toBoth, ...toRemediation);
    expect(await from("rule")).toEqual({ moved: 11, left: false });
    expect(bodies("guard").sort()).toEqual([...toGuard].sort());
    expect(bodies("notify").sort()).toEqual([...toNotify, ...toBoth].sort());
    expect(bodies("remediation").sort()).toEqual([...toBoth, ...toRemediation].sort());
  });

  it("ends although what it gives back is put aside again at once", async () => {
    const { put, from, clock, bodies } = setUp();
    put("guard-dead", "poison");
    const again = () => {
      put("guard-dead", "poison");
      return true;
    };
    clock.jump(1000);
    expect((await from("guard", again)).moved).toBe(1);
    expect(bodies("guard")).toEqual(["poison"]);
  });

  it("says that something is left when its time is over", async () => {
    const { put, from, bodies } = setUp();
    put("guard-dead", ...Array.from({ length: 15 }, (_, n) => `letter ${n}`));
    let batches = 0;
    expect(await from("guard", () => batches++ < 1)).toEqual({ moved: 10, left: true });
    expect(bodies("guard-dead")).toHaveLength(5);
  });

  it.each([1, 2, 3])("loses nothing when its call %i fails, and may double", async (failAt) => {
    const { put, from, bodies, clock } = setUp({ failAt });
    put("guard-dead", "letter");
    await expect(from("guard")).rejects.toThrow("down");
    expect([...bodies("guard"), ...bodies("guard-dead")]).toContain("letter");
    clock.jump(61_000);
    expect(await from("guard")).toMatchObject({ left: false });
    expect(bodies("guard-dead")).toEqual([]);
    expect(bodies("guard")).toContain("letter");
  });
});
