import { describe, expect, it } from "vitest";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { append, type Chain } from "../../lib/domain/ledger/chain.ts";
import { announcePause } from "../../lib/workflows/notify/announce-pause.ts";
import { createTestApproval, send, verdictOn } from "../doubles/approval.ts";
import { proof, saidBy } from "../doubles/callers.ts";
import { chainBefore } from "../doubles/chain-names.ts";
import { t0 } from "../doubles/key-world.ts";
import { createNotifyWorld } from "../doubles/notify.ts";

const submit = async (name: string, pause: number | "end", change?: (vote: object) => object) =>
  await saidBy(name, { pause, reason: "INC-7" }, change);

const hour = 3_600_000;

describe("a word on a pause", () => {
  it("is recorded, published by its number, and answered; the second one pauses the guard", async () => {
    const world = await createTestApproval({ proof });
    const answers = [
      await verdictOn(world, await submit("alice", hour)),
      await verdictOn(world, await submit("bob", hour)),
    ];
    expect(answers.map(({ statusCode, accepted }) => [statusCode, accepted])).toEqual([
      [200, true],
      [200, true],
    ]);
    expect(answers.map(({ message }) => message)).toEqual([
      expect.stringContaining("a second person of custodians must request the same by 2024-05-27 20:50:54 UTC"),
      expect.stringContaining("The guard is paused until 2024-05-27 20:50:54 UTC"),
    ]);
    expect(world.told).toEqual([1, 1]);
    const entries = (await world.pauses.latest())?.entries;
    expect(entries?.map(({ kind }) => kind)).toEqual(["pause-requested", "pause-granted"]);
    expect(entries?.[0]).toMatchObject({ person: "alice", reason: "INC-7", voter: { via: "aws" } });
  });

  it("of a stranger is answered with the code, and leaves nothing", async () => {
    const world = await createTestApproval({ proof });
    expect(await verdictOn(world, await submit("mallory", hour))).toEqual({ statusCode: 403, code: "CALLER_UNKNOWN" });
    expect([world.told, await world.pauses.latest(), world.receipts.all()]).toEqual([[], undefined, []]);
  });

  it("that was made longer on its way is refused: the signature covers it", async () => {
    const world = await createTestApproval({ proof });
    const longer = (vote: object) => ({ ...vote, pause: 12 * hour });
    expect(await send(world, await submit("alice", hour, longer))).toMatchObject({ statusCode: 403 });
    expect(await world.pauses.latest()).toBeUndefined();
  });

  it.each([0, -1, 1.5, "begin", null])("of %j is no word at all", async (pause) => {
    const world = await createTestApproval({ proof });
    const other = (vote: object) => ({ ...vote, pause });
    expect(await send(world, await submit("alice", hour, other))).toMatchObject({ statusCode: 400 });
  });

  it("counts although nobody could be notified of it", async () => {
    const down = new GuardError("BUS_UNAVAILABLE", "retry", "down");
    const world = await createTestApproval({ proof, notifyPauseChanged: async () => await Promise.reject(down) });
    expect(await verdictOn(world, await submit("alice", hour))).toMatchObject({ statusCode: 200, accepted: true });
    expect(world.logged).toContainEqual({ code: "PAUSE_NOTIFY_FAILED", fields: { code: "BUS_UNAVAILABLE" } });
  });
});

const voter = { via: "aws", arn: "arn:aws:iam::111122223333:user/bob", userId: "AIDABOB" } as const;
const request = {
  ...({ kind: "pause-requested", number: 1, forMs: hour, voter } as const),
  ...{ person: "alice", reason: "<!channel> INC-7" },
};
const asked = append(chainBefore(request), request, t0);
const granted = append(
  asked,
  { kind: "pause-granted", voter, person: "bob", reason: "ok", until: t0 + hour },
  t0 + 1000,
);

describe("people are notified of a pause", () => {
  async function setUp() {
    const made = createNotifyWorld();
    const keep = async (chain: Chain, expectedLength: number) => await made.pauses.save({ chain, expectedLength });
    await keep(asked, 0);
    const publish = async (at: number) => {
      made.world.time.now = at;
      await announcePause(made.announcer, made.pauses, 1);
    };
    return { ...made, keep, tell: publish };
  }

  it("once of each change, also of the end that nobody but the clock makes", async () => {
    const { keep, tell: publish, mails, slack } = await setUp();
    for (const at of [t0 + 1, t0 + 2]) await publish(at);
    await keep(granted, 1);
    for (const at of [t0 + 2000, t0 + 3000, t0 + hour, t0 + hour + 1]) await publish(at);
    expect(mails.map(({ text }) => text.split(":")[0])).toEqual([
      expect.stringContaining("alice requests a pause of the guard for 60 min"),
      expect.stringContaining("The guard is paused until 2024-05-27 20"),
      "The pause is over",
    ]);
    expect(slack.posted).toHaveLength(3);
    expect(JSON.stringify(slack.posted[0])).toContain("&lt;!channel&gt;");
  });

  it("of nothing where there is no such pause", async () => {
    const { announcer, pauses, mails } = createNotifyWorld();
    await announcePause(announcer, pauses, 7);
    expect(mails).toEqual([]);
  });
});
