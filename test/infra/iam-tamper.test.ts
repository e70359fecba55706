import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import validate from "@aws/cloudformation-validate";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { apiCallRecord } from "../../local/aws/api-call-record.ts";
import { compilePattern } from "../../local/aws/bus/event-pattern.ts";
import { type InputTransformer, renderInput } from "../../local/aws/bus/input-transformer.ts";
import { account, mallory } from "../../local/world/people.ts";
import { root } from "../../scripts/bundle.ts";

const file = resolve(root, "resources/us-east-1/iam-tamper.yml");
const deployer = `arn:aws:iam::${account}:role/ci/deployer`;

interface Rule {
  readonly Name: string;
  readonly State: string;
  readonly EventPattern: unknown;
  readonly Targets: readonly { readonly Arn: string; readonly InputTransformer: InputTransformer }[];
}

/** The template's resources for stage `prod`, its intrinsic functions resolved. */
function resourcesFor(deployerRole: string) {
  const text = readFileSync(file, "utf8")
    .replaceAll("$" + "{Stage}", "prod")
    .replaceAll("!Ref DeployerRole", deployerRole)
    .replaceAll("!Ref Topic", "the-topic")
    .replace(/!(Sub|Ref) /g, "");
  const { Resources } = load(text) as { Resources: Record<string, { Type: string; Properties: unknown }> };
  return Resources;
}

const rulesFor = (deployerRole = deployer) =>
  Object.values(resourcesFor(deployerRole))
    .filter(({ Type }) => Type === "AWS::Events::Rule")
    .map(({ Properties }) => Properties as Rule);

function call(
  service: string,
  eventName: string,
  requestParameters: object,
  userIdentity: object = mallory.userIdentity,
) {
  const eventSource = `${service}.amazonaws.com`;
  const place = { account, region: "us-east-1" };
  return apiCallRecord(place, 0, { eventSource, eventName, requestParameters, userIdentity });
}

const namesOf = (event: object) =>
  rulesFor()
    .filter(({ EventPattern }) => compilePattern(EventPattern)(event))
    .map(({ Name }) => Name);
const throughCloudFormation = {
  invokedBy: "cloudformation.amazonaws.com",
  sessionContext: { sessionIssuer: { arn: deployer } },
};
const role = { roleName: "reprieve-prod-guard-eu-west-1" };
const [both, first] = [["reprieve-prod-iam-tamper", "reprieve-prod-iam-watch"], ["reprieve-prod-iam-tamper"]];

describe("the template for us-east-1", () => {
  it("has no finding of cloudformation-validate but that names change by replacement, and that tags may be added", () => {
    const engine = new validate.RegoEngine();
    const { diagnostics } = engine.validateStandard(new validate.TemplateFile(file));
    engine.free();
    const findings = diagnostics.filter(({ ruleId }) => !["I9001", "I9040"].includes(ruleId));
    expect(findings.map(({ ruleId, message }) => `${ruleId} ${message}`)).toEqual([]);
  });

  it("has no YAML alias, which CloudFormation does not take", () => {
    expect(readFileSync(file, "utf8")).not.toMatch(/(^|[ [:])[&*]\w+|<<:/m);
  });

  it.each([
    ["iam", "PutRolePolicy", { ...role, policyName: "guard" }, first],
    ["iam", "AttachRolePolicy", { ...role, policyArn: "arn:aws:iam::aws:policy/AWSDenyAll" }, first],
    ["iam", "DetachRolePolicy", role, first],
    ["iam", "DeleteRolePolicy", { ...role, policyName: "guard" }, first],
    ["iam", "UpdateAssumeRolePolicy", role, first],
    ["iam", "PutRolePermissionsBoundary", role, first],
    ["iam", "DeleteRole", role, first],
    ["iam", "TagRole", role, []],
    ["iam", "PutRolePolicy", { roleName: "another" }, []],
    ["events", "DisableRule", { name: "reprieve-prod-iam-tamper" }, both],
    ["events", "RemoveTargets", { rule: "reprieve-prod-iam-watch" }, both],
    ["events", "DisableRule", { name: "reprieve-prod-delete-key" }, []],
    ["sns", "SetTopicAttributes", { topicArn: "arn:aws:sns:us-east-1:1:reprieve-prod-iam-tamper" }, both],
    ["sns", "Unsubscribe", { subscriptionArn: "arn:aws:sns:us-east-1:1:reprieve-prod-iam-tamper:0f" }, both],
    ["cloudformation", "DeleteStack", { stackName: "reprieve-prod-iam-tamper" }, both],
  ])("reports %s %s %j by %j", (service, name, parameters, rules) => {
    expect(namesOf(call(service, name, parameters))).toEqual(rules);
  });

  it("does not report what CloudFormation changes in the name of the deployer, if one is named", () => {
    const changed = call("iam", "PutRolePolicy", role, throughCloudFormation);
    expect(namesOf(changed)).toEqual([]);
    expect(rulesFor("none").filter(({ EventPattern }) => compilePattern(EventPattern)(changed))).toHaveLength(1);
  });

  it("keeps its patterns below 2,048 characters, with the longest role, and names who, what and where to read on", () => {
    const rules = rulesFor(`arn:aws-us-gov:iam::${account}:role/${"r".repeat(512)}`);
    for (const { EventPattern, State, Targets } of rules) {
      expect(JSON.stringify(EventPattern).length).toBeLessThanOrEqual(2048);
      expect([State, Targets.length, Targets[0]?.Arn]).toEqual(["ENABLED", 1, "the-topic"]);
      const transformer = Targets[0]?.InputTransformer ?? { InputTemplate: "" };
      const text = renderInput(transformer, call("iam", "PutRolePolicy", role));
      for (const part of ["PutRolePolicy", role.roleName, "user/mallory", "docs/runbook.md"])
        expect(text).toContain(part);
    }
  });
});
