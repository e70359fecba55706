import { describe, expect, it } from "vitest";
import { judgeRequest } from "../../functions/votes/judge-request.ts";
import { parseVoteMessage } from "../../lib/aws/events/vote-message.ts";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { click, createTestApproval, post, type Sent, secret, signed, submission } from "../doubles/approval.ts";
import { proof, saidBy } from "../doubles/callers.ts";
import { keyArn } from "../doubles/key-world.ts";

const keep = signed(click("bob", "keep"));
const approve = signed(submission("bob", "CHG-1"));
const rotated = `${secret.slice(1)}0`;
const kept = ["vote-cast", "approval-refused"];

/** A world in whose queue `sent` waits, and what judging it adds to the case. */
async function waiting(...sent: readonly Sent[]) {
  const world = await createTestApproval();
  for (const each of sent) await post(world, each);
  const before = world.kinds().length;
  const judged = async () => {
    await world.judge();
    return world.kinds().slice(before);
  };
  const deadLetters = () =>
    world.voteQueue.deadLetters.messages.map(({ attributes }) => attributes["errorCode"]?.StringValue);
  return { world, judged, deadLetters };
}

describe("where receipts cannot be read", () => {
  const failing = [
    ["STORE_UNAVAILABLE", "retry"],
    ["RECEIPT_UNREADABLE", "dead-letter"],
  ] as const;

  it.each(failing)("for %s, a Keep is on record all the same, once", async (code, disposition) => {
    const { world, judged } = await waiting(keep);
    const { receipts } = world.votes;
    const fails = async () => await Promise.reject(new GuardError(code, disposition, "x"));
    world.votes = { ...world.votes, receipts: { read: fails, write: fails } };
    expect(await judged()).toEqual(kept);
    world.votes = { ...world.votes, receipts };
    world.time.now += 60_000;
    expect(await judged()).toEqual(kept);
  });

  it.each(failing)("for %s, nothing else is judged: it could take effect twice", async (code, disposition) => {
    const { world, judged } = await waiting(approve);
    const read = async () => await Promise.reject(new GuardError(code, disposition, "x"));
    world.votes = { ...world.votes, receipts: { ...world.votes.receipts, read } };
    expect([await judged(), world.receipts.all()]).toEqual([[], []]);
  });

  it("because one is damaged, its message is put aside with that code after the Keep is recorded", async () => {
    const { world, judged, deadLetters } = await waiting(keep);
    const fails = async () => await Promise.reject(new GuardError("RECEIPT_UNREADABLE", "dead-letter", "damaged"));
    world.votes = { ...world.votes, receipts: { read: fails, write: fails } };
    expect([await judged(), deadLetters()]).toEqual([kept, ["RECEIPT_UNREADABLE"]]);
  });
});

describe("a forged copy of a request that is on its way", () => {
  it("is refused, and takes neither the receipt nor the effect of the request itself", async () => {
    const { world, judged } = await waiting(keep);
    const [genuine] = world.voteQueue.queue.messages;
    const forged = { ...JSON.parse(genuine?.body ?? ""), signature: `v0=${"0".repeat(64)}` };
    world.voteQueue.queue.purge();
    for (const [n, body] of [JSON.stringify(forged), genuine?.body ?? ""].entries())
      world.voteQueue.queue.send(body, {}, 0, { group: "keep.x", deduplicationId: `${n}` });
    expect(await judged()).toEqual(kept);
    expect(world.receipts.all().map(({ verdict }) => verdict)).toEqual([
      "nothing.refused.CALLBACK_FORGED",
      "case.counted.kept",
    ]);
  });
});

