import { describe, expect, it } from "vitest";
import { demandOf } from "../../../local/aws/iam/demand.ts";
import { type FunctionRole, isAllowed, type Statement } from "../../../local/aws/iam/role.ts";
import type { ServiceName } from "../../../local/aws/service-name.ts";

const table = "arn:aws:dynamodb:us-east-1:111122223333:table/reprieve-dev-cases";
const functionArn = "arn:aws:lambda:us-east-1:111122223333:function:reprieve-dev-guard";
const statements: FunctionRole["statements"] = [
  { Effect: "Allow", Action: ["payment-cryptography:GetKey"], Resource: "arn:aws:payment-cryptography:*:*:key/*" },
  {
    Effect: "Allow",
    Action: "dynamodb:UpdateItem",
    Resource: table,
    Condition: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["permit#*", "case#*"] } },
  },
];
const role = { statements, functionArn };
const key = { KeyIdentifier: "arn:aws:payment-cryptography:us-east-1:111122223333:key/kwapwa6qaifllw2h" };
const place = { account: "111122223333", region: "us-east-1" };
const may = (service: ServiceName, operation: string, body: Parameters<typeof demandOf>[2]) => {
  const demand = demandOf(service, operation, body, place);
  return demand === undefined || isAllowed(role, demand);
};
const write = (pk: string, TableName = "reprieve-dev-cases") => ({ TableName, Key: { pk: { S: pk } } });

describe("what a role allows", () => {
  it.each([
    ["an action it names", may("control-plane", "GetKey", key), true],
    ["another action", may("control-plane", "DeleteKey", key), false],
    ["an action on everything", may("control-plane", "ListKeys", {}), false],
    ["an item of its kind", may("store", "UpdateItem", write("case#x")), true],
    ["an item of another kind", may("store", "UpdateItem", write("notice#x")), false],
    ["another table", may("store", "UpdateItem", write("case#x", "other")), false],
    ["an index of the table", may("store", "UpdateItem", { ...write("case#x"), IndexName: "byStatus" }), false],
    ["a bus, which it does not name", may("bus", "PutEvents", { Entries: [{ EventBusName: "reprieve-dev" }] }), false],
    ["a call that needs no permission", may("sts", "GetCallerIdentity", {}), true],
  ])("%s", (_, allowed, expected) => {
    expect(allowed).toBe(expected);
  });

  it("of objects a listing is known by its prefix, and everything else by method and path", () => {
    const demand = (method: string, url: string) => demandOf("archive", "", { method, url }, place);
    const bucket = "arn:aws:s3:::audit";
    expect(demand("GET", "/audit?list-type=2&prefix=log%2F")).toEqual({
      ...{ action: "s3:ListBucket", resource: bucket, leadingKeys: [], prefix: "log/" },
    });
    const key = `${bucket}/log/x.jsonl`;
    expect(demand("GET", "/audit/log/x.jsonl")).toEqual({
      action: "s3:GetObject",
      resource: key,
      leadingKeys: [],
    });
    expect(demand("PUT", "/audit/log/x.jsonl")).toMatchObject({ action: "s3:PutObject", resource: key });
    expect(demand("DELETE", "/audit/log/x.jsonl")).toMatchObject({ action: "s3:DeleteObject", resource: key });
    const lists: Statement = {
      ...{ Effect: "Allow", Action: "s3:ListBucket", Resource: bucket },
      Condition: { StringEquals: { "s3:prefix": "log/" } },
    };
    const may = (prefix: string) =>
      isAllowed(
        { statements: [lists], functionArn },
        { action: "s3:ListBucket", resource: bucket, leadingKeys: [], prefix },
      );
    expect([may("log/"), may("")]).toEqual([true, false]);
  });

  it("holds for the code of its own function alone", () => {
    const own: Statement = {
      ...{ Effect: "Allow", Action: "dynamodb:UpdateItem", Resource: table },
      Condition: { ArnEquals: { "lambda:SourceFunctionArn": functionArn } },
    };
    const demand = { action: "dynamodb:UpdateItem", resource: table, leadingKeys: ["case#x"] };
    expect(isAllowed({ statements: [own], functionArn }, demand)).toBe(true);
    expect(isAllowed({ statements: [own], functionArn: `${functionArn}-2` }, demand)).toBe(false);
  });

  it("a query is known by the partition it names", () => {
    const query = {
      KeyConditionExpression: "pk = :pk AND sk > :x",
      ExpressionAttributeValues: { ":pk": { S: "case#x" } },
    };
    expect(demandOf("store", "Query", query, place)).toMatchObject({
      action: "dynamodb:Query",
      leadingKeys: ["case#x"],
    });
  });
});
