import { describe, expect, it } from "vitest";
import { refreshTrouble } from "../../../cli/console/refresh-trouble.ts";
import { StackFeed } from "../../../cli/console/stack-feed.ts";
import { createTablePages } from "../../../cli/console/table-pages.ts";
import { append, readChain } from "../../../lib/domain/ledger/chain.ts";
import { awsError, pagedTable } from "../../doubles/console-under-test.ts";
import { t0 } from "../../doubles/key-world.ts";
import { serve } from "../servers.ts";
import { caseTrail, usable } from "./trails.ts";

const idOf = (n: number) => String(n).padStart(16, "0");
const trails = (count: number) => Array.from({ length: count }, (_, n) => caseTrail(idOf(n), t0));

function feedOf(table: ReturnType<typeof pagedTable>) {
  const time = { now: t0 };
  let version = 0;
  const feed = new StackFeed({
    place: "",
    pages: async () => table.pages(),
    versions: { next: () => ++version },
    now: () => time.now,
    troubleOf: (error) => refreshTrouble(error, { stage: "prod", region: "us-east-1", isLocal: false }),
  });
  const refresh = async (afterMs = 10_000) => {
    time.now += afterMs;
    const before = table.reads;
    await feed.refreshIfDue();
    return table.reads - before;
  };
  return { feed, time, refresh };
}

describe("a table that is read while someone looks", () => {
  it("is read whole at first, and then by at most three requests a refresh, round by round", async () => {
    const table = pagedTable(trails(25), 2);
    const { feed, refresh } = feedOf(table);
    expect(await refresh(0)).toBe(13);
    expect(feed.chains.size).toBe(25);
    const reads: number[] = [];
    for (let n = 0; n < 10; n++) reads.push(await refresh());
    // 13 pages a round: the last refresh of a round ends with it.
    expect(reads).toEqual([3, 3, 3, 3, 1, 3, 3, 3, 3, 1]);
    expect(Math.max(...reads)).toBeLessThanOrEqual(3);
  });

  it("shows when the last reading of all of it began: what is older than a round was not looked at since", async () => {
    const table = pagedTable(trails(25), 2);
    const { feed, refresh } = feedOf(table);
    await refresh(0);
    expect(feed.known).toMatchObject({ readAt: t0, roundAt: t0 });
    for (let n = 0; n < 4; n++) await refresh();
    expect(feed.known).toMatchObject({ readAt: t0 + 40_000, roundAt: t0 });
    await refresh();
    expect(feed.known).toMatchObject({ readAt: t0 + 50_000, roundAt: t0 + 10_000 });
  });

  it("is asked once, however many pages of a browser are open, and not before it is due", async () => {
    const table = pagedTable(trails(3));
    const { feed, refresh } = feedOf(table);
    await Promise.all(Array.from({ length: 20 }, async () => await feed.refreshIfDue()));
    expect(table.reads).toBe(1);
    expect([await refresh(9_999), await refresh(1)]).toEqual([0, 1]);
  });

  it("is read whole at once when someone asks", async () => {
    const table = pagedTable(trails(25), 2);
    const { feed, refresh } = feedOf(table);
    await refresh(0);
    await refresh();
    feed.askForRound();
    expect(await refresh(0)).toBe(13);
  });
});

