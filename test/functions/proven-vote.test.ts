import { describe, expect, it } from "vitest";
import type { CaseVote } from "../../lib/aws/sts/proven-vote.ts";
import { foldPlannedPermit } from "../../lib/domain/approval/planned-permit.ts";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { createTestApproval, now, post, send, verdictOn } from "../doubles/approval.ts";
import { proof, saidBy } from "../doubles/callers.ts";
import { day, keyArn } from "../doubles/key-world.ts";

const arn = keyArn();
const name = { keyArn: arn, generation: 1 };
const asked = ["deletion-detected", "decided", "restore-intended", "key-restored", "key-usable", "approval-requested"];
const vote = async (caller: string, choice: CaseVote["choice"], reason = "CHG-9") =>
  await saidBy(caller, { case: name, choice, reason });
const told = ({ statusCode, body }: { statusCode: number; body: string }) => ({ statusCode, ...JSON.parse(body) });

describe("a signed vote", () => {
  it("is answered at once with the id of its receipt and a provisional verdict, which records nothing", async () => {
    const world = await createTestApproval({ proof });
    const answer = told(await post(world, await vote("bob", "approve")));
    expect(answer).toMatchObject({ statusCode: 202, provisional: { accepted: true } });
    expect([world.kinds(), world.receipts.all(), world.voteQueue.queue.messages]).toMatchObject([
      asked,
      [],
      [{ place: { deduplicationId: answer.receipt } }],
    ]);
    const waiting = { body: "", route: "GET /receipts/{id}", pathParameters: { id: String(answer.receipt) } };
    expect(told(await post(world, waiting))).toEqual({ statusCode: 202, receipt: answer.receipt });
    await world.judge();
    expect(told(await post(world, waiting))).toMatchObject({ statusCode: 200, accepted: true });
  });

  it("sent twice counts once, and has one receipt", async () => {
    const world = await createTestApproval({ proof });
    const sent = await vote("bob", "keep");
    expect([await verdictOn(world, sent), await verdictOn(world, sent)]).toMatchObject([
      { statusCode: 200, accepted: true, verdict: "case.counted.kept" },
      { statusCode: 200, accepted: true, verdict: "case.counted.kept" },
    ]);
    expect(world.kinds()).toEqual([...asked, "vote-cast", "approval-refused"]);
    expect([world.looked, world.receipts.all().length]).toEqual([[name], 1]);
  });

  it("is another one than the same person's vote before it", async () => {
    const world = await createTestApproval({ proof });
    await send(world, await vote("bob", "approve"));
    expect(await verdictOn(world, await vote("bob", "keep"))).toMatchObject({ accepted: true });
    expect(world.kinds()).toEqual([...asked, "vote-cast", "vote-cast", "approval-refused"]);
  });

  it("to keep counts although permits cannot be read, and says that their revocation is left to the guard", async () => {
    const world = await createTestApproval({ proof });
    world.cases.permits = async () => await Promise.reject(new GuardError("STORE_UNAVAILABLE", "retry", "down"));
    expect(await verdictOn(world, await vote("bob", "keep"))).toMatchObject({ statusCode: 200, accepted: true });
    expect(world.kinds()).toEqual([...asked, "vote-cast", "approval-refused"]);
    expect(world.logged).toContainEqual({
      code: "PERMITS_LEFT_TO_GUARD",
      fields: { ...name, code: "STORE_UNAVAILABLE" },
    });
  });

  it("that does not count is on record, and the guard is notified", async () => {
    const world = await createTestApproval({ proof });
    expect(await verdictOn(world, await vote("alice", "approve"))).toMatchObject({ statusCode: 200, accepted: false });
    expect([world.kinds(), world.looked]).toEqual([[...asked, "vote-cast"], [name]]);
  });

  it("of a caller whom AWS proves and the policy does not know leaves nothing, neither in the queue nor on record", async () => {
    const world = await createTestApproval({ proof });
    for (const choice of ["keep", "approve"] as const)
      expect(told(await send(world, await vote("mallory", choice)))).toEqual({
        statusCode: 403,
        code: "CALLER_UNKNOWN",
      });
    expect([world.kinds(), world.receipts.all(), world.codes()]).toEqual([
      asked,
      [],
      ["CALLER_UNKNOWN", "CALLER_UNKNOWN"],
    ]);
    expect(world.counted).toEqual(["CallbacksRefused", "CallbacksRefused"]);
  });

  it("that has expired is refused with 403 and its code, and leaves nothing", async () => {
    const world = await createTestApproval({ proof });
    const sent = await vote("bob", "keep");
    world.time.now = now + 60_000;
    expect(told(await send(world, sent))).toEqual({ statusCode: 403, code: "VOTE_EXPIRED" });
    expect([world.kinds(), world.looked, world.counted]).toEqual([asked, [], ["CallbacksRefused"]]);
  });

  it("about a case that does not exist is answered with 404 and never sent", async () => {
    const world = await createTestApproval({ proof });
    const other = { case: { keyArn: arn, generation: 2 }, choice: "keep", reason: "CHG-9" } as const;
    expect(told(await send(world, await saidBy("bob", other)))).toEqual({ statusCode: 404, code: "CASE_UNKNOWN" });
    expect(world.voteQueue.queue.messages).toEqual([]);
  });

  it("is taken without a provisional verdict while the store is down, and answered 503 while the queue is", async () => {
    const world = await createTestApproval({ proof });
    world.cases.read = async () => await Promise.reject(new GuardError("STORE_UNAVAILABLE", "retry", "down"));
    const taken = told(await post(world, await vote("bob", "keep")));
    expect(taken).toEqual({ statusCode: 202, receipt: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const sendRequest = async () => await Promise.reject(new GuardError("QUEUE_UNAVAILABLE", "retry", "down"));
    const closed = await createTestApproval({ proof, sendRequest });
    const answer = told(await send(closed, await vote("bob", "keep")));
    expect(answer).toEqual({ statusCode: 503, code: "QUEUE_UNAVAILABLE" });
    expect(closed.counted).toEqual(["CallbacksFailed"]);
  });

  it.each<[string, object | undefined, string]>([
    ["whose form is wrong", { choice: "perhaps" }, "VOTE_MALFORMED"],
    ["whose case has no name", { case: { keyArn: "alias/x", generation: 1 } }, "VOTE_MALFORMED"],
    ["for another stack", { audience: "https://other.example.com" }, "CALLER_UNPROVEN"],
    ["that has expired", { expiresAt: now - 1 }, "VOTE_EXPIRED"],
  ])("%s is refused before STS is asked", async (_, change, code) => {
    let asks = 0;
    const fetch: typeof globalThis.fetch = async (...call) => {
      asks += 1;
      return await proof.fetch(...call);
    };
    const world = await createTestApproval({ proof: { ...proof, fetch } });
    const sent = await saidBy("bob", { case: name, choice: "keep", reason: "x" }, (each) => ({ ...each, ...change }));
    expect(told(await send(world, sent))).toMatchObject({ code });
    expect(asks).toBe(0);
  });
});

describe("the receipt of a request", () => {
  const read = async (id: string, world = createTestApproval()) =>
    told(await post(await world, { body: "", route: "GET /receipts/{id}", pathParameters: { id } }));

  it.each([["0".repeat(64)], ["f".repeat(64)]])(
    "that nobody was given (%s) is answered as one that waits",
    async (id) => {
      expect(await read(id)).toEqual({ statusCode: 202, receipt: id });
    },
  );

  it.each([[""], ["x"], ["F".repeat(64)], ["0".repeat(63)], [`${"0".repeat(64)}/..`]])(
    "whose id %j is none is not found",
    async (id) => {
      expect(await read(id)).toEqual({ statusCode: 404, code: "NOT_FOUND" });
    },
  );

  it("that cannot be read is answered with 503, and counted", async () => {
    const world = await createTestApproval();
    const readReceipt = async () => await Promise.reject(new GuardError("STORE_UNAVAILABLE", "retry", "down"));
    const routes = { ...world.routes, readReceipt };
    expect(await read("0".repeat(64), Promise.resolve({ ...world, routes }))).toMatchObject({ statusCode: 503 });
    expect(world.counted).toEqual(["CallbacksFailed"]);
  });
});

describe("a signed word", () => {
  it("that takes a permit back does so, and gives it to nobody", async () => {
    const world = await createTestApproval({ proof });
    const permit = { keyArn: arn, number: 1 };
    const principal = "arn:aws:iam::111122223333:user/alice";
    const reason = "CHG-9";
    const request = { request: { keyArn: arn, principal, minWaitingMs: 7 * day } };
    await send(world, await saidBy("alice", { permit: request, reason }));
    expect(await verdictOn(world, await saidBy("bob", { permit: { revoke: permit }, reason }))).toMatchObject({
      accepted: true,
    });
    const [chain] = await world.guard.cases.permits(arn);
    expect(chain && foldPlannedPermit(chain)).toMatchObject({ approvals: [], revoked: true });
    expect(chain?.entries.at(-1)).toMatchObject({ kind: "permit-revoked", by: "bob" });
  });

  it("that ends a pause ends it, and begins none", async () => {
    const world = await createTestApproval({ proof });
    const reason = "INC-7";
    for (const caller of ["alice", "bob"]) await send(world, await saidBy(caller, { pause: 3_600_000, reason }));
    expect(await verdictOn(world, await saidBy("carol", { pause: "end", reason }))).toMatchObject({ accepted: true });
    const entries = (await world.pauses.latest())?.entries ?? [];
    expect(entries.map(({ kind }) => kind)).toEqual(["pause-requested", "pause-granted", "pause-ended"]);
    expect(entries.at(-1)).toMatchObject({ person: "carol", reason });
  });
});
