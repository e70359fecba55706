import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { rulerDeviations } from "../interop/event-ruler/event-ruler.ts";
import { templateFor, workarounds } from "../interop/ministack/workarounds.ts";
import { differences, differencesAsShipped } from "../interop/moto/differences.ts";
import { parts } from "../interop/parts.ts";
import { comparedFindings, documentedFindings } from "../interop/template/findings.ts";

const page = readFileSync(new URL("../../docs/interop.md", import.meta.url), "utf8");

describe("the page on independent software", () => {
  it("names every part with the version that is installed", () => {
    const rows = [...page.matchAll(/^\| `([a-z-]+)` \| ([^|]*\d) \| /gm)].map(([, name, software]) => [name, software]);
    expect(rows.toSorted()).toEqual(parts.map(({ name, software }) => [name, software]).toSorted());
  });

  it("explains every deviation", () => {
    const explained = [...page.matchAll(/^\| `([a-z-]+)` (?:\([^)]*\) )?\| /gm)].map(([, name]) => name);
    expect(explained).toEqual(expect.arrayContaining([...workarounds, ...rulerDeviations]));
  });

  it("names each difference once, with the number of tests behind it", () => {
    const all = [...differencesAsShipped.filter(({ difference }) => difference === "key-class"), ...differences];
    const counted = Map.groupBy(all, ({ difference }) => difference);
    const rows = [...page.matchAll(/^\| `([a-z-]+)` \((\d+) tests?\b/gm)].map(([, name, tests]) => [
      name,
      Number(tests),
    ]);
    expect(rows).toEqual([...counted].map(([name, tests]) => [name, tests.length]));
  });

  it("counts the failures of both runs", () => {
    expect(page).toContain(`| as shipped | ${33 - differencesAsShipped.length} | ${differencesAsShipped.length} |`);
    expect(page).toContain(`| with keys that can exist | ${33 - differences.length} | ${differences.length} |`);
  });
});

describe("the page on findings", () => {
  const findings = documentedFindings(
    readFileSync(new URL("../../docs/security-findings.md", import.meta.url), "utf8"),
  );
  const verdicts = (...args: Parameters<typeof comparedFindings>) =>
    comparedFindings(...args).map(({ holds }) => holds);

  it("has a reason for each rule and resource", () => {
    expect(findings).toHaveLength(46);
    expect(findings).toContainEqual({ tool: "checkov", rule: "CKV_AWS_33", resource: "Key" });
  });

  it("fails for a new finding, and for one that is gone", () => {
    expect(verdicts(findings, findings)).toEqual([true, true, true]);
    expect(verdicts([...findings, { tool: "checkov", rule: "CKV_AWS_1", resource: "Key" }], findings)).toEqual([
      true,
      false,
      true,
    ]);
    expect(verdicts(findings.slice(1), findings)).toEqual([true, true, false]);
    expect(verdicts([], [])).toEqual([false, true, true]);
  });
});

describe("the template for the emulator", () => {
  it("loses what the emulator does not know, and nothing else", () => {
    const queue = { Type: "AWS::SQS::Queue", Properties: { QueueName: "a" } };
    const voter = {
      Type: "AWS::Lambda::Function",
      Properties: { Environment: { Variables: { STS_URL: "x", STAGE: "dev" } } },
    };
    const text = JSON.stringify({
      Resources: { Queue: queue, Voter: voter, Policy: { Type: "AWS::Events::EventBusPolicy" } },
    });
    expect(JSON.parse(templateFor(text, "http://127.0.0.1:1"))).toEqual({
      Resources: {
        Queue: queue,
        Voter: {
          ...voter,
          Properties: { Environment: { Variables: { STS_URL: "http://127.0.0.1:1/", STAGE: "dev" } } },
        },
      },
    });
  });
});