describe("a refresh that fails", () => {
  it("keeps what is known with its age, tries more and more rarely, and goes on where it ended", async () => {
    const table = pagedTable(trails(4), 2);
    const { feed, refresh } = feedOf(table);
    await refresh(0);
    table.failure = awsError("ThrottlingException");
    expect(await refresh()).toBe(1);
    expect(feed.chains.size).toBe(4);
    expect(feed.known).toMatchObject({
      readAt: t0,
      trouble: { code: "ThrottlingException", since: t0 + 10_000, nextAt: t0 + 20_000 },
    });
    const reads: number[] = [];
    for (let n = 0; n < 40; n++) reads.push(await refresh());
    // After 10, 20, 40, 80 s, and then every two minutes.
    expect(reads.flatMap((count, n) => (count > 0 ? [n + 2] : []))).toEqual([2, 4, 8, 16, 28, 40]);
    expect(feed.known.trouble?.since).toBe(t0 + 10_000);
    table.failure = undefined;
    await refresh(120_000);
    expect(feed.known.trouble).toBeUndefined();
  });

  it("signs in again with the next one: the client is not kept", async () => {
    const table = pagedTable(trails(1));
    const { refresh } = feedOf(table);
    await refresh(0);
    table.failure = awsError("ExpiredTokenException", "The security token included in the request is expired");
    await refresh();
    expect(table.closed).toBe(1);
  });

  it.each([
    [
      awsError("ExpiredTokenException", "The security token included in the request is expired"),
      "sign in with `aws sso login`",
    ],
    [
      awsError("CredentialsProviderError", "Could not load credentials from any providers"),
      "sign in with `aws sso login`",
    ],
    [
      awsError("UnrecognizedClientException", "The security token included in the request is invalid."),
      "sign in again",
    ],
    [
      awsError("ResourceNotFoundException", "Requested resource not found"),
      "reprieve-prod-cases in us-east-1 does not exist: check --stage",
    ],
    [awsError("AccessDeniedException", "no"), "dynamodb:Scan"],
    [awsError("ThrottlingException", "Rate exceeded"), "try again later"],
    [awsError("TimeoutError", "socket"), "check the network"],
  ])("says what to do: %s", (error, advice) => {
    const { message } = refreshTrouble(error, { stage: "prod", region: "us-east-1", isLocal: false });
    expect(message).toContain(advice);
  });

  it("of a local world asks whether it still runs", () => {
    const refused = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:4700"), { code: "ECONNREFUSED" });
    expect(refreshTrouble(refused, { stage: "dev", region: "us-east-1", isLocal: true }).message).toContain(
      "npm start",
    );
  });
});

describe("a chain that must only grow", () => {
  const restored = caseTrail("grows00000000aaa", t0, ...usable);
  const shorter = { ...restored, texts: restored.texts.slice(0, 2) };

  async function seen(...states: readonly (readonly (typeof restored)[])[]) {
    const table = pagedTable([]);
    const { feed, refresh } = feedOf(table);
    for (const state of states) {
      table.trails = state;
      await refresh();
    }
    return feed.chains.row(restored.case);
  }

  it("is not marked when entries are added", async () => {
    const reading = readChain(shorter.texts, restored.case);
    if (!reading.ok) throw new Error("the chain holds");
    const before = { ...shorter, head: reading.chain.head };
    const longer = append(reading.chain, { kind: "restore-intended", late: false }, t0 + 5_000);
    const now = { case: restored.case, texts: longer.texts, head: longer.head };
    expect((await seen([before], [now]))?.tampered).toBeUndefined();
  });

  it("is marked when it lost entries, has others, or is gone; and stays marked", async () => {
    const other = caseTrail("grows00000000aaa", t0 + 1, ...usable);
    expect((await seen([restored], [shorter]))?.tampered).toBe("rewritten");
    expect((await seen([restored], [other]))?.tampered).toBe("rewritten");
    expect((await seen([restored], [other], [restored]))?.tampered).toBe("rewritten");
    const gone = await seen([restored], []);
    expect([gone?.tampered, gone?.state]).toEqual(["gone", "key-usable"]);
    expect((await seen([restored], [], [restored]))?.tampered).toBe("rewritten");
  });
});

describe("the pages of a table", () => {
  it("take one request each, and a throttled one is not repeated by the SDK", async () => {
    const bodies: { ExclusiveStartKey?: unknown }[] = [];
    let isThrottled = false;
    const restored = caseTrail("pages00000000aaa", t0, ...usable);
    const [pk = "", sk = ""] = restored.case.split("#");
    const item = {
      pk: { S: `case#${pk}` },
      sk: { N: sk },
      entries: { L: restored.texts.map((S) => ({ S })) },
      head: { S: restored.head },
    };
    const { url, stop } = await serve((_request, body, response) => {
      bodies.push(JSON.parse(body));
      response.writeHead(isThrottled ? 400 : 200, { "content-type": "application/x-amz-json-1.0" });
      const page = {
        Items: [item],
        Count: 1,
        ...(bodies.length === 1 && { LastEvaluatedKey: { pk: item.pk, sk: item.sk } }),
      };
      response.end(JSON.stringify(isThrottled ? { __type: "ThrottlingException", message: "Rate exceeded" } : page));
    });
    const pages = createTablePages({ table: "reprieve-dev-cases", region: "us-east-1", endpoint: url });
    const first = await pages.read();
    expect(first.trails).toEqual([restored]);
    const second = await pages.read(first.next);
    expect([second.next, bodies.length, bodies[1]?.ExclusiveStartKey]).toEqual([
      undefined,
      2,
      { pk: item.pk, sk: item.sk },
    ]);
    isThrottled = true;
    await expect(pages.read()).rejects.toMatchObject({ name: "ThrottlingException" });
    expect(bodies).toHaveLength(3);
    pages.close();
    await stop();
  });
});
