import { describe, expect, it } from "vitest";
import type { CaseVote } from "../../lib/aws/sts/caller-proof.ts";
import { foldPlannedPermit } from "../../lib/domain/approval/planned-permit.ts";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { createTestApproval, now, send } from "../doubles/approval.ts";
import { proof, saidBy } from "../doubles/callers.ts";
import { day, keyArn } from "../doubles/key-world.ts";

const arn = keyArn();
const name = { keyArn: arn, generation: 1 };
const asked = ["deletion-detected", "decided", "restore-intended", "key-restored", "key-usable", "approval-requested"];
const vote = async (caller: string, choice: CaseVote["choice"], reason = "CHG-9") =>
  await saidBy(caller, { case: name, choice, reason });
const told = ({ statusCode, body }: { statusCode: number; body: string }) => ({ statusCode, ...JSON.parse(body) });

describe("a signed vote", () => {
  it("sent twice counts once, and the guard is told to look both times: the first word may be lost", async () => {
    const world = await createTestApproval({ proof });
    const sent = await vote("bob", "keep");
    expect([told(await send(world, sent)), told(await send(world, sent))]).toMatchObject([
      { statusCode: 200, accepted: true },
      { statusCode: 200, accepted: true },
    ]);
    expect(world.kinds()).toEqual([...asked, "vote-cast", "approval-refused"]);
    expect(world.looked).toEqual([name, name]);
  });

  it("is another one than the same person's vote before it", async () => {
    const world = await createTestApproval({ proof });
    await send(world, await vote("bob", "approve"));
    expect(told(await send(world, await vote("bob", "keep")))).toMatchObject({ accepted: true });
    expect(world.kinds()).toEqual([...asked, "vote-cast", "vote-cast", "approval-refused"]);
  });

  it("to keep counts although permits cannot be read, and says that their revocation is left to the guard", async () => {
    const world = await createTestApproval({ proof });
    const permits = async () => await Promise.reject(new GuardError("STORE_UNAVAILABLE", "retry", "down"));
    const voteDeps = { ...world.approval.voteDeps, cases: { ...world.approval.voteDeps.cases, permits } };
    const answer = await send({ approval: { ...world.approval, voteDeps } }, await vote("bob", "keep"));
    expect(told(answer)).toMatchObject({ statusCode: 200, accepted: true });
    expect(world.kinds()).toEqual([...asked, "vote-cast", "approval-refused"]);
    expect(world.logged).toContainEqual({
      code: "PERMITS_LEFT_TO_GUARD",
      fields: { ...name, code: "STORE_UNAVAILABLE" },
    });
  });

  it("that does not count is on record, and the guard is told", async () => {
    const world = await createTestApproval({ proof });
    expect(told(await send(world, await vote("mallory", "keep")))).toMatchObject({ statusCode: 200, accepted: false });
    expect([world.kinds(), world.looked]).toEqual([[...asked, "vote-cast"], [name]]);
  });

  it("that has expired is refused with 403 and its code, and leaves nothing", async () => {
    const world = await createTestApproval({ proof });
    const sent = await vote("bob", "keep");
    world.time.now = now + 60_000;
    expect(told(await send(world, sent))).toEqual({ statusCode: 403, code: "VOTE_EXPIRED" });
    expect([world.kinds(), world.looked, world.counted]).toEqual([asked, [], ["CallbacksRefused"]]);
  });

  it.each<[string, number, GuardError, string]>([
    ["at work on the case", 409, new GuardError("CASE_CLAIMED", "retry", "busy"), "CallbacksRefused"],
    ["without such a case", 404, new GuardError("CASE_UNKNOWN", "reject", "none"), "CallbacksRefused"],
    ["without its store", 503, new GuardError("STORE_UNAVAILABLE", "retry", "down"), "CallbacksFailed"],
  ])("finds the stack %s, is answered %i, and counts as what it is", async (_, statusCode, error, metric) => {
    const world = await createTestApproval({ proof });
    const read = async () => await Promise.reject(error);
    const voteDeps = { ...world.approval.voteDeps, cases: { ...world.approval.voteDeps.cases, read } };
    const answer = await send({ approval: { ...world.approval, voteDeps } }, await vote("bob", "keep"));
    expect(told(answer)).toEqual({ statusCode, code: error.code });
    expect(world.counted).toEqual([metric]);
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
    expect(told(await send(world, await saidBy("bob", { permit: { revoke: permit }, reason })))).toMatchObject({
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
    expect(told(await send(world, await saidBy("carol", { pause: "end", reason })))).toMatchObject({ accepted: true });
    const entries = (await world.pauses.latest())?.entries ?? [];
    expect(entries.map(({ kind }) => kind)).toEqual(["pause-requested", "pause-granted", "pause-ended"]);
    expect(entries.at(-1)).toMatchObject({ person: "carol", reason });
  });
});
