import { describe, expect, it } from "vitest";
import { GuardError, type GuardErrorCode } from "../../lib/domain/guard-error.ts";
import { slackRequestId } from "../../lib/slack/verify-signature.ts";
import { click, createTestApproval, now, post, type Sent, secret, signed, submission } from "../doubles/approval.ts";
import { proofAt, saidBy } from "../doubles/callers.ts";
import { keyArn } from "../doubles/key-world.ts";

const minute = 60_000;
const asked = ["deletion-detected", "decided", "restore-intended", "key-restored", "key-usable", "approval-requested"];
const name = { keyArn: keyArn(), generation: 1 };
const keep = signed(click("bob", "keep"));
const approve = signed(submission("bob", "CHG-1"));
const down = (code: GuardErrorCode) => async () => await Promise.reject(new GuardError(code, "retry", "down"));
const secretDown = { read: down("SECRET_UNAVAILABLE"), readAgain: down("SECRET_UNAVAILABLE") };
const stsDown = async () => await Promise.reject(new Error("no STS"));
const votedByAws = async (choice: "approve" | "keep", person = "bob") =>
  await saidBy(person, { case: name, choice, reason: "CHG-9" });

/** A world whose STS has the world's own clock; `sent` waits in the queue. */
async function queued(...sent: readonly Sent[]) {
  const clock = { now };
  const world = await createTestApproval({ proof: proofAt(() => clock.now) });
  for (const each of sent) await post(world, each);
  const judgeAt = async (ms: number) => {
    world.time.now = now + ms;
    clock.now = now + ms;
    await world.judge();
  };
  const verdicts = () => world.receipts.all().map(({ verdict }) => verdict);
  const added = () => world.kinds().slice(asked.length);
  return { world, judgeAt, verdicts, added };
}

/** Sends the waiting message again, as a redrive does: the queue takes it at the time of now. */
async function redriven(sent: Sent, atMs: number) {
  const made = await queued(sent);
  const { queue } = made.world.voteQueue;
  const [message] = queue.receive(1);
  queue.delete(message?.receiptHandle ?? "");
  made.world.time.now = now + atMs;
  queue.send(message?.body ?? "", {}, 0, { group: message?.place?.group ?? "", deduplicationId: "redriven" });
  await made.judgeAt(atMs);
  return made;
}

describe("a request that waited", () => {
  it.each<[string, Sent]>([
    ["a Keep", keep],
    ["an approval", approve],
  ])("in the queue for an hour is as fresh as it was: %s of Slack counts", async (_, sent) => {
    const { judgeAt, world } = await queued(sent);
    await judgeAt(60 * minute);
    expect(world.receipts.all()).toMatchObject([{ accepted: true, sentAt: now, judgedAt: now + 60 * minute }]);
    expect(world.receipts.all()[0]).not.toHaveProperty("unverified");
  });

  it("for longer than STS takes a signature is refused on record if it approves, and its voter is named", async () => {
    const { judgeAt, world, added, verdicts } = await queued(await votedByAws("approve"));
    await judgeAt(16 * minute);
    expect([added(), verdicts()]).toEqual([["vote-cast"], ["case.refused.proof-expired"]]);
    expect(world.cases.chains()[0]?.entries.at(-1)).toMatchObject({
      ...{ person: "bob", refused: "proof-expired", unverified: "proof-aged" },
    });
    expect(world.looked).toEqual([name]);
  });

  it("for longer than STS takes a signature counts if it keeps the key, and is marked", async () => {
    const { judgeAt, world, added } = await queued(await votedByAws("keep"));
    await judgeAt(16 * minute);
    expect(added()).toEqual(["vote-cast", "approval-refused"]);
    expect(world.receipts.all()).toMatchObject([{ accepted: true, unverified: "proof-aged" }]);
    expect(world.counted).toEqual(["RequestsUnproven"]);
  });

  it.each<[string, () => Promise<Sent>]>([
    ["a pause", async () => await saidBy("alice", { pause: 60 * minute, reason: "INC-7" })],
    [
      "a permit",
      async () =>
        await saidBy("alice", {
          permit: {
            request: {
              keyArn: keyArn(),
              principal: "arn:aws:iam::111122223333:user/alice",
              minWaitingMs: 7 * 86_400_000,
            },
          },
          reason: "CHG-9",
        }),
    ],
  ])("for longer than STS takes a signature changes nothing if it requests %s", async (_, say) => {
    const { judgeAt, world, verdicts } = await queued(await say());
    await judgeAt(16 * minute);
    expect(verdicts()).toEqual([expect.stringMatching(/^(pause|permit)\.refused\.proof-expired$/)]);
    expect([await world.pauses.latest(), await world.cases.permits(keyArn())]).toEqual([undefined, []]);
  });
});

