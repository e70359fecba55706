import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../../scripts/bundle.ts";

const alarms = readFileSync(resolve(root, "resources/alarms.yml"), "utf8");
const runbook = readFileSync(resolve(root, "docs/runbook.md"), "utf8");

describe("the runbook", () => {
  it("tells of every alarm what to do, and of no other", () => {
    const made = [...alarms.matchAll(/^ *AlarmName: \$\{self:service\}-\$\{sls:stage\}-(.+)$/gm)].map(
      ([, name]) => name,
    );
    const told = [...runbook.matchAll(/^\| (`[^|]*`) \|/gm)].flatMap(([, cell = ""]) =>
      [...cell.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name),
    );
    expect(told.sort()).toEqual(made.sort());
    expect(made).toHaveLength(29);
  });
});
