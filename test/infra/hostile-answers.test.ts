import { afterEach, describe, expect, it } from "vitest";
import { accountState } from "../../scripts/deploy/account-state.ts";
import { allPages, type Page } from "../../scripts/deploy/all-pages.ts";
import { leftoversOf } from "../../scripts/deploy/leftovers.ts";
import { createRunningStack } from "../../scripts/deploy/running-stack.ts";
import { type Answers, type FakeCall, startFakeAws } from "../doubles/fake-aws.ts";

let stop = async (): Promise<unknown> => undefined;
afterEach(async () => await stop());

/** An AWS that answers so, and how to call it. */
async function awsWith(answers: Answers) {
  const aws = await startFakeAws(answers);
  stop = aws.stop;
  const credentials = { accessKeyId: "AKIDRIGHT", secretAccessKey: "s" };
  return { aws, settings: { region: "us-east-1", endpoint: aws.url, forcePathStyle: true, credentials } };
}

/** Answers an operation of a JSON service page by page: the token of a page is its number. */
const paged = (pages: readonly object[]) => (call: FakeCall) => {
  const { NextToken = "0" } = JSON.parse(call.body) as { NextToken?: string };
  const page = pages[Number(NextToken)] ?? {};
  const isLast = Number(NextToken) >= pages.length - 1;
  return { json: { ...page, ...(!isLast && { NextToken: String(Number(NextToken) + 1) }) } };
};

describe("all pages of an answer", () => {
  const read = async (pages: readonly Page<number>[]) =>
    await allPages(async (token) => pages[Number(token ?? "0")] ?? { parts: [] });

  it.each<[string, readonly Page<number>[], readonly number[]]>([
    ["one page", [{ parts: [1, 2] }], [1, 2]],
    ["an empty page before the last", [{ parts: [], next: "1" }, { parts: [3] }], [3]],
    ["a page without the member", [{ next: "1" }, { parts: [3] }], [3]],
    [
      "null members",
      [
        { parts: null, next: "1" },
        { parts: [3], next: null },
      ],
      [3],
    ],
    ["an empty token at the end", [{ parts: [1], next: "" }], [1]],
  ])("are read: %s", async (_, pages, expected) => {
    expect(await read(pages)).toEqual(expected);
  });

  it("are an error where they never end", async () => {
    await expect(allPages(async () => ({ parts: [1], next: "again" }))).rejects.toThrow("more than 200 pages");
  });
});

describe("what a deployment asks of AWS", () => {
  it("finds a secret in the way, and another stage, behind an empty page", async () => {
    const { settings } = await awsWith({
      DescribeTable: () => ({ status: 400, code: "ResourceNotFoundException", message: "no table" }),
      ListSecrets: paged([{ SecretList: [] }, { SecretList: [{ Name: "reprieve/prod/slack-bot-token" }] }]),
      ListEventBuses: paged([{}, { EventBuses: [{ Name: "reprieve-dev" }] }]),
    });
    expect(await leftoversOf(settings, "prod", "")).toMatchObject([{ kind: "secret", isEmpty: true }]);
    expect(await accountState(settings).stages()).toEqual(["dev"]);
  });

  it.each<[string, object]>([
    ["null lists", { SecretList: null, EventBuses: null, Items: null, Table: null }],
    ["no members", {}],
  ])("is nothing in the way where it answers with %s", async (_, json) => {
    const { settings } = await awsWith({
      DescribeTable: () => ({ json }),
      Scan: () => ({ json }),
      ListSecrets: () => ({ json }),
      ListEventBuses: () => ({ json }),
    });
    // A table that is described is there, whatever else the answer holds.
    expect(await leftoversOf(settings, "prod", "")).toEqual([
      { kind: "table", name: "reprieve-prod-cases", isEmpty: true, isHeld: false },
    ]);
    expect(await accountState(settings).stages()).toEqual([]);
  });
});

describe("what verify-deployment asks of AWS", () => {
  const role = () => ({ xml: "<Role><Arn>arn:aws:iam::111122223333:role/reprieve-prod-guard-us-east-1</Arn></Role>" });
  const result = (action: string, decision: string) =>
    `<member><EvalActionName>${action}</EvalActionName><EvalDecision>${decision}</EvalDecision></member>`;
  const restoring = ["payment-cryptography:GetKey", "payment-cryptography:RestoreKey"];

  it.each<[string, string, readonly string[]]>([
    ["nothing", "", restoring],
    ["an empty list", "<EvaluationResults></EvaluationResults>", restoring],
    [
      "one of two calls",
      `<EvaluationResults>${result("payment-cryptography:GetKey", "allowed")}</EvaluationResults>`,
      ["payment-cryptography:RestoreKey"],
    ],
    [
      "a decision that is new",
      `<EvaluationResults>${restoring.map((each) => result(each, "perhaps")).join("")}</EvaluationResults>`,
      restoring,
    ],
    [
      "that all are allowed",
      `<EvaluationResults>${restoring.map((each) => result(each, "allowed")).join("")}</EvaluationResults>`,
      [],
    ],
  ])("counts a call as denied unless IAM answers that it is allowed: %s", async (_, xml, expected) => {
    const { aws, settings } = await awsWith({
      GetRole: role,
      SimulatePrincipalPolicy: () => ({ xml: `${xml}<IsTruncated>false</IsTruncated>` }),
    });
    const stack = createRunningStack("prod", { ...settings, endpointUrl: aws.url });
    expect(await stack.deniedTo("guard", restoring)).toEqual(expected);
  });

  it("sees an alarm that rings on the second page, and one that notifies nobody", async () => {
    const alarm = (AlarmName: string, StateValue: string, over: object = {}) => ({
      ...{
        AlarmName,
        StateValue,
        ActionsEnabled: true,
        AlarmActions: ["arn:aws:sns:us-east-1:111122223333:t"],
        ...over,
      },
    });
    const { aws, settings } = await awsWith({
      DescribeAlarms: paged([
        { MetricAlarms: [alarm("reprieve-prod-a", "OK"), alarm("reprieve-prod-off", "OK", { ActionsEnabled: false })] },
        {
          MetricAlarms: [
            alarm("reprieve-prod-b", "ALARM", { AlarmActions: [] }),
            alarm("reprieve-prod-sweep-not-run", "INSUFFICIENT_DATA"),
            alarm("reprieve-prod-c", "INSUFFICIENT_DATA", { AlarmActions: null }),
          ],
        },
      ]),
    });
    const stack = createRunningStack("prod", { ...settings, endpointUrl: aws.url });
    expect((await stack.alarms()).map(({ name, rings, acts }) => [name.slice(14), rings, acts])).toEqual([
      ["a", false, true],
      ["off", false, false],
      ["b", true, false],
      ["sweep-not-run", true, true],
      ["c", false, false],
    ]);
  });
});