describe("a request that an operator gives back after six minutes", () => {
  it.each<[string, () => Promise<Sent>, string, readonly string[]]>([
    ["an approval of Slack", async () => approve, "case.refused.proof-expired", ["vote-cast"]],
    ["an approval of AWS", async () => await votedByAws("approve"), "case.refused.proof-expired", ["vote-cast"]],
    ["a Keep of Slack", async () => keep, "case.counted.kept", ["vote-cast", "approval-refused"]],
    ["a Keep of AWS", async () => await votedByAws("keep"), "case.counted.kept", ["vote-cast", "approval-refused"]],
    ["a start of usage", async () => signed(click("bob", "start-usage")), "case.refused.proof-expired", []],
  ])("was sent too late to count, unless it keeps the key: %s", async (_, sent, verdict, entries) => {
    const { verdicts, added } = await redriven(await sent(), 6 * minute);
    expect([verdicts(), added()]).toEqual([[verdict], entries]);
  });
});

describe("a proof that cannot be verified again because its verifier is down", () => {
  it("keeps the key all the same, and says so on record", async () => {
    const bySlack = await queued(keep);
    bySlack.world.votes = { ...bySlack.world.votes, signingSecret: secretDown };
    await bySlack.judgeAt(0);
    const byAws = await queued(await votedByAws("keep"));
    byAws.world.votes = { ...byAws.world.votes, proof: { ...byAws.world.votes.proof, fetch: stsDown } };
    await byAws.judgeAt(0);
    for (const [{ world, added }, why] of [
      [bySlack, "secret-unavailable"],
      [byAws, "sts-unavailable"],
    ] as const) {
      expect(added()).toEqual(["vote-cast", "approval-refused"]);
      expect(world.cases.chains()[0]?.entries.at(-2)).toMatchObject({
        kind: "vote-cast",
        person: "bob",
        unverified: why,
      });
      expect(world.receipts.all()).toMatchObject([{ accepted: true, unverified: why }]);
    }
  });

  it("approves nothing before the verifier is back", async () => {
    const { world, judgeAt, added } = await queued(approve, await votedByAws("approve", "carol"));
    const whole = world.votes;
    world.votes = { ...whole, signingSecret: secretDown, proof: { ...whole.proof, fetch: stsDown } };
    await judgeAt(0);
    expect([added(), world.receipts.all()]).toEqual([[], []]);
    world.votes = whole;
    await judgeAt(5_000);
    expect(added()).toEqual(["vote-cast", "vote-cast", "approval-granted"]);
  });

  it("is put aside with its code after as many deliveries as there may be, in its group", async () => {
    const { world, judgeAt } = await queued(approve);
    world.votes = { ...world.votes, signingSecret: secretDown };
    for (const message of world.voteQueue.queue.messages) message.receives = 99;
    await judgeAt(0);
    expect(world.voteQueue.queue.messages).toEqual([]);
    expect(world.voteQueue.deadLetters.messages).toMatchObject(
      [{ attributes: { errorCode: { StringValue: "SECRET_UNAVAILABLE" } }, place: { group: /^case\./ } }].map(
        (each) => ({ ...each, place: { group: expect.stringMatching(each.place.group) } }),
      ),
    );
  });
});

