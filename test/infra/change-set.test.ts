import type { Change, CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { describe, expect, it } from "vitest";
import {
  changeLine,
  loses,
  type PreviewDeps,
  previewChanges,
  type UploadTemplate,
} from "../../scripts/deploy/change-set.ts";
import { previewed } from "../../scripts/deploy/preview.ts";
import { developmentSettings } from "../../scripts/deploy/settings.ts";
import { templateUpload } from "../../scripts/deploy/template-upload.ts";
import { denied, fakeCloud, protectedStack } from "../doubles/cloud.ts";

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
  const uploads: string[] = [];
  const removed: string[] = [];
  const upload: UploadTemplate = async (text) => {
    uploads.push(text);
    return { url: "https://bucket/key", remove: async () => void removed.push("https://bucket/key") };
  };
  const pause = async (ms: number) => void paused.push(ms);
  const deps: PreviewDeps = { client, upload, pause, id: "1", options: developmentSettings };
  const described = async (text = template, over: Partial<PreviewDeps> = {}) =>
    await previewChanges({ ...deps, ...over }, "reprieve-prod", text);
  const preview = async (text = template) => (await described(text)).changes;
  return { preview, described, client, calls, paused, uploads, removed, names: () => calls.map(([name]) => name) };
}

const change = (Action: string, LogicalResourceId: string, ResourceType: string, more: object = {}): Change =>
  ({ Type: "Resource", ResourceChange: { Action, LogicalResourceId, ResourceType, ...more } }) as Change;
const table = change("Modify", "CasesTable", "AWS::DynamoDB::Table", {
  Replacement: "True",
  Details: [{ Target: { Attribute: "Properties", Name: "KeySchema" } }, { Target: { Attribute: "Tags" } }],
});

describe("what CloudFormation says of an update", () => {
  it("is asked with the tags and the role of the deployment", async () => {
    const { described, calls } = setUp({ Status: "CREATE_COMPLETE" });
    const cloudFormationRole = "arn:aws:iam::111122223333:role/cfn";
    await described(template, { options: { tags: { team: "payments" }, cloudFormationRole } });
    expect(calls[0]?.[1]).toMatchObject({
      RoleARN: cloudFormationRole,
      Tags: [
        { Key: "STAGE", Value: "prod" },
        { Key: "team", Value: "payments" },
        { Key: "application", Value: "reprieve" },
      ],
    });
    await described(template);
    expect(calls.at(-3)?.[1]).not.toHaveProperty("RoleARN");
  });

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

  it("is not waited for forever", async () => {
    const { preview, paused } = setUp({ Status: "CREATE_IN_PROGRESS" });
    await expect(preview()).rejects.toThrow("the change set is CREATE_IN_PROGRESS");
    expect(paused).toHaveLength(60);
  });

  const long = JSON.stringify({ text: "x".repeat(52_000) });

  it("is asked by a template in a bucket where a request is too small for it, and the template is deleted again", async () => {
    const { preview, calls, uploads, removed } = setUp({ Status: "CREATE_COMPLETE", Changes: [table] });
    expect(await preview(long)).toHaveLength(1);
    expect(uploads).toEqual([long]);
    expect(calls[0]?.[1]).toMatchObject({ TemplateURL: "https://bucket/key" });
    expect(calls[0]?.[1]).not.toHaveProperty("TemplateBody");
    expect(removed).toEqual(["https://bucket/key"]);
  });

  it("leaves no template behind when CloudFormation refuses the change set", async () => {
    const { preview, removed } = setUp({ Status: "FAILED", StatusReason: "Template error" });
    await expect(preview(long)).rejects.toThrow("Template error");
    expect(removed).toHaveLength(1);
  });

  it("says why it cannot be asked, where the template cannot be put into the bucket", async () => {
    const { described, calls } = setUp();
    await expect(described(long, { upload: denied })).rejects.toThrow(
      "the template has 52011 bytes; CloudFormation reads more than 51200 from a bucket only, and the upload failed: AccessDenied: not authorized",
    );
    expect(calls).toEqual([]);
  });

  it("is not asked with a template that CloudFormation would not take from a bucket either", async () => {
    const { preview, calls, uploads } = setUp();
    await expect(preview(JSON.stringify({ text: "x".repeat(1_000_000) }))).rejects.toThrow(RangeError);
    expect([calls, uploads]).toEqual([[], []]);
  });

  it("names what it could not clear away, and is no less true for it", async () => {
    const { described } = setUp({ Status: "CREATE_COMPLETE", Changes: [table] });
    const upload: UploadTemplate = async () => ({ url: "https://bucket/key", remove: denied });
    const { changes, leftovers } = await described(long, { upload });
    expect(changes).toHaveLength(1);
    expect(leftovers).toEqual(["https://bucket/key could not be deleted: AccessDenied: not authorized"]);
  });

  it.each<[string, Change, boolean]>([
    ["a table that is replaced", table, true],
    ["a bucket that is removed", change("Remove", "AuditBucket", "AWS::S3::Bucket"), true],
    ["a table that perhaps is", change("Modify", "T", "AWS::DynamoDB::Table", { Replacement: "Conditional" }), true],
    ["a table of which it is not said", change("Modify", "T", "AWS::DynamoDB::Table"), true],
    ["a table with a change of an unknown kind", change("Dynamic", "T", "AWS::DynamoDB::Table"), true],
    ["a table that is changed", change("Modify", "T", "AWS::DynamoDB::Table", { Replacement: "False" }), false],
    ["a rule that is replaced", change("Modify", "R", "AWS::Events::Rule", { Replacement: "True" }), false],
    ["a new secret", change("Add", "S", "AWS::SecretsManager::Secret"), false],
  ])("knows whether something is lost: %s", async (_, each, lost) => {
    const { preview } = setUp({ Status: "CREATE_COMPLETE", Changes: [each] });
    expect((await preview()).map(loses)).toEqual([lost]);
  });
});

