import { describe, expect, it } from "vitest";
import { changeRequestIn } from "../../lib/aws/events/change-requested.ts";
import { append, emptyChain } from "../../lib/domain/ledger/chain.ts";
import { changePermitChainName } from "../../lib/domain/ledger/chain-name.ts";
import { changeNameText, hourOfChange } from "../../lib/domain/ledger/change-name.ts";
import { changePermitText, permitOfChange } from "../../lib/domain/ledger/change-permit-name.ts";
import { createTestApproval, send, signed, verdictOn } from "../doubles/approval.ts";
import { proof, saidBy } from "../doubles/callers.ts";
import { changeChain, changed, judgedAs, stopName } from "../doubles/change-chains.ts";
import { policyWith } from "../doubles/guard.ts";
import { keyArn, t0 } from "../doubles/key-world.ts";

const day = 86_400_000;
const stop = changeNameText(stopName);
const alias = { kind: "alias", alias: "alias/prod/pin" } as const;
const aliasName = { operation: "alias", subject: alias, hour: hourOfChange(t0) };
const asked = permitOfChange(aliasName);
const approval = { from: "custodians", quorum: 1, within: "24h" };
const asks = { id: "aliases-are-asked", when: { operation: "alias" }, then: "ask", approval };

const common = { team: { id: "T0LOCAL" }, api_app_id: "A0REPRIEVE" };
const click = (userId: string, action_id: string, value: string) =>
  signed({
    ...{ type: "block_actions", ...common, user: { id: userId }, trigger_id: "1.2.3", channel: { id: "C0KEYS" } },
    actions: [{ action_id, value }],
  });
const submit = (userId: string, callback_id: string, private_metadata: string, reason: string) =>
  signed({
    ...{ type: "view_submission", ...common, user: { id: userId } },
    view: { id: "V1", callback_id, private_metadata, state: { values: { reason: { reason: { value: reason } } } } },
  });

async function setUp() {
  const world = await createTestApproval({ proof });
  const policy = policyWith([asks]);
  const { changePermitDeps, keyStartDeps } = world.votes;
  world.votes = { ...world.votes, changePermitDeps: { ...changePermitDeps, policy } };
  const judged = judgedAs({ starters: ["bob", "carol"] });
  await keyStartDeps.changes.save({ chain: changeChain(stopName, changed(stopName), judged), expectedLength: 0 });
  const request = {
    ...({
      kind: "change-permit-requested",
      operation: "alias",
      subject: alias.alias,
      rule: asks.id,
      from: "custodians",
      quorum: 1,
    } as const),
    ...{ change: { hour: aliasName.hour, eventId: "e-1" }, principal: "arn:aws:iam::111122223333:user/alice" },
    ...{ user: "alice", to: { sha256: "a".repeat(64) }, deadline: t0 + day, reason: "pointed the alias elsewhere" },
  };
  const chain = append(emptyChain(changePermitChainName(asked)), request, t0);
  await changePermitDeps.permits.save({ chain, expectedLength: 0 });
  const permitKinds = async () => (await changePermitDeps.permits.read(asked))?.entries.map(({ kind }) => kind);
  const changeKinds = async () => (await keyStartDeps.changes.read(stopName))?.entries.map(({ kind }) => kind);
  return { world, permitKinds, changeKinds };
}

describe("the button that has a key started", () => {
  it("asks for a reason, and the reason and the person go on record once", async () => {
    const { world, changeKinds } = await setUp();
    await send(world, click("U0BOB", "start-key", stop));
    expect(world.dialogs[0]?.[1]).toMatchObject({ callback_id: "start-key", private_metadata: stop });
    const sent = submit("U0BOB", "start-key", stop, "INC-1");
    expect(await send(world, sent)).toMatchObject({ statusCode: 200 });
    await send(world, sent);
    expect(await changeKinds()).toEqual(["change-detected", "change-judged", "usage-start-requested"]);
    expect(world.toldPermits).toContain(stop);
  });

  it.each([
    ["who stopped it", "U0ALICE", "INC-1", "You stopped this key"],
    ["who gives no reason", "U0BOB", "  ", "Give a reason"],
  ])("records nothing of the person %s, and says why", async (_, userId, reason, text) => {
    const { world, changeKinds } = await setUp();
    await send(world, submit(userId, "start-key", stop, reason));
    expect(await changeKinds()).toEqual(["change-detected", "change-judged"]);
    expect(world.whispers).toEqual([[userId, expect.stringContaining(text)]]);
    expect(world.toldPermits).toEqual([]);
  });

  it.each(["nothing", `${keyArn()}#1`, "change#stop#alias#1"])("about `%s` is refused as malformed", async (name) => {
    const { world } = await setUp();
    expect(await send(world, click("U0BOB", "start-key", name))).toMatchObject({ statusCode: 400 });
    expect(world.dialogs).toEqual([]);
  });
});

