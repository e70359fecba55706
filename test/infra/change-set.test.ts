import type { Change, CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { describe, expect, it } from "vitest";
import { changeLine, loses, previewChanges } from "../../scripts/deploy/change-set.ts";
import { previewed } from "../../scripts/deploy/preview.ts";

const template = JSON.stringify({ Resources: { Queue: { Type: "AWS::SQS::Queue" } } });

interface Page {
  readonly Status: string;
  readonly StatusReason?: string;
  readonly Changes?: readonly Change[];
  readonly NextToken?: string;
}

/** CloudFormation that describes the change set by `pages`, one after another. */
function setUp(...pages: readonly Page[]) {
  const calls: [string, Record<string, unknown>][] = [];
  const paused: number[] = [];
  let page = 0;
  const client = {
    send: async (command: { constructor: { name: string }; input: Record<string, unknown> }) => {
      calls.push([command.constructor.name.replace("Command", ""), command.input]);
      if (calls.at(-1)?.[0] !== "DescribeChangeSet") return {};
      page += 1;
      return pages[page - 1] ?? pages.at(-1);
    },
  } as unknown as CloudFormationClient;
  const preview = async (text = template) =>
    await previewChanges(client, "reprieve-prod", text, async (ms) => void paused.push(ms));
  return { preview, calls, paused, names: () => calls.map(([name]) => name) };
}

const change = (Action: string, LogicalResourceId: string, ResourceType: string, more: object = {}): Change =>
  ({ Type: "Resource", ResourceChange: { Action, LogicalResourceId, ResourceType, ...more } }) as Change;
const table = change("Modify", "CasesTable", "AWS::DynamoDB::Table", {
  Replacement: "True",
  Details: [{ Target: { Attribute: "Properties", Name: "KeySchema" } }, { Target: { Attribute: "Tags" } }],
});

describe("what CloudFormation says of an update", () => {
  it("is asked by a change set that is waited for, read to its end, and deleted", async () => {
    const { preview, calls, names, paused } = setUp(
      { Status: "CREATE_PENDING" },
      { Status: "CREATE_IN_PROGRESS" },
      { Status: "CREATE_COMPLETE", Changes: [change("Add", "A", "AWS::SNS::Topic")], NextToken: "next" },
      { Status: "CREATE_COMPLETE", Changes: [change("Remove", "B", "AWS::SNS::Topic"), table] },
    );
    expect((await preview()).map(changeLine)).toEqual([
      "+ A (AWS::SNS::Topic)",
      "- B (AWS::SNS::Topic)",
      "~ CasesTable (AWS::DynamoDB::Table) REPLACED: KeySchema, Tags, and what it holds is lost",
    ]);
    expect(names()).toEqual(["CreateChangeSet", ...Array(4).fill("DescribeChangeSet"), "DeleteChangeSet"]);
    expect(paused).toEqual([2_000, 2_000]);
    expect(calls[0]?.[1]).toMatchObject({ ChangeSetType: "UPDATE", TemplateBody: template });
    expect(names()).not.toContain("ExecuteChangeSet");
  });

  it("is nothing where nothing changes, which CloudFormation calls a failure", async () => {
    const StatusReason = "The submitted information didn't contain changes.";
    const { preview, names } = setUp({ Status: "FAILED", StatusReason });
    expect(await preview()).toEqual([]);
    expect(names().at(-1)).toBe("DeleteChangeSet");
  });

  it("is an error with CloudFormation's reason otherwise, and the change set is deleted all the same", async () => {
    const { preview, names } = setUp({ Status: "FAILED", StatusReason: "Template error" });
    await expect(preview()).rejects.toThrow("the change set is FAILED: Template error");
    expect(names().at(-1)).toBe("DeleteChangeSet");
  });

  it("is not waited for for ever", async () => {
    const { preview, paused } = setUp({ Status: "CREATE_IN_PROGRESS" });
    await expect(preview()).rejects.toThrow("the change set is CREATE_IN_PROGRESS");
    expect(paused).toHaveLength(60);
  });

  it("is not asked with a template that is too long", async () => {
    const { preview, calls } = setUp();
    await expect(preview(JSON.stringify({ text: "x".repeat(52_000) }))).rejects.toThrow(RangeError);
    expect(calls).toEqual([]);
  });

  it.each<[string, Change, boolean]>([
    ["a table that is replaced", table, true],
    ["a bucket that is removed", change("Remove", "AuditBucket", "AWS::S3::Bucket"), true],
    ["a table that perhaps is", change("Modify", "T", "AWS::DynamoDB::Table", { Replacement: "Conditional" }), false],
    ["a table that is changed", change("Modify", "T", "AWS::DynamoDB::Table", { Replacement: "False" }), false],
    ["a rule that is replaced", change("Modify", "R", "AWS::Events::Rule", { Replacement: "True" }), false],
    ["a new secret", change("Add", "S", "AWS::SecretsManager::Secret"), false],
  ])("knows whether something is lost: %s", async (_, each, lost) => {
    const { preview } = setUp({ Status: "CREATE_COMPLETE", Changes: [each] });
    expect((await preview()).map(loses)).toEqual([lost]);
  });
});

describe("what is shown before a deployment", () => {
  const denied = async () => await Promise.reject(new Error("denied"));
  const none = async () => undefined;
  const there = async () => template;
  const changes = async () => [
    { action: "-", id: "CasesTable", type: "AWS::DynamoDB::Table", replaced: "no", properties: [] } as const,
  ];

  it.each([
    ["a new stack", { template: none, changes: denied }, "reprieve-prod will be made: 1 resources", 1, false],
    ["CloudFormation's word", { template: there, changes }, "as CloudFormation says", 1, true],
    [
      "a comparison without it",
      { template: there, changes: denied },
      "what is replaced is unknown (Error: denied)",
      0,
      false,
    ],
    ["that it is unknown", { template: denied, changes }, "what will change is unknown", 0, false],
  ])("is %s", async (_, cloud, title, lines, loss) => {
    const preview = await previewed(cloud, "reprieve-prod", template);
    expect(preview.title).toContain(title);
    expect([preview.lines.length, preview.loss]).toEqual([lines, loss]);
  });
});