describe("a wrong proof", () => {
  const forgedBy = (world: Awaited<ReturnType<typeof queued>>["world"], body: string, signature: string) => {
    const timestamp = String(Math.floor(now / 1000));
    const message = JSON.stringify({
      ...{ via: "slack", body: Buffer.from(body).toString("base64"), timestamp, signature, answered: "" },
    });
    world.voteQueue.queue.send(message, {}, 0, { group: "keep.x", deduplicationId: signature });
    return slackRequestId({ body: Buffer.from(body), timestamp, signature });
  };

  it("keeps no key and approves nothing, is on record as refused, and raises the alarm", async () => {
    for (const payload of [click("bob", "keep"), submission("bob", "CHG-1")]) {
      const { world, judgeAt, added, verdicts } = await queued();
      const requestId = forgedBy(world, String(signed(payload).body), `v0=${"0".repeat(64)}`);
      await judgeAt(0);
      expect([added(), verdicts(), world.counted]).toEqual([
        [],
        ["nothing.refused.CALLBACK_FORGED"],
        ["RequestsUnproven"],
      ]);
      expect(await world.receipts.read(requestId)).not.toHaveProperty("voter");
    }
  });

  it("of AWS is wrong also for a Keep while it is young, and the caller that is claimed counts for nothing", async () => {
    const { world, judgeAt, added, verdicts } = await queued(await votedByAws("keep"));
    const [message] = world.voteQueue.queue.messages;
    const { body, ...rest } = JSON.parse(message?.body ?? "") as { body: string };
    const proven = JSON.parse(Buffer.from(body, "base64").toString());
    const authorization = String(proven.authorization).replace(/Signature=\w{4}/, "Signature=0000");
    const forged = Buffer.from(JSON.stringify({ ...proven, authorization })).toString("base64");
    world.voteQueue.queue.purge();
    const claimed = { ...rest, body: forged, arn: "arn:aws:iam::111122223333:user/carol", userId: "AIDACAROL" };
    world.voteQueue.queue.send(JSON.stringify(claimed), {}, 0, { group: "keep.x", deduplicationId: "x" });
    await judgeAt(0);
    expect([added(), verdicts()]).toEqual([[], ["nothing.refused.CALLER_UNPROVEN"]]);
  });

  it("is what the old secret signed, once it was rotated", async () => {
    const { world, judgeAt, added } = await queued(approve);
    const rotated = `${secret.slice(1)}0`;
    world.votes = { ...world.votes, signingSecret: { read: async () => rotated, readAgain: async () => undefined } };
    await judgeAt(0);
    expect([added(), world.codes()]).toEqual([[], ["CALLBACK_FORGED"]]);
  });

  it("is Slack's in a stack without Slack", async () => {
    const { world, judgeAt, added, verdicts } = await queued(keep);
    const { workspace: _workspace, ...without } = world.votes;
    world.votes = without;
    await judgeAt(0);
    expect([added(), verdicts()]).toEqual([[], ["nothing.refused.WORKSPACE_FOREIGN"]]);
  });
});

describe("a message that carries no request", () => {
  it.each<[string, string]>([
    ["no JSON", "{"],
    ["another form", '{"via":"mail","body":""}'],
    ["a member more", '{"via":"slack","body":"","timestamp":"1","signature":"","answered":"","admin":true}'],
    ["no base64", '{"via":"slack","body":"?","timestamp":"1","signature":"","answered":""}'],
    ["an invalid vote", '{"via":"aws","body":"e30=","arn":"a","userId":"b","answered":""}'],
    ["100,000 brackets", "[".repeat(100_000)],
  ])("is put aside, and holds up nothing: %s", async (_, body) => {
    const { world, judgeAt, added } = await queued(keep);
    world.voteQueue.queue.send(body, {}, 0, { group: "case.x", deduplicationId: "poison" });
    await judgeAt(0);
    expect(added()).toEqual(["vote-cast", "approval-refused"]);
    expect(world.voteQueue.deadLetters.messages).toMatchObject([
      { body, attributes: { errorCode: { StringValue: "EVENT_MALFORMED" } } },
    ]);
  });

  it("may be 100,000 brackets that Slack signed: refused, on record, and no Keep", async () => {
    const { world, judgeAt, added } = await queued();
    const deep = signed(`${"[".repeat(70_000)}${"]".repeat(70_000)}`);
    expect((await post(world, deep)).statusCode).toBe(400);
    await judgeAt(0);
    expect([added(), world.voteQueue.queue.messages]).toEqual([[], []]);
  });
});

describe("Keeps", () => {
  it("have a group of their own: a request that fails holds up none of them", async () => {
    const { world, judgeAt, added } = await queued(approve, keep);
    const groups = world.voteQueue.queue.messages.map(({ place }) => place?.group.split(".")[0]);
    expect(groups).toEqual(["case", "keep"]);
    world.votes = { ...world.votes, signingSecret: { ...world.votes.signingSecret, read: secretDown.read } };
    await judgeAt(0);
    expect(added()).toEqual(["vote-cast", "approval-refused"]);
    expect(world.voteQueue.queue.messages).toHaveLength(1);
  });
});

describe("requests in one group", () => {
  it("wait behind one that failed, and are judged in their order", async () => {
    const pause = async (person: string) => await saidBy(person, { pause: 60 * minute, reason: "INC-7" });
    const { world, judgeAt, verdicts } = await queued(await pause("alice"), await pause("bob"));
    const { latest } = world.pauses;
    world.pauses.latest = down("STORE_UNAVAILABLE");
    await judgeAt(0);
    world.pauses.latest = latest;
    // The second one is visible again, and must not overtake.
    await judgeAt(1_000);
    expect(verdicts()).toEqual([]);
    await judgeAt(5_000);
    expect(verdicts()).toEqual(["pause.requested", "pause.granted"]);
  });
});
