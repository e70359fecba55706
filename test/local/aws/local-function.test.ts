import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { LocalFunction } from "../../../local/aws/lambda/local-function.ts";
import { WorldClock } from "../../../local/clock/world-clock.ts";

const dir = mkdtempSync(join(tmpdir(), "reprieve-function-"));
let functions: LocalFunction[] = [];
afterEach(async () => {
  await Promise.all(functions.map(async (each) => await each.kill()));
  functions = [];
});
afterAll(() => rmSync(dir, { recursive: true }));

let count = 0;
function make(source: string, { clock = new WorldClock(), concurrency = 1, timeoutMs = 30_000 } = {}) {
  count += 1;
  const bundleFile = join(dir, `handler-${count}.mjs`);
  writeFileSync(bundleFile, source);
  const lines: string[] = [];
  const local = new LocalFunction({
    name: "f",
    bundleFile,
    handler: "handler",
    timeoutMs,
    concurrency,
    environment: { COLOUR: "green" },
    clock,
    onLine: (line) => lines.push(line),
  });
  functions.push(local);
  return { local, lines, clock };
}

describe("a function on this machine", () => {
  it("sees only the environment it was given, and its module once", async () => {
    const { local, lines } = make(`
      let calls = 0;
      export const handler = async (event, context) => {
        console.log("line of " + context.functionName);
        return { event, calls: ++calls, environment: { ...process.env } };
      };`);
    expect(await local.invoke({ a: 1 })).toEqual({ event: { a: 1 }, calls: 1, environment: { COLOUR: "green" } });
    expect(await local.invoke({})).toMatchObject({ calls: 2 });
    await expect.poll(() => lines).toEqual(["line of f", "line of f"]);
  });

  it("lives on the world's clock, however it is moved", async () => {
    // So much time that a machine that is busy for half a minute does not run out of it.
    const source = `
      export const handler = async (_, context) => {
        const before = Date.now();
        await new Promise((resolve) => setTimeout(resolve, 5_000));
        return { waited: Date.now() - before, year: new Date().getUTCFullYear(), left: context.getRemainingTimeInMillis() };
      };`;
    const { local, clock } = make(source, { timeoutMs: 3_600_000 });
    clock.jump(Date.UTC(2031, 0, 1) - clock.now());
    clock.setSpeed(100);
    const { waited, year, left } = (await local.invoke({})) as Record<string, number>;
    expect(year).toBe(2031);
    expect(waited).toBeGreaterThanOrEqual(5_000);
    expect(left).toBeLessThanOrEqual(3_595_000);
  });

  it("ends with its time-out, and starts afresh", async () => {
    const { local, clock, lines } = make(`
      let calls = 0;
      export const handler = async ({ hang }) => {
        if (hang) console.log("hangs");
        return hang ? await new Promise(() => {}) : ++calls;
      };`);
    expect(await local.invoke({})).toBe(1);
    const hanging = local.invoke({ hang: true });
    await expect.poll(() => lines).toContain("hangs");
    clock.jump(30_000);
    await expect(hanging).rejects.toThrow("Task timed out after 30 seconds");
    expect(await local.invoke({})).toBe(1);
  });

  it.each([
    ["throws", "export const handler = async () => { throw new RangeError('no'); };", "RangeError: no"],
    ["cannot start", "throw new Error('configuration: STAGE is not set');", "configuration: STAGE is not set"],
    ["has no handler", "export const other = 1;", "the bundle exports no `handler`"],
  ])("that %s says so", async (_, source, message) => {
    await expect(make(source).local.invoke({})).rejects.toThrow(message);
  });

  it("runs one invocation at a time in each environment, and no more than its concurrency", async () => {
    const { local } = make(
      "export const handler = async () => await new Promise((resolve) => setTimeout(resolve, 20));",
      { concurrency: 2 },
    );
    const both = [local.invoke({}), local.invoke({})];
    await expect(local.invoke({})).rejects.toThrow("Rate Exceeded");
    await Promise.all(both);
  });

  it("that is killed fails the invocation it was at", async () => {
    const { local, lines } = make(`
      export const handler = async () => {
        console.log("hangs");
        await new Promise(() => {});
      };`);
    const invocation = local.invoke({});
    await expect.poll(() => lines).toContain("hangs");
    await Promise.all([expect(invocation).rejects.toThrow("ended"), local.kill()]);
  });
});
