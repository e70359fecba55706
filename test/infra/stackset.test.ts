import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import validate from "@aws/cloudformation-validate";
import { describe, expect, it } from "vitest";
import { stackSetTemplate } from "../../lib/release/stack-set-template.ts";
import { packaged } from "../doubles/packaged.ts";

const keys = new Map(
  ["guard", "approval", "votes", "remediation", "notify", "sweep"].map((name) => [
    `${name}.zip`,
    `reprieve/${name}-1.zip`,
  ]),
);

describe("the template for a stack set", () => {
  it("takes the code from a bucket of the region, and has none of its own to deploy from", async () => {
    const { templateFile } = await packaged("prod");
    const made = stackSetTemplate(readFileSync(templateFile, "utf8"), "acme-reprieve", keys);
    const { Resources, Outputs } = JSON.parse(made);
    expect(made).not.toContain("ServerlessDeploymentBucket");
    const code = Object.values<{ Type: string; Properties: { Code: unknown } }>(Resources)
      .filter(({ Type }) => Type === "AWS::Lambda::Function")
      .map(({ Properties }) => Properties.Code);
    const S3Bucket = { "Fn::Sub": `acme-reprieve-\${AWS::Region}` };
    expect(code).toEqual([...keys.values()].map((S3Key) => ({ S3Bucket, S3Key })));
    expect(Object.keys(Outputs)).toContain("HttpApiUrl");
    expect(Buffer.byteLength(made)).toBeLessThan(0.8 * 1_000_000);
  });

  it("is sound for cloudformation-validate: no finding beyond those of the stack's own template", async () => {
    const { templateFile } = await packaged("prod");
    const folder = mkdtempSync(join(tmpdir(), "reprieve-stackset-"));
    const file = join(folder, "template.json");
    writeFileSync(file, stackSetTemplate(readFileSync(templateFile, "utf8"), "acme-reprieve", keys));
    const engine = new validate.RegoEngine();
    const findingsOf = (template: string) =>
      new Set(engine.validateStandard(new validate.TemplateFile(template)).diagnostics.map(({ ruleId }) => ruleId));
    const [own, before] = [findingsOf(file), findingsOf(templateFile)];
    engine.free();
    rmSync(folder, { recursive: true });
    expect([...own].filter((id) => !before.has(id))).toEqual([]);
  });

  it("is not made without a key for each zip", async () => {
    const { templateFile } = await packaged("prod");
    expect(() => stackSetTemplate(readFileSync(templateFile, "utf8"), "acme", new Map())).toThrow("no key was given");
  });
});
