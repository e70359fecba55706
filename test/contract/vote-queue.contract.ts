import { expect, it } from "vitest";
import { parseVoteMessage } from "../../lib/aws/events/vote-message.ts";
import { requestGroup } from "../../lib/domain/approval/person-request.ts";
import type { KeyArn } from "../../lib/domain/key/key-arn.ts";
import { maxRequestBytes, type QueuedRequest, type SendRequest } from "../../lib/workflows/ports/votes.ts";

/** A FIFO queue behind the adapter that sends to it. */
export interface QueueUnderTest {
  readonly send: SendRequest;
  /** What one receive of up to `max` messages gets: bodies, with what deletes or hides each. */
  readonly receive: (max: number) => Promise<readonly { readonly body: string; readonly done: () => Promise<void> }[]>;
  readonly stop?: () => Promise<void>;
}

const bySlack = (text: string | Uint8Array): QueuedRequest => ({
  signed: { via: "slack", body: Buffer.from(text), timestamp: "1716839394", signature: `v0=${"a".repeat(64)}` },
  answered: "case.counted.waiting",
});
const byAws: QueuedRequest = {
  signed: {
    via: "aws",
    text: '{"reason":"ä€😀 \\u0000"}',
    claimed: { via: "aws", arn: "arn:aws:iam::111122223333:user/bob", userId: "AIDABOB" },
  },
  answered: "",
};
const textOf = (body: string) => {
  const { signed } = parseVoteMessage(body);
  return signed.via === "slack" ? Buffer.from(signed.body).toString() : signed.text;
};

/** What the queue of requests has to do, whatever is behind it. */
export function voteQueueContract(start: () => Promise<QueueUnderTest>): void {
  const using = async (work: (queue: QueueUnderTest) => Promise<void>) => {
    const queue = await start();
    try {
      await work(queue);
    } finally {
      await queue.stop?.();
    }
  };

  it("carries every byte of a request, whatever they are", async () => {
    await using(async ({ send, receive }) => {
      const bytes = Uint8Array.from({ length: 256 }, (_, n) => n);
      const sent = [bySlack(bytes), bySlack(""), byAws];
      for (const [n, request] of sent.entries()) await send(request, { group: `g${n}`, requestId: `r${n}` });
      const received = (await receive(10)).map(({ body }) => parseVoteMessage(body));
      expect(received).toEqual(sent);
    });
  });

  it("takes the largest request that there may be", async () => {
    await using(async ({ send, receive }) => {
      await send(bySlack("x".repeat(maxRequestBytes)), { group: "g", requestId: "r" });
      const [message] = await receive(1);
      expect(Buffer.byteLength(message?.body ?? "")).toBeLessThan(262_144 - 4_096);
      expect(textOf(message?.body ?? "")).toHaveLength(maxRequestBytes);
    });
  });

  it("takes a request once, however often it is sent", async () => {
    await using(async ({ send, receive }) => {
      for (const text of ["one", "one again", "one"]) await send(bySlack(text), { group: "g", requestId: "r1" });
      await send(bySlack("two"), { group: "g", requestId: "r2" });
      expect((await receive(10)).map(({ body }) => textOf(body))).toEqual(["one", "two"]);
    });
  });

  it("keeps the order of a group: what is in flight holds up the rest of it, and no other group", async () => {
    await using(async ({ send, receive }) => {
      for (const n of [1, 2, 3]) await send(bySlack(`a${n}`), { group: "a", requestId: `a${n}` });
      const [first] = await receive(1);
      await send(bySlack("b1"), { group: "b", requestId: "b1" });
      expect((await receive(10)).map(({ body }) => textOf(body))).toEqual(["b1"]);
      await first?.done();
      expect((await receive(10)).map(({ body }) => textOf(body))).toEqual(["a2", "a3"]);
    });
  });

  it("takes the group of every request that there is", async () => {
    await using(async ({ send, receive }) => {
      const keyArn = `arn:aws:payment-cryptography:us-gov-west-1:111122223333:key/${"k".repeat(80)}` as KeyArn;
      const groups = [
        requestGroup({ about: "vote", name: { keyArn, generation: 1e9 }, vote: { id: "1", choice: "keep" } }),
        requestGroup({ about: "vote", name: { keyArn, generation: 1e9 }, vote: { id: "1", choice: "approve" } }),
        requestGroup({ about: "usage-start", name: { keyArn, generation: 1 } }),
        requestGroup({ about: "pause", request: { do: "end", reason: "x" } }),
        requestGroup({ about: "permit", command: { do: "revoke", name: { keyArn, number: 1 }, reason: "x" } }),
      ];
      expect(new Set(groups).size).toBe(groups.length);
      for (const [n, group] of groups.entries()) await send(bySlack(`${n}`), { group, requestId: "f".repeat(63) + n });
      expect(await receive(10)).toHaveLength(groups.length);
    });
  });
}
