import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import type { CliContext } from "../../cli/context.ts";
import type { Probes } from "../../cli/doctor/probes.ts";
import type { StackHealth } from "../../cli/health/stack-health.ts";
import { run } from "../../cli/run.ts";
import { policyHashOf, readPolicyFile, root } from "../../scripts/bundle.ts";
import { healthy } from "../doubles/stack-health.ts";

const policy = resolve(root, "policy/policy.yaml");
const well: Probes = {
  caller: async () => "arn:aws:iam::111122223333:user/alice",
  keys: async () => "answers in us-east-1",
  table: async () => "reprieve-prod-cases is active",
  bucket: async () => "reprieve-prod-audit holds checkpoints",
  changesAreRefused: async () => true,
};
const figures = { monitoring: "full", heartbeats: 2, restoresDenied: undefined, logAgeSeconds: 120 } as const;
const reviewed = async () => ({ mode: "enforce", hash: policyHashOf(readPolicyFile(policy)) });
const denied = async () => await Promise.reject(Object.assign(new Error("\u001b[2Jno"), { name: "AccessDenied" }));

async function ran(args: readonly string[], probes: Partial<Probes> = {}, over: Partial<CliContext> = {}) {
  const printed: string[] = [];
  const machine: Partial<CliContext> = {
    ...{ version: "0.1.0", region: "us-east-1", colours: false, endpoint: "https://api.example.com" },
    probes: async () => ({ ...well, ...probes }),
    health: async () => healthy({ deployedPolicy: reviewed }),
    fetch: async () => new Response("{}", { status: 404 }),
    print: (line) => void printed.push(line),
    printError: (line) => void printed.push(line),
    ...over,
  };
  const status = await run(["doctor", "--policy", policy, ...args], machine as CliContext);
  return { status, printed };
}
const marksOf = (lines: readonly string[]) => lines.map((line) => line.slice(0, 1)).join("");
/** Of what this machine can do: the first six, and votes. */
const marks = (printed: readonly string[]) => marksOf([...printed.slice(0, 6), ...printed.slice(-1)]);
/** Of what the stack does. */
const stackMarks = (printed: readonly string[]) => marksOf(printed.slice(6, -1));

describe("the doctor", () => {
  it("finds nothing where all is well", async () => {
    const { status, printed } = await ran([]);
    expect([status, marks(printed)]).toEqual([0, "✓✓✓✓✓✓✓"]);
    expect(stackMarks(printed)).toBe("✓".repeat(15));
    expect(printed[1]).toBe("✓ credentials            arn:aws:iam::111122223333:user/alice");
  });

  it.each<[string, Partial<Probes>, string]>([
    ["no credentials", { caller: denied }, "✓✗✓✓✓✓✓"],
    ["a region without the service", { keys: denied }, "✓✓✗✓✓✓✓"],
    ["no table", { table: denied }, "✓✓✓✗✓✓✓"],
    ["no bucket", { bucket: denied }, "✓✓✓✓✗✓✓"],
  ])("names %s, what AWS said, and what to do; the rest goes on", async (_, probes, expected) => {
    const { status, printed } = await ran([], probes);
    expect([status, marks(printed)]).toEqual([1, expected]);
    expect(printed.find((line) => line.startsWith("✗"))).toContain("AccessDenied: \\u{1b}[2Jno; ");
  });

  it("warns of a stack that every administrator may change, and cannot say so without the permission to look", async () => {
    const { status, printed } = await ran([], { changesAreRefused: async () => false });
    expect([status, marks(printed)]).toEqual([0, "✓✓✓✓✓!✓"]);
    expect(printed[5]).toContain("every administrator of the account may change the queues and secrets");
    expect(marks((await ran([], { changesAreRefused: denied })).printed)).toBe("✓✓✓✓✓✗✓");
  });

  it("names an invalid policy, and one that is not there", async () => {
    expect((await ran(["--policy", resolve(root, "package.json")])).printed[0]).toContain("✗ policy");
    expect((await ran(["--policy", "/nowhere"])).printed[0]).toContain("`/nowhere` cannot be read");
  });

  it.each([
    ["is not set", { endpoint: undefined }, "-"],
    ["is something else", { fetch: async () => new Response("<html>", { status: 200 }) }, "✗"],
    ["does not answer", { fetch: async () => await Promise.reject(new TypeError("fetch failed")) }, "✗"],
  ])("says what follows where the endpoint for votes %s", async (_, over, mark) => {
    const { printed } = await ran([], {}, over);
    expect(printed.at(-1)?.slice(0, 7)).toBe(`${mark} votes`);
  });

  it.each<[string, Partial<StackHealth>, string]>([
    [
      "another policy than the reviewed one",
      { deployedPolicy: async () => ({ mode: "observe", hash: "5e".repeat(32) }) },
      "✗ policy deployed        the stack runs another policy than",
    ],
    ["a policy that cannot be asked for", { deployedPolicy: denied }, "? policy deployed"],
    ["a stopped sweep", { scheduleState: async () => "DISABLED" }, "✗ schedule"],
    ["a schedule that may not be looked at", { scheduleState: denied }, "? schedule"],
    [
      "a log that is two days behind",
      { recentFigures: async () => ({ ...figures, logAgeSeconds: 172_800 }) },
      "✗ audit log",
    ],
  ])("is not green with %s", async (_, health, line) => {
    const over = { health: async () => healthy({ deployedPolicy: reviewed, ...health }) };
    const { status, printed } = await ran([], {}, over);
    expect(status).toBe(1);
    const found = printed.filter((each) => !each.startsWith("✓"));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(line);
  });

  it("asks nothing about the stack of the local world", async () => {
    const health = async () => await Promise.reject(new Error("asked"));
    const { printed } = await ran(["--endpoint-url", "http://127.0.0.1:4000"], {}, { health });
    expect(stackMarks(printed)).toBe("-");
  });

  it("answers with a JSON object a line", async () => {
    const { printed } = await ran(["--json"]);
    expect(JSON.parse(printed[0] ?? "")).toMatchObject({ subject: "policy", verdict: "good" });
  });
});
