import { describe, expect, it } from "vitest";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { click, createTestApproval, now, post, send, signed, submission } from "../doubles/approval.ts";
import { createKeyWorld, keyArn, paymentKey, t0 } from "../doubles/key-world.ts";

const asked = ["deletion-detected", "decided", "restore-intended", "key-restored", "key-usable", "approval-requested"];
const whispered = (answer: { body: string }): string => {
  if (answer.body === "") return "";
  const { response_action: action, view } = JSON.parse(answer.body);
  return `${action}: ${view.blocks[0].text.text}`;
};

const caseOne = { keyArn: keyArn(), generation: 1 };

describe("keep", () => {
  it("is recorded, and the guard is asked to re-evaluate the case", async () => {
    const world = await createTestApproval();
    expect(await send(world, signed(click("bob", "keep")))).toEqual({ statusCode: 200, body: "" });
    expect(world.kinds()).toEqual([...asked, "vote-cast", "approval-refused"]);
    expect(world.looked).toEqual([{ keyArn: keyArn(), generation: 1 }]);
    expect([world.counted, world.whispers]).toEqual([[], []]);
  });

  it("counts once, however often it is pressed or sent again", async () => {
    const world = await createTestApproval();
    const sent = signed(click("bob", "keep"));
    const again = {
      ...sent,
      headers: { ...sent.headers, "x-slack-retry-num": "1", "x-slack-retry-reason": "http_timeout" },
    };
    const answers = await Promise.all([sent, sent, again].map(async (each) => await send(world, each)));
    await send(world, again);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
    expect(world.kinds()).toEqual([...asked, "vote-cast", "approval-refused"]);
  });

  it.each<[string, number, readonly string[]]>([
    ["in the same minute adds nothing", 59_000, []],
    ["later renews the first: a newer permit or deletion may be what it is about", 120_000, ["vote-cast"]],
  ])("pressed again by the same person %s, and the guard is notified again", async (_, laterMs, added) => {
    const world = await createTestApproval();
    await send(world, signed(click("bob", "keep")));
    world.time.now += laterMs;
    const again = signed(click("bob", "keep", undefined, { trigger_id: "4.5.6" }), { at: world.time.now });
    expect((await send(world, again)).statusCode).toBe(200);
    expect(world.kinds()).toEqual([...asked, "vote-cast", "approval-refused", ...added]);
    expect(world.looked).toEqual([caseOne, caseOne]);
    const { keep } = await world.cases.history(caseOne.keyArn);
    expect(keep).toEqual({ by: "bob", at: added.length > 0 ? now + laterMs : now });
  });

  it("by a stranger is recorded, does not count, and is explained to that person alone", async () => {
    const world = await createTestApproval();
    await send(world, signed(click("mallory", "keep")));
    expect(world.kinds()).toEqual([...asked, "vote-cast"]);
    expect(world.whispers).toEqual([
      [
        "U0MALLORY",
        "This vote does not count. You are not in the policy's directory of people. Ask the policy's owners to add your Slack member id.",
      ],
    ]);
  });

  it("is on record although the bus takes no event about it", async () => {
    const busDown = async () => await Promise.reject(new GuardError("BUS_UNAVAILABLE", "retry", "down"));
    const world = await createTestApproval({ reEvaluate: busDown, notifyJudged: busDown });
    expect((await send(world, signed(click("bob", "keep")))).statusCode).toBe(200);
    expect(world.kinds()).toEqual([...asked, "vote-cast", "approval-refused"]);
    expect(world.receipts.all()).toMatchObject([{ verdict: "case.counted.kept" }]);
    expect(world.logged.map(({ code }) => code)).toEqual(
      expect.arrayContaining(["VERDICT_NOTIFY_FAILED", "RE_EVALUATE_FAILED"]),
    );
  });
});

describe("start key usage", () => {
  const disabled = () => createKeyWorld({ key: paymentKey({ enabled: false, usageStoppedAt: t0 - 3_600_000 }) });
  const left = [...asked.slice(0, 4), "key-left-disabled", "approval-requested"];

  it("is requested by its button, once, is no vote, and the guard is asked to look at it again", async () => {
    const world = await createTestApproval({}, disabled());
    expect(world.kinds()).toEqual(left);
    for (const at of [now, now + 1000])
      expect(await send(world, signed(click("bob", "start-usage"), { at }))).toEqual({ statusCode: 200, body: "" });
    expect(world.kinds()).toEqual([...left, "usage-start-requested"]);
    expect([world.looked, world.whispers]).toEqual([[caseOne, caseOne], []]);
  });

  it.each([
    ["alice", "This is your own deletion"],
    ["mallory", "You are not in the policy's directory"],
  ])("by %s is refused, and explained to that person alone", async (person, why) => {
    const world = await createTestApproval({}, disabled());
    await send(world, signed(click(person, "start-usage")));
    expect([world.kinds(), world.looked]).toEqual([left, []]);
    expect(world.whispers).toEqual([[`U0${person.toUpperCase()}`, expect.stringContaining(why)]]);
  });
});

