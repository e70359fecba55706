import { DynamoDBClient, type UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCaseStore } from "../../lib/aws/dynamodb/case-store.ts";
import { createNoticeBoard } from "../../lib/aws/dynamodb/notice-board.ts";
import { createPauseBook } from "../../lib/aws/dynamodb/pause-book.ts";
import { foldPlannedPermit } from "../../lib/domain/approval/planned-permit.ts";
import { append } from "../../lib/domain/ledger/chain.ts";
import type { EntryBody } from "../../lib/domain/ledger/entry.ts";
import { noBurst } from "../../lib/notices/burst.ts";
import { recordPause } from "../../lib/workflows/approve/record-pause.ts";
import { recordPermit } from "../../lib/workflows/approve/record-permit.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import { announcePause } from "../../lib/workflows/notify/announce-pause.ts";
import { chainBefore } from "../doubles/chain-names.ts";
import { asking, createTestGuard, policyWith } from "../doubles/guard.ts";
import { createKeyWorld, day, deletionRequest, keyArn, t0 } from "../doubles/key-world.ts";
import { createNotifyWorld } from "../doubles/notify.ts";
import { cast } from "../doubles/vote-deps.ts";
import { startDynalite } from "./dynalite.ts";

/**
 * A client that loses the answer to every write for the first time, after the write took effect. The SDK then sends it again, as it
 * does after a connection that broke. `lost` counts.
 */
function losingClient(endpoint: string) {
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const client = new DynamoDBClient({ endpoint, region: "us-east-1", credentials, retryMode: "standard" });
  const answered = new WeakSet<object>();
  const counter = { lost: 0 };
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const answer = await next(args);
        const input = args.input as UpdateItemCommandInput;
        if (commandName !== "UpdateItemCommand" || answered.has(input)) return answer;
        answered.add(input);
        counter.lost += 1;
        throw Object.assign(new Error("socket hang up"), { name: "TimeoutError" });
      },
    { step: "deserialize", priority: "high" },
  );
  return { client, counter };
}

