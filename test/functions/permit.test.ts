import { describe, expect, it } from "vitest";
import { parseNoticeMessage } from "../../lib/aws/events/notice-event.ts";
import type { PermitVote } from "../../lib/aws/sts/proven-vote.ts";
import { foldPlannedPermit } from "../../lib/domain/approval/planned-permit.ts";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { createTestApproval, send, verdictOn } from "../doubles/approval.ts";
import { proof, saidBy } from "../doubles/callers.ts";
import { day, keyArn } from "../doubles/key-world.ts";

const arn = keyArn();
const principal = "arn:aws:iam::111122223333:user/alice";
const name = { keyArn: arn, number: 1 };
const request = { request: { keyArn: arn, principal, minWaitingMs: 7 * day } };
const submit = async (person: string, permit: PermitVote["permit"], change?: (vote: object) => object) =>
  await saidBy(person, { permit, reason: "CHG-9" }, change);

describe("a word on a permit", () => {
  it("is recorded, published by the permit's name, and answered; two approvals give it", async () => {
    const world = await createTestApproval({ proof });
    const words = [
      ["alice", request],
      ["bob", { approve: name }],
      ["carol", { approve: name }],
    ] as const;
    const messages: string[] = [];
    for (const [person, command] of words) {
      const { statusCode, accepted, message } = await verdictOn(world, await submit(person, command));
      expect([statusCode, accepted]).toEqual([200, true]);
      messages.push(message);
    }
    expect(messages[0]).toContain(`reprieve permit approve ${arn}#p1`);
    expect(messages[1]).toContain("1 more of custodians");
    expect(messages[2]).toContain("The permit is issued: one deletion, until 2024-05-28 19:50:54 UTC");
    expect(world.toldPermits).toEqual([name, name, name]);
    const [chain] = await world.guard.cases.permits(arn);
    expect(chain && foldPlannedPermit(chain)).toMatchObject({
      approvals: [
        { person: "bob", via: "aws" },
        { person: "carol", via: "aws" },
      ],
      requestedBy: "alice",
    });
  });

  it("of a stranger is answered with the code, and leaves nothing", async () => {
    const world = await createTestApproval({ proof });
    expect(await verdictOn(world, await submit("mallory", request))).toMatchObject({
      statusCode: 403,
      code: "CALLER_UNKNOWN",
    });
    expect([world.toldPermits, await world.guard.cases.permits(arn), world.receipts.all()]).toEqual([[], [], []]);
  });

  it("that was changed on its way is refused: the signature covers it", async () => {
    const world = await createTestApproval({ proof });
    const other = (vote: object) => ({
      ...vote,
      permit: { request: { ...request.request, principal: `${principal}2` } },
    });
    expect(await send(world, await submit("alice", request, other))).toMatchObject({ statusCode: 403 });
    expect(await world.guard.cases.permits(arn)).toEqual([]);
  });

  it.each([
    { request: { ...request.request, minWaitingMs: 2 * day } },
    { request: { ...request.request, principal: "*" } },
    { request: { ...request.request, roleId: "AROA" } },
    { request: { ...request.request, keyArn: "alias/x" } },
    { approve: { keyArn: arn, number: 0 } },
    { approve: name, revoke: name },
    {},
    null,
  ])("of %j is no word at all", async (permit) => {
    const world = await createTestApproval({ proof });
    const other = (vote: object) => ({ ...vote, permit });
    expect(await send(world, await submit("alice", request, other))).toMatchObject({ statusCode: 400 });
  });

  it("counts although nobody could be notified of it", async () => {
    const down = new GuardError("BUS_UNAVAILABLE", "retry", "down");
    const world = await createTestApproval({ proof, notifyPermitChanged: async () => await Promise.reject(down) });
    expect(await verdictOn(world, await submit("alice", request))).toMatchObject({ statusCode: 200, accepted: true });
    expect(world.logged).toContainEqual({ code: "PERMIT_NOTIFY_FAILED", fields: { code: "BUS_UNAVAILABLE" } });
  });
});

describe("the word on the bus that a permit has changed", () => {
  const region = "us-east-1";
  const stack = { account: "111122223333", region };
  const event = (permit: unknown, account = stack.account) =>
    JSON.stringify({ ...{ source: "reprieve", "detail-type": "permit-changed", account, region }, detail: { permit } });

  it("is read as the permit's name", () => {
    expect(parseNoticeMessage(event(name), stack)).toEqual({ kind: "permit", name });
  });

  it.each([
    ["of another stack", event(name, "999999999999")],
    ["of no permit", event({ keyArn: arn, number: 0 })],
    ["of no key", event({ keyArn: "x", number: 1 })],
  ])("%s is refused with EVENT_MALFORMED", (_, body) => {
    expect(() => parseNoticeMessage(body, stack)).toThrow(expect.objectContaining({ code: "EVENT_MALFORMED" }));
  });
});