describe("approve", () => {
  it("asks for a reason first, and records nothing before there is one", async () => {
    const world = await createTestApproval();
    expect(await send(world, signed(click("bob", "approve")))).toEqual({ statusCode: 200, body: "" });
    expect(world.dialogs).toMatchObject([
      ["1.2.3", { callback_id: "approve-deletion", private_metadata: `${keyArn()}#1` }],
    ]);
    expect(JSON.stringify(world.dialogs)).toContain(
      "*Approve one deletion of* `CVK …aifllw2h`? 0 of 2 approvals so far. Yours alone allows nothing: 2 more are needed. Once enough people have approved, a one-time permit is issued: `alice@example.com (PaymentsAdmin)` may delete the key once, within 24 h and with at least 3 days of notice.",
    );
    expect(world.kinds()).toEqual(asked);
  });

  it("opens the dialog also while the case cannot be read, with what holds for every approval", async () => {
    const read = async () => await Promise.reject(new GuardError("STORE_UNAVAILABLE", "retry", "down"));
    const world = await createTestApproval();
    const { voteDeps } = world.approval;
    const approval = { ...world.approval, voteDeps: { ...voteDeps, cases: { ...voteDeps.cases, read } } };
    const routes = { ...world.routes, approval };
    expect(await send({ ...world, routes }, signed(click("bob", "approve")))).toEqual({ statusCode: 200, body: "" });
    expect(JSON.stringify(world.dialogs)).toContain("Approve the deletion of key `key …aifllw2h`?");
    expect(world.logged.map(({ code }) => code)).toContain("CALLBACK_FAILED");
  });

  it("by two persons grants, by the same person twice does not", async () => {
    const world = await createTestApproval();
    const view = (id: string) => ({ view: { ...(submission("bob", "CHG-1") as { view: object }).view, id } });
    expect(whispered(await send(world, signed(submission("bob", "CHG-1", view("V1")))))).toBe("");
    expect(whispered(await send(world, signed(submission("bob", "CHG-1", view("V1")))))).toBe("");
    expect(whispered(await send(world, signed(submission("bob", "CHG-2", view("V2")))))).toContain(
      "You approved this deletion already",
    );
    expect(whispered(await send(world, signed(submission("carol", "CHG-1", view("V3")))))).toBe("");
    expect(world.kinds()).toEqual([...asked, "vote-cast", "vote-cast", "vote-cast", "approval-granted"]);
  });

  it.each([
    ["alice", "CHG-1", "This is your own deletion"],
    ["dave", "CHG-1", "You are not among the approvers"],
    ["mallory", "CHG-1", "You are not in the policy's directory"],
    ["bob", "  ", "Give a reason or a ticket"],
  ])("by %s with reason %j is refused in the dialog itself", async (name, reason, why) => {
    const world = await createTestApproval();
    const answer = whispered(await send(world, signed(submission(name, reason))));
    expect(answer).toMatch(/^update: This vote does not count\. /);
    expect(answer).toContain(why);
    expect(world.kinds()).toEqual([...asked, "vote-cast"]);
    expect(world.whispers).toEqual([]);
  });

  it("is taken while the store is down, and judged once it is up again", async () => {
    const world = await createTestApproval();
    const { read } = world.cases;
    world.cases.read = async () => await Promise.reject(new GuardError("STORE_UNAVAILABLE", "retry", "down"));
    expect(whispered(await send(world, signed(submission("bob", "CHG-1"))))).toBe("");
    expect([world.kinds(), world.receipts.all()]).toEqual([asked, []]);
    expect(world.counted).toEqual(["CallbacksFailed"]);
    world.cases.read = read;
    world.time.now += 5000;
    await world.judge();
    expect(world.kinds()).toEqual([...asked, "vote-cast"]);
  });

  it("cannot be taken while the queue is down, and says so", async () => {
    const sendRequest = async () => await Promise.reject(new GuardError("QUEUE_UNAVAILABLE", "retry", "down"));
    const world = await createTestApproval({ sendRequest });
    expect(whispered(await send(world, signed(submission("bob", "CHG-1"))))).toContain(
      "It is not known whether this was recorded",
    );
    await send(world, signed(click("bob", "keep")));
    expect(world.whispers).toEqual([["U0BOB", expect.stringContaining("It is not known whether this was recorded")]]);
    expect(world.codes()).toEqual(["QUEUE_UNAVAILABLE", "QUEUE_UNAVAILABLE"]);
    expect(world.kinds()).toEqual(asked);
  });

  it("that is refused by the time it is judged is reported to the person, although the dialog closed", async () => {
    const world = await createTestApproval();
    expect(whispered(await post(world, signed(submission("bob", "CHG-1"))))).toBe("");
    await send(world, signed(click("carol", "keep")));
    expect(world.kinds()).toEqual([...asked, "vote-cast", "approval-refused", "vote-cast"]);
    expect(world.whispers).toEqual([["U0BOB", "This vote does not count. This question is closed."]]);
  });
});
