import { afterEach, describe, expect, it } from "vitest";
import type { ConsoleData } from "../../../cli/console/parts.ts";
import { awsError, pagedTable, startConsole } from "../../doubles/console-under-test.ts";
import { t0 } from "../../doubles/key-world.ts";
import { healthy } from "../../doubles/stack-health.ts";
import { caseTrail } from "./trails.ts";

let running: Awaited<ReturnType<typeof startConsole>> | undefined;
afterEach(async () => {
  await running?.stop();
});

async function start(over: Parameters<typeof healthy>[0] = {}, args: readonly string[] = []) {
  const counts = { figures: 0, functions: 0 };
  const health = healthy(over);
  const counting = {
    ...health,
    recentFigures: async () => {
      counts.figures += 1;
      return await health.recentFigures();
    },
    functions: async () => {
      counts.functions += 1;
      return await health.functions();
    },
  };
  running = await startConsole(
    ["--stage", "prod", ...args],
    { health: async () => counting },
    pagedTable([caseTrail("a".repeat(16), t0)]),
  );
  return { ...running, counts };
}
const verdictOf = (data: ConsoleData, subject: string) =>
  data.stacks[0]?.findings.find((each) => each.subject === subject);

describe("the health of a stack", () => {
  it("is what the doctor finds, with the policy that runs compared with the reviewed one", async () => {
    const data = await (await start()).settled();
    expect(verdictOf(data, "schedule")).toMatchObject({ verdict: "good", at: t0 });
    expect(verdictOf(data, "policy deployed")).toMatchObject({
      verdict: "bad",
      found: expect.stringContaining("another policy than"),
    });
  });

  it("INVARIANT: in the idle state a refresh makes at most three requests: the table, or every five minutes the heartbeat in its place", async () => {
    const { settled, get, table, time, counts } = await start();
    await settled();
    const [reads, functions] = [table.reads, counts.functions];
    const perRefresh: (readonly [number, number])[] = [];
    for (let n = 0; n < 60; n++) {
      const before = [table.reads, counts.figures] as const;
      time.now += 10_000;
      for (let polls = 0; polls < 4; polls++) await get("/data?after=0");
      perRefresh.push([table.reads - before[0], counts.figures - before[1]]);
    }
    // The heartbeat takes three requests: DescribeStacks, the time, GetMetricData.
    expect(perRefresh.filter(([read, figures]) => read + 3 * figures > 3)).toEqual([]);
    expect(counts.figures - 1).toBe(2);
    expect(table.reads - reads).toBeGreaterThanOrEqual(56);
    expect(counts.functions).toBe(functions);
  });

  it("shows a heartbeat that stopped while the page was open, and how old the other findings are", async () => {
    let heartbeats = 2;
    const { settled, get, time } = await start({
      recentFigures: async () => ({ monitoring: "full", heartbeats, restoresDenied: undefined, logAgeSeconds: 120 }),
    });
    expect(verdictOf(await settled(), "restore probe")).toMatchObject({ verdict: "good" });
    heartbeats = 0;
    time.now += 300_000;
    await get("/data?after=0");
    await expect
      .poll(async () => verdictOf(await get("/data?after=0"), "restore probe"))
      .toMatchObject({ verdict: "bad", at: t0 + 300_000 });
    expect(verdictOf(await get("/data?after=0"), "schedule")).toMatchObject({ at: t0 });
  });

  it("that cannot be asked for is unknown, with the permission that is missing; it hides no case", async () => {
    const denied = async () => await Promise.reject(awsError("AccessDeniedException"));
    const data = await (await start({ scheduleState: denied })).settled();
    expect(verdictOf(data, "schedule")).toMatchObject({ verdict: "unknown", needs: "scheduler:GetSchedule" });
    expect(data.rows).toHaveLength(1);
  });

  it("is checked again when someone asks", async () => {
    const { settled, post, counts } = await start();
    await settled();
    expect(await post("/check")).toEqual({ ok: true, text: "" });
    await settled();
    expect(counts.functions).toBe(2);
  });
});