describe("what the signing secret before the one of now signed", () => {
  const afterRotation = {
    signingSecret: { read: async () => rotated, readAgain: async () => rotated },
    previousSecret: async () => secret,
  };

  it("keeps the key, and the record says that the secret was replaced", async () => {
    const { world, judged } = await waiting(keep);
    world.votes = { ...world.votes, ...afterRotation };
    expect(await judged()).toEqual(kept);
    expect(world.cases.chains()[0]?.entries.at(-2)).toMatchObject({ person: "bob", unverified: "secret-replaced" });
    expect(world.receipts.all()).toMatchObject([{ accepted: true, unverified: "secret-replaced" }]);
    expect(world.counted).toEqual(["RequestsUnproven"]);
  });

  it("approves and starts nothing: who learned it may be why it was replaced", async () => {
    const { world, judged } = await waiting(approve, signed(click("bob", "start-usage")));
    world.votes = { ...world.votes, ...afterRotation };
    expect(await judged()).toEqual(["vote-cast"]);
    expect(world.cases.chains()[0]?.entries.at(-1)).toMatchObject({ refused: "proof-expired" });
    expect(world.receipts.all().map(({ verdict }) => verdict)).toEqual([
      "case.refused.proof-expired",
      "case.refused.proof-expired",
    ]);
  });

  it.each([
    ["there was none", undefined],
    ["it is too short to be one", ""],
    ["it is another one", "f".repeat(32)],
  ])("is forged where %s", async (_, previous) => {
    const { world, judged } = await waiting(keep);
    world.votes = { ...world.votes, ...afterRotation, previousSecret: async () => previous };
    expect([await judged(), world.codes()]).toEqual([[], ["CALLBACK_FORGED"]]);
  });

  it("waits in the queue while that secret cannot be read, and is not refused for good", async () => {
    const { world, judged } = await waiting(keep);
    const previousSecret = async () => await Promise.reject(new GuardError("SECRET_UNAVAILABLE", "retry", "down"));
    world.votes = { ...world.votes, ...afterRotation, previousSecret };
    expect([await judged(), world.receipts.all()]).toEqual([[], []]);
    world.votes = { ...world.votes, ...afterRotation };
    world.time.now += 60_000;
    expect(await judged()).toEqual(kept);
  });
});

describe("a request of a voter whose AWS credentials are deleted while it waits", () => {
  const name = { keyArn: keyArn(), generation: 1 };
  const gone = async () =>
    new Response(JSON.stringify({ Error: { Code: "InvalidClientTokenId", Message: "no", Type: "Sender" } }), {
      status: 403,
    });

  it.each<["keep" | "approve", readonly string[], object]>([
    ["keep", kept, { accepted: true, verdict: "case.counted.kept", unverified: "proof-aged" }],
    ["approve", ["vote-cast"], { accepted: false, verdict: "case.refused.proof-expired" }],
  ])("counts only if it keeps the key: %s", async (choice, entries, receipt) => {
    const world = await createTestApproval({ proof });
    await post(world, await saidBy("bob", { case: name, choice, reason: "CHG-9" }));
    const before = world.kinds().length;
    world.votes = { ...world.votes, proof: { ...proof, fetch: gone } };
    await world.judge();
    expect(world.kinds().slice(before)).toEqual(entries);
    expect(world.receipts.all()).toMatchObject([receipt]);
  });

  it("is refused at the door where they never were any", async () => {
    const world = await createTestApproval({ proof: { ...proof, fetch: gone } });
    const answer = await post(world, await saidBy("bob", { case: name, choice: "keep", reason: "CHG-9" }));
    expect([answer.statusCode, JSON.parse(answer.body)]).toEqual([403, { code: "CALLER_EXPIRED" }]);
    expect(world.voteQueue.queue.messages).toEqual([]);
  });
});

describe("a message without the time at which the queue took it", () => {
  it("is of no time: what it approves does not count", async () => {
    const world = await createTestApproval();
    await post(world, approve);
    const [message] = world.voteQueue.queue.messages;
    await judgeRequest(world.votes, parseVoteMessage(message?.body ?? ""), Number.NaN);
    expect(world.receipts.all().map(({ verdict }) => verdict)).toEqual(["case.refused.proof-expired"]);
  });
});