describe("a write whose answer is lost once, and that the SDK sends again", () => {
  let world: Awaited<ReturnType<typeof startDynalite>>;
  let losing: ReturnType<typeof losingClient>;
  beforeAll(async () => {
    world = await startDynalite();
    losing = losingClient(world.endpoint);
  });
  afterAll(async () => {
    losing.client.destroy();
    await world.stop();
  });
  const voterOf = (person: string) =>
    ({ via: "aws", arn: `arn:aws:iam::111122223333:user/${person}`, userId: `AIDA${person}` }) as const;

  it("of a permit is saved, and one to a permit that others have written to is a conflict", async () => {
    const arn = keyArn("lostpermit000000");
    const store = createCaseStore(losing.client, world.table);
    const requested = (number: number, person: string): EntryBody => ({
      ...{ kind: "permit-requested", keyArn: arn, number, rule: "ask", principal: "p", minWaitingMs: 7 * day },
      ...{ deadline: t0 + day, voter: voterOf(person), person, reason: "CHG-9" },
    });
    const save = async (person: string) => {
      const body = requested(1, person);
      const chain = append(chainBefore(body), body, t0);
      return await store.savePermit({ chain, expectedLength: 0 });
    };
    const before = losing.counter.lost;
    expect([await save("alice"), await save("bob"), await save("alice")]).toEqual(["saved", "conflict", "saved"]);
    expect(losing.counter.lost - before).toBe(1);
  });

  it("of a pause is saved", async () => {
    const book = createPauseBook(losing.client, world.table);
    const by = { voter: voterOf("alice"), person: "alice", reason: "INC-7" } as const;
    const request = { kind: "pause-requested", number: 1, forMs: 3_600_000, ...by } as const;
    const begun = append(chainBefore(request), request, t0);
    expect(await book.save({ chain: begun, expectedLength: 0 })).toBe("saved");
    const ended = append(begun, { kind: "pause-ended", ...by }, t0 + 1);
    expect(await book.save({ chain: ended, expectedLength: 1 })).toBe("saved");
    expect((await book.read(1))?.texts).toEqual(ended.texts);
  });

  it("of a claim to tell is the claim: nobody is locked out, least of all its owner", async () => {
    const board = createNoticeBoard(losing.client, world.table);
    const subject = { series: keyArn("lostnotice000000"), number: 1 };
    const record = { told: 1, mailed: 1, escalated: 0 };
    expect(await board.claim(subject, "run-a", t0, t0 + 70_000)).toEqual({ told: 0, mailed: 0, escalated: 0 });
    expect(await board.claim(subject, "run-b", t0, t0 + 70_000)).toBeUndefined();
    await board.save(subject, "run-a", record, false);
    await board.save(subject, "run-a", record, true);
    expect(await board.claim(subject, "run-b", t0, t0 + 70_000)).toEqual(record);
    expect(await board.claimBurst("run-a", t0, t0 + 70_000)).toMatchObject({ burst: noBurst });
    await board.saveBurst("run-a", { shown: true, mailed: 0, burst: noBurst }, true);
    expect(await board.claimBurst("run-b", t0, t0 + 70_000)).toMatchObject({ burst: noBurst });
  });

  it("of a released notice is the release, although someone else claims it by then", async () => {
    const subject = { series: keyArn("lostrelease00000"), number: 1 };
    const board = createNoticeBoard(world.client, world.table);
    const record = { told: 1, mailed: 1, escalated: 0 };
    await board.claim(subject, "run-a", t0, t0 + 70_000);
    await board.save(subject, "run-a", record, true);
    await board.claim(subject, "run-b", t0, t0 + 70_000);
    await board.save(subject, "run-a", record, true);
    await expect(board.save(subject, "run-a", { ...record, told: 2 }, true)).rejects.toMatchObject({
      code: "CASE_CLAIMED",
    });
    await board.save(subject, "run-b", { ...record, told: 2 }, true);
    expect(await board.claim(subject, "run-c", t0, t0 + 70_000)).toMatchObject({ told: 2 });
  });

  it("changes nothing of what people are notified of a permit", async () => {
    const arn = keyArn("lostwords0000000");
    const cases = createCaseStore(losing.client, world.table);
    const stack = { account: "111122223333", region: "us-east-1" };
    const permitDeps = { cases, policy: asking(), stack, clock: () => t0 };
    const wish = { principal: "arn:aws:iam::111122223333:user/alice", minWaitingMs: 3 * day };
    const name = { keyArn: arn, number: 1 };
    const say = async (person: string, command: Parameters<typeof recordPermit>[2]) =>
      (await recordPermit(permitDeps, voterOf(person), command)).verdict;
    expect([
      await say("dave", { do: "request", keyArn: arn, wish, reason: "CHG" }),
      await say("bob", { do: "approve", name, reason: "ok" }),
      await say("carol", { do: "approve", name, reason: "ok" }),
      await say("dave", { do: "revoke", name, reason: "no" }),
    ]).toMatchObject([
      { kind: "requested", name: { number: 1 } },
      { kind: "approved", approvals: 1, quorum: 2 },
      { kind: "issued" },
      { kind: "revoked" },
    ]);
    const permits = (await cases.permits(arn)).map((chain) => foldPlannedPermit(chain));
    expect(permits).toMatchObject([{ number: 1, approvals: [{ person: "bob" }, { person: "carol" }], revoked: true }]);
  });

  it("changes nothing of what people are notified of a pause, and each change is announced once", async () => {
    const pauses = createPauseBook(losing.client, world.table);
    const { directory } = policyWith();
    const pauseDeps = {
      pauses,
      directory,
      terms: { from: "custodians", atMostMs: 4 * 3_600_000 },
      clock: () => t0 + day,
    };
    const request = { do: "pause", forMs: 3_600_000, reason: "INC" } as const;
    const say = async (person: string, submitted: Parameters<typeof recordPause>[2]) =>
      await recordPause(pauseDeps, voterOf(person), submitted);
    const requested = await say("alice", request);
    expect([
      requested.verdict,
      (await say("bob", request)).verdict,
      (await say("carol", { do: "end", reason: "x" })).verdict,
    ]).toMatchObject([{ kind: "requested" }, { kind: "granted" }, { kind: "ended" }]);
    const { announcer, mails } = createNotifyWorld();
    const board = createNoticeBoard(losing.client, world.table);
    await announcePause({ ...announcer, board }, pauses, requested.changed ?? 0);
    await announcePause({ ...announcer, board }, pauses, requested.changed ?? 0);
    expect(mails).toHaveLength(1);
  });

  it("changes nothing of what people are notified of a vote", async () => {
    const cases = createCaseStore(losing.client, world.table);
    const arn = keyArn("lostvotes0000000");
    const { guard } = createTestGuard(createKeyWorld(), t0 + 1000, { policy: asking(), cases });
    await guardDeletion(
      { ...guard, keys: createKeyWorld({ key: { ...createKeyWorld().key, arn } }) },
      { source: "event", request: deletionRequest({ target: { kind: "arn", arn } }), deliveries: 1 },
    );
    const verdictOf = async (person: string, choice: "approve" | "keep") =>
      (await cast(guard, person, choice, 1, arn)).verdict;
    expect([
      await verdictOf("bob", "approve"),
      await verdictOf("carol", "approve"),
      await verdictOf("dave", "keep"),
    ]).toMatchObject([
      { kind: "counted", state: "waiting" },
      { kind: "counted", state: "granted" },
      { kind: "counted", state: "kept" },
    ]);
  });
});
