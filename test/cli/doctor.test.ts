import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import type { CliContext } from "../../cli/context.ts";
import type { Probes } from "../../cli/doctor/probes.ts";
import { run } from "../../cli/run.ts";
import { root } from "../../scripts/bundle.ts";

const policy = resolve(root, "policy/policy.yaml");
const well: Probes = {
  caller: async () => "arn:aws:iam::111122223333:user/alice",
  keys: async () => "answers in us-east-1",
  table: async () => "reprieve-prod-cases is active",
  bucket: async () => "reprieve-prod-audit holds checkpoints",
  changesAreRefused: async () => true,
};
const denied = async () => await Promise.reject(Object.assign(new Error("\u001b[2Jno"), { name: "AccessDenied" }));

async function ran(args: readonly string[], probes: Partial<Probes> = {}, over: Partial<CliContext> = {}) {
  const printed: string[] = [];
  const machine: Partial<CliContext> = {
    ...{ version: "0.1.0", region: "us-east-1", colours: false, endpoint: "https://api.example.com" },
    probes: async () => ({ ...well, ...probes }),
    fetch: async () => new Response("{}", { status: 404 }),
    print: (line) => void printed.push(line),
    printError: (line) => void printed.push(line),
    ...over,
  };
  const status = await run(["doctor", "--policy", policy, ...args], machine as CliContext);
  return { status, printed };
}
const marks = (printed: readonly string[]) => printed.map((line) => line.slice(0, 1)).join("");

describe("the doctor", () => {
  it("finds nothing where all is well", async () => {
    const { status, printed } = await ran([]);
    expect([status, marks(printed)]).toEqual([0, "✓✓✓✓✓✓✓"]);
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

  it("answers with a JSON object a line", async () => {
    const { printed } = await ran(["--json"]);
    expect(JSON.parse(printed[0] ?? "")).toMatchObject({ subject: "policy", verdict: "good" });
  });
});
