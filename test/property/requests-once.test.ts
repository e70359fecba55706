import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GuardError } from "../../lib/domain/guard-error.ts";
import type { Entry } from "../../lib/domain/ledger/entry.ts";
import { click, createTestApproval, now, post, type Sent, signed, submission } from "../doubles/approval.ts";
import { proofAt, saidBy } from "../doubles/callers.ts";
import { day, keyArn } from "../doubles/key-world.ts";

const hour = 3_600_000;
const arn = keyArn();
const name = { keyArn: arn, generation: 1 };
const principal = "arn:aws:iam::111122223333:user/alice";
const view = (person: string) => ({
  view: { ...(submission(person, "CHG-1") as { view: object }).view, id: `V${person}` },
});

/** What people may request; each of them is made once, and may be sent, delivered and judged again and again. */
const requests: readonly (() => Promise<Sent>)[] = [
  async () => signed(click("bob", "keep")),
  async () => signed(click("mallory", "keep")),
  async () => signed(submission("bob", "CHG-1", view("bob"))),
  async () => signed(submission("carol", "CHG-1", view("carol"))),
  async () => signed(submission("alice", "CHG-1", view("alice"))),
  async () => await saidBy("bob", { case: name, choice: "approve", reason: "CHG-9" }),
  async () => await saidBy("carol", { case: name, choice: "keep", reason: "CHG-9" }),
  async () => await saidBy("alice", { pause: hour, reason: "INC-7" }),
  async () => await saidBy("bob", { pause: hour, reason: "INC-7" }),
  async () => await saidBy("carol", { pause: "end", reason: "INC-7" }),
  async () =>
    await saidBy("alice", { permit: { request: { keyArn: arn, principal, minWaitingMs: 7 * day } }, reason: "x" }),
  async () => await saidBy("bob", { permit: { approve: { keyArn: arn, number: 1 } }, reason: "x" }),
  async () => await saidBy("carol", { permit: { approve: { keyArn: arn, number: 1 } }, reason: "x" }),
  async () => await saidBy("bob", { permit: { revoke: { keyArn: arn, number: 1 } }, reason: "x" }),
];

type Move =
  | { readonly do: "send"; readonly request: number }
  /** The same message comes once more, although it was judged, as if it had never been deleted. */
  | { readonly do: "replay"; readonly message: number }
  /** The call number `call` of the store or the bus fails, before or after it took effect. */
  | { readonly do: "judge"; readonly call: number; readonly effect: "done" | "none" };

const moves = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant("send" as const), request: fc.nat({ max: requests.length - 1 }) }),
    fc.record({ do: fc.constant("replay" as const), message: fc.nat({ max: 20 }) }),
    fc.record({
      do: fc.constant("judge" as const),
      call: fc.nat({ max: 12 }),
      effect: fc.constantFrom("done" as const, "none" as const),
    }),
  ),
  { minLength: 4, maxLength: 24 },
);

/** `port` whose calls fail when `fault` says so. */
function failing<Port extends object>(port: Port, fault: () => "done" | "none" | undefined): Port {
  return new Proxy(port, {
    get: (target, member) => {
      const inner: unknown = Reflect.get(target, member);
      if (typeof inner !== "function") return inner;
      return async (...args: unknown[]) => {
        const fate = fault();
        if (fate === "none") throw new GuardError("STORE_UNAVAILABLE", "retry", "fault on demand");
        const answer: unknown = await Reflect.apply(inner, target, args);
        if (fate === "done") throw new GuardError("STORE_UNAVAILABLE", "retry", "the answer is lost");
        return answer;
      };
    },
  });
}

async function setUp() {
  const world = await createTestApproval({ proof: proofAt(() => now) });
  let left = Number.POSITIVE_INFINITY;
  let effect: "done" | "none" = "none";
  const fault = () => {
    left -= 1;
    return left === -1 ? effect : undefined;
  };
  const { voteDeps, pauseDeps, permitDeps, receipts } = world.votes;
  world.votes = {
    ...world.votes,
    voteDeps: { ...voteDeps, cases: failing(voteDeps.cases, fault) },
    pauseDeps: { ...pauseDeps, pauses: failing(pauseDeps.pauses, fault) },
    permitDeps: { ...permitDeps, cases: failing(permitDeps.cases, fault) },
    receipts: failing(receipts, fault),
  };
  const judge = async (call: number, how: "done" | "none") => {
    [left, effect] = [call, how];
    world.time.now += 1_000;
    await world.judge();
    left = Number.POSITIVE_INFINITY;
  };
  return { world, judge };
}

/** Every entry that a request led to, of all chains. */
async function requestedEntries({ cases, pauses }: Awaited<ReturnType<typeof createTestApproval>>): Promise<Entry[]> {
  const read = async (number: number) => (await pauses.read(number))?.entries ?? [];
  const chains = [...cases.chains(), ...(await cases.permits(arn))].flatMap(({ entries }) => entries);
  const all = [...chains, ...(await Promise.all([1, 2, 3, 4, 5].map(read))).flat()];
  return all.filter((entry) => "requestId" in entry);
}

