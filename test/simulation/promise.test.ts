import { readFileSync } from "node:fs";
import type { Plugin } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import type { FunctionName } from "../../scripts/bundle.ts";
import { packaged } from "../doubles/packaged.ts";
import { compileFunctionCode, compileFunctions } from "./bundle.ts";
import { hour, minute, type Plan } from "./plan.ts";
import { play, type Tools } from "./play.ts";

const calm: Plan = {
  ...{ seed: 21, mode: "enforce", policy: "base", keys: ["card"], hostile: false, acts: [], faults: [] },
  ...{ sweepEveryMs: 30 * minute, noise: { rate: 0, fates: [] }, skewsMs: [0], indexLagMs: 20, historyLagMs: 0 },
};
const deletion = { at: 40 * minute, do: "delete", key: 0, by: "mallory", days: 3, event: "on-time" } as const;
const enforced = { at: 5 * hour, do: "deploy", policy: "base", mode: "enforce" } as const;

let tools: Tools;
beforeAll(async () => {
  const [{ templateFile }, codes] = await Promise.all([packaged("local"), compileFunctions()]);
  tools = { templateFile, codes };
});

/** Replaces texts, which have to be there, in one file of the code of these functions. */
async function withFault(
  names: readonly FunctionName[],
  file: RegExp,
  faults: readonly (readonly [string, string])[],
): Promise<Tools> {
  const plant: Plugin = {
    name: "plant",
    setup({ onLoad }) {
      onLoad({ filter: file }, ({ path }) => {
        let contents = readFileSync(path, "utf8");
        for (const [text, fault] of faults) {
          if (!contents.includes(text)) throw new Error(`${path} does not contain \`${text}\``);
          contents = contents.replace(text, fault);
        }
        return { contents, loader: "ts" };
      });
    },
  };
  const faulty = names.map(async (name) => [name, await compileFunctionCode(name, [plant])] as const);
  return { ...tools, codes: { ...tools.codes, ...Object.fromEntries(await Promise.all(faulty)) } };
}

describe("the promise", () => {
  it("finds a key that dies because what was observed is never decided again", async () => {
    const plan: Plan = { ...calm, mode: "observe", acts: [deletion, enforced] };
    expect((await play(plan, tools)).violations).toEqual([]);
    const rule = '&& mode === "enforce";\n  if (decision === undefined';
    const fault = "&& mode !== mode;\n  if (decision === undefined";
    const faulty = await withFault(["guard", "sweep"], /plan[/\\]pending-key\.ts$/, [[rule, fault]]);
    expect((await play(plan, faulty)).violations).toEqual(["DEATH: key 0 (card) was destroyed, allowed by nobody"]);
  });

  it("finds a failure that no alarm hears of", async () => {
    const fault = { from: 0, forMs: null, port: "bus", calls: "write", fate: "refused", share: 1 } as const;
    const plan: Plan = { ...calm, acts: [deletion], faults: [fault], endsAfterMs: 2 * hour };
    expect((await play(plan, tools)).violations).toEqual([]);
    const counts = 'PUBLISH_FAILED: { level: "warn", counts: "AnnouncementsFailed" }';
    const silent = 'PUBLISH_FAILED: { level: "warn", harmless: "planted" }';
    const faulty = await withFault(["guard", "sweep"], /shared[/\\]log-table\.ts$/, [
      [counts, silent],
      ["Number(deliveries) >= stuckAfter ?", "Number(deliveries) >= Infinity ?"],
    ]);
    expect((await play(plan, faulty)).violations).toContainEqual(expect.stringMatching(/^SILENCE: /));
  });

  it("finds a key that is started although it was stopped on purpose", async () => {
    const stop = { at: 35 * minute, do: "stop-usage", key: 0 } as const;
    const plan: Plan = { ...calm, acts: [stop, deletion], endsAfterMs: 2 * hour };
    expect((await play(plan, tools)).violations).toEqual([]);
    const faulty = await withFault(["guard", "sweep"], /plan[/\\]live-key\.ts$/, [
      [
        'if ("why" in start) return',
        'if ("why" in start) return { do: "start-usage", evidence: "requested-by-person" };\n  if ("why" in start) return',
      ],
    ]);
    expect((await play(plan, faulty)).violations).toContainEqual(expect.stringMatching(/^STARTED: /));
  });
});
