import { describe, expect, it } from "vitest";
import type { CliContext } from "../../cli/context.ts";
import { run } from "../../cli/run.ts";
import type { Invocation } from "../../cli/stack/invoke-sweep.ts";

/** The command against a stack that gives `answers`, one after another, and then the last one again and again. */
async function ran(args: readonly string[], ...answers: readonly Invocation[]) {
  const printed: string[] = [];
  const complained: string[] = [];
  const invoked: [object, object][] = [];
  const paused: number[] = [];
  const machine: Partial<CliContext> = {
    version: "0.1.0",
    region: "eu-west-1",
    invokeSweep: async (stack, order) => {
      invoked.push([stack, order]);
      return answers[invoked.length - 1] ?? answers.at(-1) ?? { kind: "busy" };
    },
    pause: async (ms) => void paused.push(ms),
    progress: () => {},
    colours: false,
    print: (line) => void printed.push(line),
    printError: (line) => void complained.push(line),
  };
  const status = await run(["redrive", ...args], machine as CliContext);
  return { status, out: printed.join("\n"), err: complained.join("\n"), invoked, paused };
}

const done = (moved: number, left = false): Invocation => ({ kind: "answered", payload: { moved, left } });

describe("redrive from the terminal", () => {
  it("asks the sweep of the stack, and says how much has moved", async () => {
    const { status, out, invoked } = await ran(["notify", "--stage", "prod"], done(3));
    expect([status, out]).toEqual([0, "✓ 3 messages moved; the dead letters of notify are empty"]);
    expect(invoked).toEqual([[{ stage: "prod", region: "eu-west-1" }, { redrive: "notify" }]]);
  });

  it("says that something is left, and answers 1", async () => {
    expect(await ran(["rule"], done(700, true))).toMatchObject({
      status: 1,
      out: "! 700 messages moved, and some are left: run it again",
    });
  });

  it("answers with one JSON object", async () => {
    const { out } = await ran(["guard", "--json"], done(1));
    expect(JSON.parse(out)).toEqual({ queue: "guard", moved: 1, left: false });
  });

  it("waits while a sweep is at work, five minutes at most", async () => {
    const { status, paused } = await ran(["guard"], { kind: "busy" }, { kind: "busy" }, done(0));
    expect([status, paused]).toEqual([0, [5_000, 5_000]]);
    const given = await ran(["guard"], { kind: "busy" });
    expect([given.status, given.paused.length]).toEqual([2, 60]);
    expect(given.err).toContain("a sweep was still running after 5 minutes");
  });

  it("says so when the stack is older than the command", async () => {
    const { status, err } = await ran(["guard"], { kind: "answered", payload: null });
    expect([status, err]).toEqual([2, expect.stringContaining("deploy the version of this command")]);
  });

  it.each<[readonly string[], string]>([
    [[], "missing required argument `queue`"],
    [["sweep"], "Allowed choices are guard, notify, votes, remediation, rule"],
    [["guard", "notify"], "too many arguments for `redrive`"],
    [["guard", "--stage", "Prod"], "expected a stage such as prod, found `Prod`"],
    [["guard", "--region", "x"], "expected a region such as us-east-1, found `x`"],
    [["guard", "--endpoint-url", "x"], "expected a URL, found `x`"],
  ])("refuses %j, and asks nobody", async (args, message) => {
    const { status, err, invoked } = await ran(args, done(1));
    expect([status, invoked]).toEqual([2, []]);
    expect(err).toContain(message);
  });

  it("helps", async () => {
    expect(await ran(["--help"])).toMatchObject({ status: 0, out: expect.stringContaining("usage: reprieve redrive") });
  });
});