describe("the buttons of a change about which people are asked", () => {
  it("approve it with a reason", async () => {
    const { world, permitKinds } = await setUp();
    await send(world, click("U0BOB", "approve-change", changePermitText(asked)));
    expect(world.dialogs).toHaveLength(1);
    await send(world, submit("U0BOB", "approve-change", changePermitText(asked), "CHG-1"));
    expect(await permitKinds()).toEqual(["change-permit-requested", "permit-approved", "change-permit-issued"]);
  });

  it("refuse it at once", async () => {
    const { world, permitKinds } = await setUp();
    await send(world, click("U0CAROL", "refuse-change", changePermitText(asked)));
    expect(await permitKinds()).toEqual(["change-permit-requested", "change-permit-revoked"]);
  });

  it("count for nothing by the one who made it", async () => {
    const { world, permitKinds } = await setUp();
    await send(world, submit("U0ALICE", "approve-change", changePermitText(asked), "CHG-1"));
    expect(await permitKinds()).toEqual(["change-permit-requested"]);
    expect(world.whispers[0]?.[1]).toContain("cannot approve it");
  });
});

describe("a command that AWS proves", () => {
  it("starts a key", async () => {
    const { world, changeKinds } = await setUp();
    const verdict = await verdictOn(world, await saidBy("bob", { start: stop, reason: "INC-1" }));
    expect(verdict).toMatchObject({ statusCode: 200, accepted: true });
    expect(await changeKinds()).toContain("usage-start-requested");
  });

  it("requests a permit, and approves it", async () => {
    const { world } = await setUp();
    const request = { operation: "alias", subject: alias.alias, principal: "arn:aws:iam::111122223333:user/alice" };
    const sent = await saidBy("bob", { changePermit: { request }, reason: "CHG-1" });
    expect((await verdictOn(world, sent)).message).toContain("change#alias#alias/prod/pin#p1");
    const approve = { changePermit: { approve: "change#alias#alias/prod/pin#p1" }, reason: "agreed" };
    expect((await verdictOn(world, await saidBy("carol", approve))).message).toContain("The permit is issued");
  });

  it.each([
    { start: "change#stop" },
    { changePermit: { approve: `${keyArn()}#p1` } },
    { changePermit: { request: { operation: "alias", subject: "alias/x", principal: "alice" } } },
  ])("that names nothing is refused: %j", async (vote) => {
    const { world } = await setUp();
    const sent = await saidBy("bob", { ...vote, reason: "x" } as unknown as Parameters<typeof saidBy>[1]);
    expect(await verdictOn(world, sent)).toMatchObject({ statusCode: 400, code: "VOTE_MALFORMED" });
  });
});

describe("the event that asks remediation to act", () => {
  const stack = { account: "111122223333", region: "us-east-1" };
  const event = { source: "reprieve", "detail-type": "change-requested", ...stack, detail: { change: stop } };

  it("names the chain of this very stack, and nothing else counts", () => {
    expect(changeRequestIn(event, stack)).toEqual(stopName);
    expect(changeRequestIn(event, { ...stack, region: "eu-west-1" })).toBeUndefined();
    expect(changeRequestIn({ ...event, source: "aws.events" }, stack)).toBeUndefined();
    const foreign = stop.replace("111122223333", "444455556666");
    expect(changeRequestIn({ ...event, detail: { change: foreign } }, stack)).toBeUndefined();
  });
});
