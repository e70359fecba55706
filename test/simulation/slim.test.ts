import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { slimMetricNames } from "../../functions/shared/monitoring.ts";
import { storedPlan } from "./planted/planted-plans.ts";
import { play, type Tools } from "./play.ts";
import { toolsForTests } from "./tools-for-tests.ts";
import type { Simulation } from "./world.ts";

const folder = mkdtempSync(join(tmpdir(), "reprieve-slim-"));
afterAll(() => rmSync(folder, { recursive: true }));
let tools: Tools;
const counted: string[] = [];
beforeAll(async () => {
  const full = await toolsForTests();
  const template = JSON.parse(readFileSync(full.templateFile, "utf8"));
  template.Parameters.Monitoring.Default = "slim";
  const templateFile = join(folder, "template.json");
  writeFileSync(templateFile, JSON.stringify(template));
  tools = { ...full, templateFile };
});

describe("a stack with slim monitoring", () => {
  it.each(["silent-failures", "key-left-disabled-without-need", "lease-check-removed", "observed-never-decided-again"])(
    "breaks no promise, silence included, in the stored plan %s",
    async (name) => {
      let sim: Simulation | undefined;
      const onStart = (started: Simulation) => {
        sim = started;
      };
      expect((await play(storedPlan(name), { ...tools, onStart })).violations).toEqual([]);
      const own = sim?.trace.counted.map((each) => each.name).filter((each) => !each.includes(".")) ?? [];
      const names: readonly string[] = slimMetricNames;
      expect(own.filter((each) => !names.includes(each))).toEqual([]);
      counted.push(...own);
    },
  );

  it("counts the failures of these plans", () => {
    expect(counted).toContain("KeyAtRisk");
  });
});
