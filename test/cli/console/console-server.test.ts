import { afterEach, describe, expect, it } from "vitest";
import type { ChainPart, ConsoleData } from "../../../cli/console/parts.ts";
import { pagedTable, startConsole } from "../../doubles/console-under-test.ts";
import { t0 } from "../../doubles/key-world.ts";
import { asked, caseTrail, named, usable } from "./trails.ts";

let running: Awaited<ReturnType<typeof startConsole>>;
afterEach(async () => {
  await running.stop();
});
const restored = caseTrail("restored00000aaa", t0, ...usable);
const start = async (args: readonly string[] = ["--stage", "prod"]) => {
  running = await startConsole(args, {}, pagedTable([restored]));
  return running;
};
const paths = ["/data?after=0", `/chain?place=&name=${encodeURIComponent(restored.case)}`, "/inclusion?place=&name=x"];

describe("another user of the machine", () => {
  it("sees the page's files, and nothing of the stack without the secret of this start", async () => {
    const { ask, secret, url } = await start();
    expect((await ask("/")).status).toBe(200);
    const json = { origin: url, "content-type": "application/json" };
    for (const stated of [
      {},
      { "x-reprieve-secret": "" },
      { "x-reprieve-secret": secret.slice(1) },
      { cookie: `k=${secret}` },
    ]) {
      for (const path of paths) expect((await ask(path, stated)).status).toBe(401);
      for (const path of ["/vote", "/refresh", "/check"])
        expect((await ask(path, { ...stated, ...json }, "POST", "{}")).status).toBe(401);
    }
    expect((await ask(`/data?k=${secret}`)).status).toBe(401);
    expect(running.table.reads).toBe(0);
  });

  it("cannot guess it: 256 bits, of each start its own", async () => {
    const { secret } = await start();
    const first = secret;
    await running.stop();
    const second = (await start()).secret;
    expect(Buffer.from(first, "base64url")).toHaveLength(32);
    expect(second).not.toBe(first);
  });
});

describe("a page of another site", () => {
  it.each(["evil.example", "127.0.0.1.evil.example", "localhost", "[::1]", "127.0.0.1", "127.0.0.1:1"])(
    "that resolves to loopback as `%s` is refused, even with the secret",
    async (host) => {
      const { ask, withSecret, url } = await start();
      for (const path of ["/", ...paths]) expect((await ask(path, { ...withSecret, host })).status).toBe(403);
      const post = { ...withSecret, host, origin: url, "content-type": "application/json" };
      expect((await ask("/vote", post, "POST", "{}")).status).toBe(403);
    },
  );

  it.each(["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost"])(
    "of the origin `%s` can post nothing, even with the secret",
    async (origin) => {
      const { ask, withSecret } = await start();
      const headers = { ...withSecret, origin, "content-type": "application/json" };
      expect((await ask("/vote", headers, "POST", "{}")).status).toBe(403);
      expect((await ask("/data?after=0", headers)).status).toBe(403);
    },
  );

  it("posts nothing without an origin, and nothing but JSON of a sane size", async () => {
    const { ask, withSecret, url } = await start();
    const json = { ...withSecret, "content-type": "application/json" };
    expect((await ask("/vote", json, "POST", "{}")).status).toBe(403);
    expect(
      (await ask("/vote", { ...withSecret, origin: url, "content-type": "text/plain" }, "POST", "{}")).status,
    ).toBe(415);
    expect((await ask("/vote", { ...json, origin: url }, "POST", " ".repeat(1_000_001))).status).toBe(413);
    expect((await ask("/data", { ...withSecret, origin: url }, "PUT", "{}")).status).toBe(405);
  });
});

