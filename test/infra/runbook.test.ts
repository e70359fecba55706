import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { root } from "../../scripts/bundle.ts";

const alarms = ["alarms", "slim-alarms"]
  .map((file) => readFileSync(resolve(root, `resources/${file}.yml`), "utf8"))
  .join("\n");
const tamper = readFileSync(resolve(root, "resources/tamper.yml"), "utf8");
const iamTamper = readFileSync(resolve(root, "resources/us-east-1/iam-tamper.yml"), "utf8");
const runbook = readFileSync(resolve(root, "docs/runbook.md"), "utf8");
const serverless = readFileSync(resolve(root, "serverless.yml"), "utf8").replaceAll(/!(Ref|GetAtt|Sub|If) /g, "");

describe("the runbook", () => {
  it("says for every alarm what to do, and of no other", () => {
    const made = [...alarms.matchAll(/^ *AlarmName: \$\{self:service\}-\$\{sls:stage\}-(.+)$/gm)].map(
      ([, name]) => name,
    );
    const told = [...runbook.matchAll(/^\| (`[^|]*`) \|/gm)].flatMap(([, cell = ""]) =>
      [...cell.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name),
    );
    expect(told.sort()).toEqual(made.sort());
    expect(made).toHaveLength(56);
  });

  it("has a row for each service whose calls are mailed, with the rule that mails them, as the mail says", () => {
    const section = runbook.split("## Someone changed the guard\n")[1]?.split("\n## ")[0] ?? "";
    const rows = [...section.matchAll(/^\| `([a-z]+\.amazonaws\.com)` \| ([^|]+) \|/gm)].map(([, ...row]) => row);
    const services = [tamper, iamTamper].flatMap((text) => [...text.matchAll(/\b[a-z]+\.amazonaws\.com\b/g)].flat());
    expect(rows.map(([service]) => service).sort()).toEqual([...new Set(services)].sort());
    const rules = [...tamper.matchAll(/^ *Name: \$\{self:service\}-\$\{sls:stage\}-(tamper-.+)$/gm)].map(
      ([, name]) => name,
    );
    for (const name of rules)
      expect([name, rows.some(([, told]) => told?.includes(String(name)))]).toEqual([name, true]);
    expect(rules).toHaveLength(12);
  });

  it("gives the commands that set back the reserved concurrency of serverless.yml, and relies on no deployment to repair drift", () => {
    const { functions, custom } = load(serverless) as {
      functions: Record<string, { reservedConcurrency: unknown[] }>;
      custom: { guard: { concurrency: number } };
    };
    expect(functions["guard"]?.reservedConcurrency[1]).toBe(`\${self:custom.guard.concurrency}`);
    const reserved = { guard: custom.guard.concurrency, sweep: functions["sweep"]?.reservedConcurrency[1] };
    for (const [name, concurrency] of Object.entries(reserved))
      expect(runbook).toContain(
        `aws lambda put-function-concurrency --function-name reprieve-<stage>-${name} --reserved-concurrent-executions ${concurrency}\n`,
      );
    expect(runbook).not.toMatch(/deploy again/i);
  });

  it.each(["restore-key", "start-key-usage", "logs tail", "get-schedule", "enable-rule"])(
    "gives the command %s",
    (command) => {
      expect(runbook).toMatch(new RegExp(`^aws [a-z-]* ?${command} `, "m"));
    },
  );
});
