import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import validate from "@aws/cloudformation-validate";
import { describe, expect, it } from "vitest";
import { changedInPlace, isHolding } from "../../scripts/deploy/holding.ts";
import { possibleLosses } from "../../scripts/deploy/template-loss.ts";
import { protectedStack } from "../doubles/cloud.ts";
import { packaged } from "../doubles/packaged.ts";

interface Template {
  readonly [section: string]: unknown;
}

const table = {
  Type: "AWS::DynamoDB::Table",
  DeletionPolicy: "Retain",
  Properties: {
    TableName: "cases",
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
  },
};
const rule = { Type: "AWS::Events::Rule", Properties: { Name: "delete-key" } };
const resources = { Table: table, Rule: rule };
const lost = (before: Template, after: Template, parameters: Record<string, string> = {}) =>
  possibleLosses({ text: JSON.stringify(before), parameters }, JSON.stringify(after));
const withTable = (over: object, rest: Template = {}) => ({
  ...rest,
  Resources: { ...resources, Table: { ...table, Properties: { ...table.Properties, ...over } } },
});

describe("what two templates say that an update would lose", () => {
  it.each<[string, Template, Template, string[]]>([
    ["nothing, if nothing changes", { Resources: resources }, { Resources: resources }, []],
    ["a table that is removed", { Resources: resources }, { Resources: { Rule: rule } }, ["Table"]],
    ["a table of another name", { Resources: resources }, withTable({ TableName: "cases2" }), ["Table"]],
    ["a table of another key", { Resources: resources }, withTable({ KeySchema: [] }), ["Table"]],
    ["a table with a property that nobody knows", { Resources: resources }, withTable({ Novelty: 1 }), ["Table"]],
    [
      "a table that becomes something else",
      { Resources: resources },
      { Resources: { ...resources, Table: { ...table, Type: "AWS::S3::Bucket" } } },
      ["Table"],
    ],
    [
      "a table that depends on a condition now",
      { Resources: resources },
      { Resources: { ...resources, Table: { ...table, Condition: "Never" } } },
      ["Table"],
    ],
    [
      "nothing, if a table is changed in place",
      { Resources: resources },
      withTable({ BillingMode: "PROVISIONED" }),
      [],
    ],
    ["nothing, if a rule is replaced", { Resources: resources }, { Resources: { Table: table } }, []],
    ["nothing, if a table is new", { Resources: { Rule: rule } }, { Resources: resources }, []],
  ])("is %s", (_, before, after, expected) => {
    expect(lost(before, after)).toEqual(expected);
  });

  const named = { TableName: { Ref: "Name" } };
  const joined = { TableName: { "Fn::Sub": `\${Name}-cases` } };
  it.each([named, joined])("is a table whose name follows a parameter: %j", (name) => {
    const before = withTable(name, { Parameters: { Name: { Default: "a" } } });
    const after = withTable(name, { Parameters: { Name: { Default: "b" } } });
    expect(lost(before, after)).toEqual(["Table"]);
    expect(lost(before, before)).toEqual([]);
    // The running stack may have been given another value than its template's.
    expect(lost(before, before, { Name: "c" })).toEqual(["Table"]);
    expect(lost(before, after, { Name: "b" })).toEqual([]);
  });

  it("is a table whose condition turns by a parameter, though its own text stays", () => {
    const conditional = (Default: string) => ({
      Parameters: { Kept: { Default } },
      Conditions: { IsKept: { "Fn::Equals": [{ Ref: "Kept" }, "yes"] } },
      Resources: { Table: { ...table, Condition: "IsKept" } },
    });
    expect(lost(conditional("yes"), conditional("no"))).toEqual(["Table"]);
    expect(lost(conditional("yes"), conditional("yes"))).toEqual([]);
  });

  it("is a table named after a resource that changes, though its own text stays", () => {
    const namedAfter = (rule: object) => ({
      Resources: { Table: { ...table, Properties: { TableName: { "Fn::GetAtt": ["Rule", "Arn"] } } }, Rule: rule },
    });
    expect(lost(namedAfter(rule), namedAfter({ ...rule, Properties: { Name: "other" } }))).toEqual(["Table"]);
  });

  it.each(["", "Resources:\n  Table: {}\n", "null"])("cannot be said of %j", (text) => {
    expect(() => possibleLosses({ text, parameters: {} }, "{}")).toThrow(TypeError);
  });

  it.each(["Transform", "Mappings"])("cannot be said of a template with %s", (section) => {
    expect(() => lost({ Resources: resources, [section]: {} }, { Resources: resources })).toThrow(section);
  });
});

describe("a property that counts as changed in place", () => {
  const knownToReplace: Readonly<Record<string, string>> = {
    "AWS::DynamoDB::Table": "TableName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SecretsManager::Secret": "Name",
    "AWS::SQS::Queue": "QueueName",
  };

  it("is none of those that cloudformation-validate knows to make the resource again", () => {
    const folder = mkdtempSync(join(tmpdir(), "reprieve-in-place-"));
    const file = join(folder, "template.json");
    const made = [...changedInPlace].map(([Type, names]) => {
      const properties = [...names, ...(knownToReplace[Type] === undefined ? [] : [knownToReplace[Type]])];
      return [
        Type.replaceAll("::", ""),
        { Type, Properties: Object.fromEntries(properties.map((name) => [name, "x"])) },
      ];
    });
    writeFileSync(file, JSON.stringify({ Resources: Object.fromEntries(made) }));
    const engine = new validate.RegoEngine();
    const { diagnostics } = engine.validateStandard(new validate.TemplateFile(file));
    engine.free();
    rmSync(folder, { recursive: true });
    const anew = diagnostics.filter(({ ruleId }) => ruleId === "I9001");
    const named = anew.map(({ entity, message }) => [entity?.resourceType, /'(\w+)'/.exec(message)?.[1]]);
    expect(Object.fromEntries(named)).toEqual(knownToReplace);
    expect(named).toHaveLength(Object.keys(knownToReplace).length);
  }, 60_000);

  it("is what an upgrade of the whole stack with other settings changes: nothing of it counts as lost", async () => {
    const { templateFile } = await packaged("prod");
    const text = readFileSync(templateFile, "utf8");
    expect(possibleLosses({ text, parameters: protectedStack.parameters }, text)).toEqual([]);
  }, 60_000);

  it("is known for every resource of the stack that must outlive it", async () => {
    const { templateFile } = await packaged("prod");
    const { Resources } = JSON.parse(readFileSync(templateFile, "utf8")) as {
      Resources: Record<string, { Type: string; DeletionPolicy?: string }>;
    };
    const kept = Object.values(Resources).filter(({ DeletionPolicy }) => DeletionPolicy?.startsWith("Retain"));
    expect(kept.filter(({ Type }) => !isHolding(Type))).toEqual([]);
    expect(kept.length).toBeGreaterThan(3);
  }, 60_000);
});
