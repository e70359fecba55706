import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  click,
  createTestApproval,
  now,
  type Sent,
  secret,
  send,
  signatureHeaders,
  signed,
  submission,
} from "../doubles/approval.ts";

const callbacks = process.env["REPRIEVE_DEEP"] ? 100_000 : process.env["REPRIEVE_FEW_RUNS"] ? 300 : 5_000;

const genuine = [click("bob", "keep"), click("carol", "approve"), submission("bob", "CHG-1")].map((payload) =>
  signed(payload),
);
const text = (sent: Sent) => String(sent.body);

/** 100,000 brackets deep, and not signed by Slack. */
const deep: Sent = {
  body: `payload=${"[".repeat(100_000)}`,
  headers: signatureHeaders("payload=[", now),
};

/** Callbacks whose signature is wrong, whatever the time. */
const wrong: fc.Arbitrary<Sent> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(deep) },
  ...wrongSignatures().map((arbitrary) => ({ weight: 20, arbitrary })),
);
const forgeries: fc.Arbitrary<Sent> = fc.oneof(
  { weight: 6, arbitrary: wrong },
  // Replayed at another time, with the time it bore then.
  {
    weight: 1,
    arbitrary: fc
      .record({
        sent: fc.constantFrom(...genuine),
        off: fc.oneof(fc.integer({ min: 301, max: 1e9 }), fc.integer({ min: -1e9, max: -301 })),
      })
      .map(({ sent, off }) => ({ ...sent, headers: signatureHeaders(text(sent), now + off * 1000) })),
  },
);

function wrongSignatures(): readonly fc.Arbitrary<Sent>[] {
  return [
    // Signed by someone else.
    fc
      .record({ sent: fc.constantFrom(...genuine), key: fc.string({ minLength: 32, maxLength: 40 }) })
      .filter(({ key }) => key !== secret)
      .map(({ sent, key }) => ({ ...sent, headers: signatureHeaders(text(sent), now, key) })),
    // One character of the body is another.
    fc
      .record({ sent: fc.constantFrom(...genuine), at: fc.nat(), with: fc.integer({ min: 33, max: 126 }) })
      .map(({ sent, at, with: code }) => {
        const index = at % text(sent).length;
        const changed = `${text(sent).slice(0, index)}${String.fromCharCode(code)}${text(sent).slice(index + 1)}`;
        return changed === text(sent) ? { ...sent, body: `${changed}&` } : { ...sent, body: changed };
      }),
    // Cut short, or longer.
    fc
      .record({ sent: fc.constantFrom(...genuine), at: fc.nat() })
      .map(({ sent, at }) => ({ ...sent, body: text(sent).slice(0, at % text(sent).length) })),
    fc
      .record({ sent: fc.constantFrom(...genuine), more: fc.string({ minLength: 1 }) })
      .map(({ sent, more }) => ({ ...sent, body: text(sent) + more })),
    // With the time of now in place of its own.
    fc.record({ sent: fc.constantFrom(...genuine), off: fc.integer({ min: 1, max: 299 }) }).map(({ sent, off }) => ({
      ...sent,
      headers: { ...sent.headers, "x-slack-request-timestamp": String(Math.floor(now / 1000) - off) },
    })),
    // Anything at all.
    fc.record({
      body: fc.string(),
      headers: fc.dictionary(
        fc.constantFrom("x-slack-signature", "x-slack-request-timestamp", "X-SLACK-SIGNATURE"),
        fc.string(),
      ),
    }),
  ];
}

describe(`${callbacks} forged, changed, cut and replayed callbacks`, () => {
  it("are all refused, and leave nothing behind", { timeout: 600_000 }, async () => {
    const world = await createTestApproval();
    const before = world.kinds();
    let sent = 0;
    let heapAfterWarmUp = 0;
    while (sent < callbacks) {
      const [forgery] = fc.sample(forgeries, { numRuns: 1, seed: sent });
      if (forgery === undefined) break;
      const { statusCode, body } = await send(world, forgery);
      if (statusCode !== 401 || body !== "") expect({ forgery, statusCode, body }).toBeUndefined();
      sent += 1;
      // What the doubles remember of it is not the function's memory.
      world.logged.length = 0;
      world.counted.length = 0;
      if (sent === 1_000) heapAfterWarmUp = heapUsed();
    }
    expect([sent, world.kinds(), world.looked, world.dialogs]).toEqual([callbacks, before, [], []]);
    if (callbacks > 10_000) expect(heapUsed() - heapAfterWarmUp).toBeLessThan(5_000_000);
  });
});

describe(`${callbacks} requests with a wrong proof in the queue, as only a stolen approval function can send them`, () => {
  it("count for nothing, Keeps among them, and each is on record as refused", { timeout: 600_000 }, async () => {
    const world = await createTestApproval();
    const before = world.kinds();
    for (let sent = 0; sent < callbacks; sent++) {
      const [forgery] = fc.sample(wrong, { numRuns: 1, seed: sent });
      if (forgery === undefined) break;
      const { headers = {}, body } = forgery;
      const header = (wanted: string) =>
        Object.entries(headers)
          .find(([each]) => each.toLowerCase() === wanted)?.[1]
          ?.slice(0, 200) ?? "";
      const message = JSON.stringify({
        ...{ via: "slack", body: Buffer.from(body).toString("base64"), answered: "" },
        ...{ timestamp: header("x-slack-request-timestamp"), signature: header("x-slack-signature") },
      });
      world.voteQueue.queue.send(message, {}, 0, { group: sent % 2 ? "keep.x" : "case.x", deduplicationId: `${sent}` });
      if (sent % 50 === 49) await world.judge();
      world.logged.length = 0;
    }
    await world.judge();
    expect([world.kinds(), world.looked, world.voteQueue.deadLetters.messages]).toEqual([before, [], []]);
    const verdicts = new Set(world.receipts.all().map(({ verdict, accepted }) => `${verdict} ${accepted}`));
    expect(verdicts).toEqual(new Set(["nothing.refused.CALLBACK_FORGED false"]));
    expect(new Set(world.counted)).toEqual(new Set(["RequestsUnproven"]));
  });
});

/** Bytes in use after a collection. */
function heapUsed(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return process.memoryUsage().heapUsed;
}
