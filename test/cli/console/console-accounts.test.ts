import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import type { ConsoleData } from "../../../cli/console/parts.ts";
import type { SignIn } from "../../../cli/places/places-context.ts";
import { awsError, pagedTable, startConsole } from "../../doubles/console-under-test.ts";
import { t0 } from "../../doubles/key-world.ts";
import { accountsText, asNamed, placeOf } from "../../doubles/places.ts";
import { asked, caseTrail, usable } from "./trails.ts";

const folder = mkdtempSync(join(tmpdir(), "reprieve-console-accounts-"));
const file = join(folder, "accounts.yaml");
const places = [placeOf(1), placeOf(2), placeOf(3)];
writeFileSync(file, accountsText(places));
afterAll(() => rmSync(folder, { recursive: true }));

let running: Awaited<ReturnType<typeof startConsole>> | undefined;
afterEach(async () => {
  await running?.stop();
});

/** A console over three places, each with a table of its own, by its account. */
async function start(signIn: SignIn = asNamed, args: readonly string[] = []) {
  const tables = new Map(places.map(({ account }) => [account, pagedTable([])]));
  const signedIn: string[] = [];
  const counting: SignIn = async (place, bounds) => {
    signedIn.push(place.name);
    return await signIn(place, bounds);
  };
  const time = { now: t0 };
  running = await startConsole(["--accounts", file, ...args], {
    signIn: async () => counting,
    clock: () => time.now,
    consoleTools: async () => ({
      tablePages: ({ access }) => (tables.get(access?.account ?? "") ?? pagedTable([])).pages(),
      stackTime: async () => await Promise.reject(new Error("many places have this machine's time")),
      pageFiles: async () => new Map(),
    }),
  });
  const tableOf = (n: number) => tables.get(places[n - 1]?.account ?? "") ?? pagedTable([]);
  const settled = async (): Promise<ConsoleData> => {
    for (;;) {
      const data = await running?.get<ConsoleData>("/data?after=0");
      const isDone = ({ readAt, trouble }: ConsoleData["stacks"][number]) =>
        readAt === time.now || (trouble?.nextAt ?? 0) > time.now;
      if (data?.stacks.every(isDone)) return data;
    }
  };
  return { ...running, tableOf, settled, signedIn, time };
}

describe("a console over many places", () => {
  it("shows the cases of all in one list, each with its place, also two of one name", async () => {
    const { tableOf, settled, get } = await start();
    const same = caseTrail("same000000000aaa", t0, ...usable);
    tableOf(1).trails = [same];
    tableOf(2).trails = [same, caseTrail("other00000000bbb", t0, ...asked)];
    const { rows, stacks } = await settled();
    expect(rows.map(({ place, name }) => `${place} ${name.slice(-5)}`).sort()).toEqual([
      "place-1 aaa#1",
      "place-2 aaa#1",
      "place-2 bbb#1",
    ]);
    expect(stacks.map(({ title }) => title)).toContain("place-1: prod in 100000000001, us-east-1");
    const chainAt = async (place: string) =>
      await get<object>(`/chain?place=${place}&name=${encodeURIComponent(same.case)}`);
    expect(await chainAt("place-2")).toMatchObject({ head: same.head });
    expect(await chainAt("place-3")).toMatchObject({ ok: false });
  });

  it("reads the others when one cannot be read, and says which and what to do", async () => {
    const { tableOf, settled } = await start();
    tableOf(1).failure = awsError("ExpiredTokenException", "The security token included in the request is expired");
    tableOf(2).trails = [caseTrail("works00000000aaa", t0)];
    const { rows, stacks } = await settled();
    expect(rows.map(({ place }) => place)).toEqual(["place-2"]);
    expect(stacks.map(({ place, trouble }) => [place, trouble?.code])).toEqual([
      ["place-1", "ExpiredTokenException"],
      ["place-2", undefined],
      ["place-3", undefined],
    ]);
  });

  it("goes on reading the others while one hangs", async () => {
    const { tableOf, get, time } = await start();
    tableOf(1).hangs = true;
    for (let n = 0; n < 3; n++) {
      time.now += 10_000;
      const isRead = async () => (await get<ConsoleData>("/data?after=0")).stacks[1]?.readAt;
      await expect.poll(isRead).toBe(time.now);
    }
    expect([tableOf(1).reads, tableOf(2).reads]).toEqual([1, 3]);
  });

  it("asks nothing with the credentials of another account", async () => {
    const { tableOf, settled } = await start(async () => ({
      ...{ account: "999999999999", credentials: { accessKeyId: "A", secretAccessKey: "s" } },
    }));
    const { stacks } = await settled();
    expect(stacks.map(({ trouble }) => trouble?.code)).toEqual(["WrongAccount", "WrongAccount", "WrongAccount"]);
    expect([1, 2, 3].map((n) => tableOf(n).reads)).toEqual([0, 0, 0]);
  });

  it("signs in again before a role's hour is over, and after a failure", async () => {
    const { settled, signedIn, tableOf, time } = await start();
    await settled();
    const first = signedIn.filter((name) => name === "place-1").length;
    time.now += 46 * 60_000;
    tableOf(1).failure = awsError("ExpiredTokenException");
    await settled();
    tableOf(1).failure = undefined;
    time.now += 10_000;
    expect((await settled()).stacks[0]?.trouble).toBeUndefined();
    expect(signedIn.filter((name) => name === "place-1").length).toBeGreaterThan(first);
  });

  it("takes no vote: a vote is a decision about one key of one stack", async () => {
    const { tableOf, settled, post } = await start();
    const question = caseTrail("question00000bbb", t0, ...asked);
    tableOf(1).trails = [question];
    await settled();
    const vote = { place: "place-1", name: question.case, choice: "approve", reason: "CHG-1" };
    expect(await post("/vote", vote)).toEqual({ ok: false, text: expect.stringContaining("--accounts") });
  });

  it("shows only the places of --only, and refuses options that name one stack", async () => {
    const { settled } = await start(asNamed, ["--only", "place-3"]);
    expect((await settled()).stacks.map(({ place }) => place)).toEqual(["place-3"]);
    for (const args of [
      ["--stage", "prod"],
      ["--endpoint", "https://x.example"],
    ]) {
      const refused = await startConsole(["--accounts", file, ...args]);
      expect([await refused.ended, refused.errors.join()]).toEqual([2, expect.stringContaining("cannot be used with")]);
    }
    const loose = await startConsole(["--only", "place-1"]);
    expect(loose.errors.join()).toContain("expected --accounts FILE with --only");
  });
});