describe("the server", () => {
  it.each([
    "/../cli/reprieve.ts",
    "/..%2f..%2fetc/passwd",
    "//etc/passwd",
    "/%",
    "/?",
    "/constructor",
    "/data/../vote",
  ])("has no file at `%s`", async (path) => {
    const { ask, withSecret } = await start();
    expect([200, 404]).toContain((await ask(path, withSecret)).status);
    expect((await ask(path, withSecret)).text).not.toContain("root:");
    if (path !== "/?") expect((await ask(path, withSecret)).status).toBe(404);
  });

  it("lets nothing in from elsewhere, and is not framed", async () => {
    const { headers } = await (await start()).ask("/");
    expect(headers["content-security-policy"]).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
    expect(JSON.stringify(headers)).not.toContain("unsafe");
    expect(headers["referrer-policy"]).toBe("no-referrer");
    expect(headers["set-cookie"]).toBeUndefined();
  });

  it("says that a port is taken, and which ports there are", async () => {
    const { url } = await start();
    const other = await startConsole(["--port", new URL(url).port]);
    expect([await other.ended, other.errors.join()]).toEqual([2, expect.stringContaining("choose another --port")]);
    for (const port of ["-1", "65536", "x"])
      expect((await startConsole(["--port", port])).errors.join()).toContain("from 0 to 65535");
  });

  it("ends after an hour without a page, and not before", async () => {
    const { timers, get, stop, printed } = await start();
    expect(timers.running()).toEqual([3_600_000]);
    await get("/data?after=0");
    expect(timers.running()).toEqual([3_600_000]);
    expect(await stop()).toBe(0);
    expect(printed.at(-1)).toContain("no page was open for an hour");
  });
});

describe("what a page is sent", () => {
  it("is every row once, and then what changed", async () => {
    const { get, settled, table, time } = await start();
    const first = await settled();
    expect(first.rows).toMatchObject([{ name: restored.case, state: "key-usable", timeToUsableMs: 2_345, place: "" }]);
    expect(first.stacks).toMatchObject([
      { title: "prod in us-east-1", caller: "arn:aws:iam::111122223333:user/bob", lastDecided: { mode: "enforce" } },
    ]);
    expect((await get<ConsoleData>(`/data?after=${first.version}`)).rows).toEqual([]);
    table.trails = [restored, caseTrail("question00000bbb", t0, ...asked)];
    time.now += 10_000;
    await settled();
    const next = await get<ConsoleData>(`/data?after=${first.version}`);
    expect(next.rows).toMatchObject([
      { state: "people-are-asked", question: { from: "custodians", quorum: 2, approvedBy: [] } },
    ]);
    // A page that knows a version of an earlier start gets everything.
    expect((await get<ConsoleData>("/data?after=999999")).rows).toHaveLength(2);
  });

  it("is a chain as it was stored, on request", async () => {
    const { get, settled } = await start();
    await settled();
    const chain = await get<ChainPart>(paths[1] ?? "");
    expect(chain.entries.map(({ text }) => text)).toEqual(restored.texts);
    expect([chain.head, chain.damage, chain.offer]).toEqual([restored.head, undefined, []]);
    expect(await get("/chain?place=&name=none")).toMatchObject({ ok: false });
    expect(await get("/chain?place=other&name=none")).toMatchObject({ ok: false });
  });

  it("is what an approver agrees to, and damage in words", async () => {
    const { get, settled, table } = await start();
    const question = caseTrail("question00000bbb", t0, ...asked);
    const damaged = { ...caseTrail("damaged000000ccc", t0, ...usable), head: "0".repeat(64) };
    table.trails = [question, damaged];
    const { rows } = await settled();
    expect(rows.map(({ state }) => state).sort()).toEqual(["damaged", "people-are-asked"]);
    const chainOf = async (name: string) => await get<ChainPart>(`/chain?place=&name=${encodeURIComponent(name)}`);
    expect((await chainOf(question.case)).offer.join(" ")).toContain("nobody can restore it");
    expect(await chainOf(damaged.case)).toMatchObject({ damage: "the head differs" });
  });

  it("has names that strangers chose escaped: no control, no change of direction", async () => {
    const { settled, table } = await start();
    const evil = "alias/prod/\u202e<img src=x onerror=alert(1)>\u0007";
    table.trails = [caseTrail("hostile000000ddd", t0, ...usable, named([evil]))];
    const text = JSON.stringify((await settled()).rows);
    expect(text).toContain("<img src=x");
    expect(text).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
  });
});
