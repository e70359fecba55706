import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { releasedTemplate } from "../../lib/release/released-template.ts";
import { packaged } from "../doubles/packaged.ts";
import { exampleIn, parameterMistakes, parametersIn } from "./infrastructure-as-code.ts";

const zips = ["guard", "approval", "votes", "remediation", "notify", "sweep"].map((name) => `${name}.zip`);
let template: Parameters<typeof parameterMistakes>[1];

beforeAll(async () => {
  const { templateFile } = await packaged("prod");
  template = JSON.parse(releasedTemplate(readFileSync(templateFile, "utf8"), zips));
});

describe.each(["hcl", "ts"] as const)("the example in %s", (language) => {
  it("gives parameters that the template of a release has, and every one that it needs", () => {
    const given = parametersIn(exampleIn(language));
    expect(parameterMistakes(given, template)).toEqual([]);
    expect(given).toEqual(expect.arrayContaining(["CodeBucket", "TableProtection", "AlarmMail", "NoticeMail"]));
  });

  it("names the stack as the command looks for it, and lets it make roles with names", () => {
    const example = exampleIn(language);
    expect(example).toMatch(/(name +=|stackName:) "reprieve-prod"/);
    // The CDK asks for it by itself.
    if (language === "hcl") expect(example).toContain("CAPABILITY_NAMED_IAM");
  });

  it("is known to be wrong where a parameter is renamed, missing or given twice", () => {
    const given = parametersIn(exampleIn(language));
    const mistakes = (names: readonly string[]) => parameterMistakes(names, template);
    expect(mistakes([...given.filter((name) => name !== "AlarmMail"), "AlertMail"])).toEqual([
      "the template has no AlertMail",
    ]);
    expect(mistakes(given.filter((name) => name !== "CodeBucket"))).toEqual(["CodeBucket is not given"]);
    expect(mistakes([...given, "AlarmMail"])).toEqual(["a parameter is given twice"]);
  });
});
