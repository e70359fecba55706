import { readFileSync } from "node:fs";
import type { Plugin } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { compileFunctionCode } from "./bundle.ts";
import { hashesElsewhere } from "./hashes-elsewhere.ts";
import { hour, minute, type Plan } from "./plan.ts";
import { play, type Tools } from "./play.ts";
import { requireFor } from "./sandbox-modules.ts";
import { toolsForTests } from "./tools-for-tests.ts";

const quiet: Plan = {
  ...{ seed: 11, mode: "enforce", policy: "base", keys: ["card", "derivation"], hostile: false },
  ...{ sweepEveryMs: 5 * minute, noise: { rate: 0, fates: [] }, skewsMs: [0], indexLagMs: 20, historyLagMs: 0 },
  acts: [{ at: 20 * minute, do: "delete", key: 0, by: "mallory", days: 3, event: "on-time" }],
  faults: [],
  endsAfterMs: 2 * hour,
};
const eventful: Plan = {
  ...quiet,
  seed: 12,
  hostile: true,
  noise: { rate: 0.05, fates: ["failed", "throttled", "answer-lost", "truncated", "repeated", "crash-after", "slow"] },
  skewsMs: [0, 30_000],
  acts: [
    { at: minute, do: "delete", key: 1, by: "alice", days: 3, event: "doubled" },
    { at: 20 * minute, do: "vote", key: 1, by: "bob", choice: "approve", via: "slack" },
    { at: 21 * minute, do: "vote", key: 1, by: "carol", choice: "keep", via: "proof" },
    { at: hour, do: "rotate", secret: "SlackSigningSecret" },
    { at: hour, do: "delete", key: 0, by: "mallory", days: 3, event: "forged" },
    { at: 80 * minute, do: "crash", function: "sweep" },
    { at: 90 * minute, do: "deploy", policy: "strict", mode: "enforce" },
  ],
  faults: [{ from: hour, forMs: 30 * minute, port: "store", calls: "write", fate: "refused", share: 0.5 }],
};

let tools: Tools;
beforeAll(async () => {
  tools = await toolsForTests();
});

describe("a plan of the simulation", () => {
  it("happens twice in the same way, request by request, here and in another process", async () => {
    const hashes: string[] = [];
    for (const plan of [quiet, eventful]) {
      const [first, second] = [await play(plan, tools), await play(plan, tools)];
      expect(second.hash).toBe(first.hash);
      expect(first.requests).toBeGreaterThan(80);
      hashes.push(first.hash);
    }
    expect(hashesElsewhere([quiet, eventful], tools)).toEqual(hashes);
  });

  it("restores a deleted key, and records so", async () => {
    const { violations, ends } = await play(quiet, tools);
    expect({ violations, ends }).toEqual({ violations: [], ends: { "key-usable": 1 } });
  });
});

describe("a double of the SDK's clients", () => {
  /** Function, service and operation of every call. The order of calls made in one moment is the SDK's own, and is left out. */
  const callsOf = async (clients: "sdk" | "doubles") => {
    const { lines } = await play(quiet, await toolsForTests(clients), true);
    return lines.flatMap((line) => /^\d+ > \d+ (\S* \S+)/.exec(line)?.[1] ?? []).sort();
  };

  it("makes the calls that the SDK makes", async () => {
    const calls = await callsOf("doubles");
    expect(calls.length).toBeGreaterThan(80);
    expect(calls).toEqual(await callsOf("sdk"));
  });
});

describe("code that escapes virtual time", () => {
  /** Adds code to the entry of the guard, as a library could bring it. */
  const planted = async (code: string): Promise<Tools> => {
    const plant: Plugin = {
      name: "plant",
      setup({ onLoad }) {
        onLoad({ filter: /functions[/\\]guard\.ts$/ }, ({ path }) => ({
          contents: `${readFileSync(path, "utf8")}\n${code}`,
          loader: "ts",
        }));
      },
    };
    return { ...tools, codes: { ...tools.codes, guard: await compileFunctionCode("guard", tools.clients, [plant]) } };
  };

  it.each([
    ["reads the real clock", `process.stdout.write((0, eval)("process.hrtime.bigint()") + "\\n");`],
    [
      "waits by a real timer",
      `let ticks = 0;
       const timer = (0, eval)("setInterval")(() => {
         process.stdout.write("tick " + Date.now() + "\\n");
         if (++ticks === 40) (0, eval)("clearInterval")(timer);
       }, 2);`,
    ],
  ])("is found where it %s", async (_, code) => {
    const escaped = await planted(code);
    const [first, second] = [await play(quiet, escaped), await play(quiet, escaped)];
    expect(second.hash).not.toBe(first.hash);
  });

  it("fails by name where it requires a module that knows real time", async () => {
    const escaped = await planted(`import * as timers from "timers/promises"; process.stdout.write(String(timers));`);
    const { lines } = await play(quiet, escaped, true);
    expect(lines.some((line) => line.includes("guard requires `timers/promises`: not in the simulation"))).toBe(true);
  });

  it.each(["node:http", "https", "node:tls", "worker_threads", "node:child_process", "dgram", "undici"])(
    "fails by name where it requires %s",
    (name) => {
      expect(() => requireFor("guard", {})(name)).toThrow(`guard requires \`${name}\`: not in the simulation`);
    },
  );
});