describe("a template that is uploaded for a change set", () => {
  const place = {
    bucket: "deployments",
    key: "reprieve-preview/1.json",
    urlOf: (bucket: string, key: string) => `https://${bucket}.s3.us-east-1.amazonaws.com/${key}`,
  };

  it("is encrypted, under a key of its own, and deleted by the same key", async () => {
    const calls: unknown[] = [];
    const client = { send: async ({ input }: { input: unknown }) => void calls.push(input) };
    const { url, remove } = await templateUpload(client as never, place)("{}");
    expect(url).toBe("https://deployments.s3.us-east-1.amazonaws.com/reprieve-preview/1.json");
    await remove();
    const object = { Bucket: "deployments", Key: "reprieve-preview/1.json" };
    expect(calls).toEqual([
      { ...object, Body: "{}", ContentType: "application/json", ServerSideEncryption: "AES256" },
      object,
    ]);
  });

  it("needs a bucket", async () => {
    const upload = templateUpload({ send: denied } as never, { ...place, bucket: undefined });
    await expect(upload("{}")).rejects.toThrow("the stack has no deployment bucket");
  });
});

describe("what is shown before a deployment", () => {
  const stays = async () => template;
  const holdsMore = async () => JSON.stringify({ Resources: { Cases: { Type: "AWS::DynamoDB::Table" } } });
  const removal = {
    action: "-",
    id: "CasesTable",
    type: "AWS::DynamoDB::Table",
    replaced: "no",
    properties: [],
  } as const;
  const changes = async () => ({ changes: [removal], leftovers: ["x could not be deleted"] });

  it("of a new stack is its template", async () => {
    const preview = await previewed(
      fakeCloud({ changes: denied }),
      "reprieve-prod",
      undefined,
      template,
      developmentSettings,
    );
    expect(preview).toEqual({
      title: "reprieve-prod will be created: 1 resources",
      lines: ["+ Queue (AWS::SQS::Queue)"],
    });
  });

  it.each([
    ["what CloudFormation says", { changes }, "as CloudFormation says", 2, "CasesTable"],
    ["a comparison without it", { changes: denied, template: stays }, "made no change set (AccessDenied", 0, undefined],
    [
      "a loss that the comparison finds",
      { changes: denied, template: holdsMore },
      "as the templates differ",
      2,
      "Cases",
    ],
    ["that the loss is unknown", { changes: denied, template: denied }, "made no change set", 0, "is unknown"],
    [
      "that nothing can be compared",
      { changes: denied, template: async () => "" },
      "made no change set",
      0,
      "is unknown",
    ],
  ])("of one that is there is %s", async (_, over, title, lines, refusal) => {
    const preview = await previewed(fakeCloud(over), "reprieve-prod", protectedStack, template, developmentSettings);
    expect(preview.title).toContain(title);
    expect(preview.lines).toHaveLength(lines);
    expect(preview.refusal).toEqual(refusal === undefined ? undefined : expect.stringContaining(refusal));
  });
});