describe("requests that are sent, delivered and judged again and again, in any order, with failures anywhere", () => {
  it("take effect once, and have one receipt that says what is on record", { timeout: 120_000 }, async () => {
    const numRuns = process.env["REPRIEVE_DEEP"] ? 2_000 : process.env["REPRIEVE_FEW_RUNS"] ? 80 : 150;
    await fc.assert(
      fc.asyncProperty(moves, async (played) => {
        const { world, judge } = await setUp();
        const { queue } = world.voteQueue;
        const sent: { body: string; group: string }[] = [];
        const posted = new Set<number>();
        for (const [n, move] of (played as readonly Move[]).entries()) {
          if (move.do === "send") {
            const request = requests[move.request];
            if (request === undefined) continue;
            posted.add(move.request);
            await post(world, await request());
            for (const { body, place } of queue.messages)
              if (!sent.some((each) => each.body === body)) sent.push({ body, group: place?.group ?? "" });
          } else if (move.do === "replay") {
            const again = sent[move.message % Math.max(1, sent.length)];
            if (again !== undefined)
              queue.send(again.body, {}, 0, { group: again.group, deduplicationId: `replay ${n}` });
          } else await judge(move.call, move.effect);
        }
        // Nothing fails any more: everything that waits is judged.
        for (let round = 0; round < 40 && queue.messages.length > 0; round++) {
          world.time.now += 5_000;
          await world.judge();
        }
        const receipts = world.receipts.all();
        const ids = new Set(receipts.map(({ requestId }) => requestId));
        expect([queue.messages.length, ids.size]).toEqual([0, receipts.length]);
        const entries = await requestedEntries(world);
        const recorded = entries.map((entry) => ("requestId" in entry ? entry.requestId : undefined));
        expect(new Set(recorded).size).toBe(recorded.length);
        for (const receipt of receipts) {
          const index = recorded.indexOf(receipt.requestId);
          const entry = entries[index];
          const counts = entry !== undefined && !(entry.kind === "vote-cast" && entry.refused !== undefined);
          // What counts is on record, and what is on record counts.
          const isSettled = ["case.repeated", "case.kept-already"].includes(receipt.verdict);
          if (!isSettled) expect([receipt.verdict, receipt.accepted]).toEqual([receipt.verdict, counts]);
        }
        // A Keep of someone in the directory always counts.
        if (posted.has(0) || posted.has(6))
          expect(world.cases.chains()[0]?.entries.map(({ kind }) => kind)).toContain("approval-refused");
      }),
      { numRuns },
    );
  });
});

/** Numbers of `requests` that come before, the request itself, and its verdict. */
const scenarios: readonly (readonly [string, readonly number[], number, string])[] = [
  ["a Keep", [], 0, "case.counted.kept"],
  ["a Keep of a stranger", [], 1, "case.refused.stranger"],
  ["the first approval", [], 2, "case.counted.waiting"],
  ["the approval that grants", [2], 3, "case.counted.granted"],
  ["an approval of one's own deletion", [], 4, "case.refused.own-deletion"],
  ["a request for a pause", [], 7, "pause.requested"],
  ["the second request for a pause", [7], 8, "pause.granted"],
  ["the end of a pause", [7, 8], 9, "pause.ended"],
  ["a request for a permit", [], 10, "permit.requested"],
  ["the first approval of a permit", [10], 11, "permit.approved"],
  ["the approval that issues a permit", [10, 11], 12, "permit.issued"],
  ["the revocation of a permit", [10, 11, 12], 13, "permit.revoked"],
];

describe("a request whose judgement dies at any call, before or after it took effect, and is delivered again", () => {
  it.each(scenarios)("takes effect once, with the same verdict: %s", async (_, before, request, verdict) => {
    for (const effect of ["none", "done"] as const)
      for (let call = 0; call < 10; call++) {
        const { world, judge } = await setUp();
        for (const earlier of before) await post(world, await (requests[earlier] ?? fail)());
        await world.judge();
        const known = await requestedEntries(world);
        await post(world, await (requests[request] ?? fail)());
        await judge(call, effect);
        // Later, when a repetition would be judged otherwise.
        world.time.now += 120_000;
        await world.judge();
        const added = (await requestedEntries(world)).length - known.length;
        const [receipt] = world.receipts.all().slice(before.length);
        expect([call, effect, receipt?.verdict, added]).toEqual([call, effect, verdict, 1]);
      }
  });
});

const fail = async (): Promise<Sent> => await Promise.reject(new Error("no such request"));

describe("two signed requests for a pause, sent again after someone ended it", () => {
  it("have no effect", async () => {
    const { world } = await setUp();
    const both = [
      await saidBy("alice", { pause: hour, reason: "INC-7" }),
      await saidBy("bob", { pause: hour, reason: "INC-7" }),
    ];
    for (const each of both) await post(world, each);
    await world.judge();
    await post(world, await saidBy("carol", { pause: "end", reason: "INC-7" }));
    await world.judge();
    const messages = both.map(({ body }) => Buffer.from(String(body)).toString("base64"));
    const replay = async (deduplicationId: string) => {
      for (const [n, body] of messages.entries()) {
        const message = { via: "aws", body, arn: principal, userId: "AIDAALICE", answered: "" };
        const place = { group: "pause", deduplicationId: `${deduplicationId} ${n}` };
        world.voteQueue.queue.send(JSON.stringify(message), {}, 0, place);
      }
      await world.judge();
    };
    await replay("past the deduplication of the queue");
    // Not even if the receipts are gone: the pause itself has them on record, or knows the latest.
    expect((await world.pauses.latest())?.entries.map(({ kind }) => kind)).toEqual([
      "pause-requested",
      "pause-granted",
      "pause-ended",
    ]);
    expect(await world.pauses.read(2)).toBeUndefined();
    expect(world.receipts.all()).toHaveLength(3);
  });
});
