import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { apiCallRecord } from "../../local/aws/api-call-record.ts";
import { type InputTransformer, renderInput } from "../../local/aws/bus/input-transformer.ts";
import { LocalBus } from "../../local/aws/bus/local-bus.ts";
import { LocalTopic } from "../../local/aws/topic.ts";
import { WorldClock } from "../../local/clock/world-clock.ts";
import { account, alice, mallory, reaper, region } from "../../local/world/people.ts";
import { Template } from "../../local/world/template/template.ts";
import { queuesOf, rulesOf } from "../../local/world/template/wiring.ts";
import { ruleNames } from "../../scripts/deploy/running-stack.ts";
import { packaged } from "../doubles/packaged.ts";
import { type TamperCall, tamperCalls } from "./tamper-calls.ts";

const deployer = `arn:aws:iam::${account}:role/ci/deployer`;
const place = { account, region };
const at = Date.parse("2026-11-29T01:00:00Z");
/** The longest ARN that the parameter DeployerRole takes. */
const longestRole = `arn:aws-us-gov:iam::${account}:role/${"r".repeat(512)}`;

let withDeployer: Template;
let withoutDeployer: Template;
let withLongest: Template;

beforeAll(async () => {
  const { templateFile, outDir } = await packaged("prod");
  const options = { account, region, queueUrl: (name: string) => name, apiUrl: () => "" };
  const template = JSON.parse(readFileSync(templateFile, "utf8"));
  const withRole = (role: string, name: string) => {
    template.Parameters.DeployerRole.Default = role;
    const file = join(outDir, `${name}-${process.pid}.json`);
    writeFileSync(file, JSON.stringify(template));
    return new Template(file, options);
  };
  withoutDeployer = new Template(templateFile, options);
  withDeployer = withRole(deployer, "deployer");
  withLongest = withRole(longestRole, "longest");
});

const rulesIn = (template: Template) =>
  template.ofType("AWS::Events::Rule").filter(({ id }) => id.startsWith("Tamper"));

interface Made {
  readonly by?: object;
  readonly template?: Template;
}

/** A bus with the rules of a template, and what each sends to which topic. No function runs in this world, and nobody reads a queue. */
function prepare(template: Template) {
  const mails: string[] = [];
  const topicOf = new Map(
    rulesIn(template).map(({ properties }) => [
      String(properties["Name"]),
      // Mails alone: what remediation gets beside them is tested where it is read.
      (properties["Targets"] as { Arn: string }[])
        .filter(({ Arn }) => Arn.startsWith("arn:aws:sns:"))
        .map(({ Arn }) => Arn.split(":").at(-1)),
    ]),
  );
  const rules = rulesOf(template, queuesOf(template, new WorldClock()), new LocalTopic()).map((rule) => ({
    ...rule,
    targets: [{ send: () => mails.push(...(topicOf.get(rule.name) ?? []).map((to) => `${rule.name} ${to}`)) }],
  }));
  return { bus: new LocalBus({ ...place, now: () => at, busNames: [], rules }), mails };
}
const prepared = new Map<Template, ReturnType<typeof prepare>>();

/** The mails that a call leads to, by rule and topic. */
function reported([eventSource, eventName, requestParameters, , more]: TamperCall, made: Made = {}): string[] {
  const { by = mallory.userIdentity, template = withDeployer } = made;
  const { bus, mails } = prepared.get(template) ?? prepare(template);
  prepared.set(template, { bus, mails });
  const call = { eventSource: `${eventSource}.amazonaws.com`, eventName, requestParameters, userIdentity: by };
  bus.emit(apiCallRecord(place, at, { ...call, ...more }));
  return mails.splice(0);
}

const mailsOf = (rules: readonly string[]) =>
  rules.map((rule) => `reprieve-prod-tamper-${rule} reprieve-prod-${rule === "watch" ? "alarms" : "tamper"}`);

/** A session of `role`, through which CloudFormation acts. */
const throughCloudFormation = (role: string) => ({
  type: "AssumedRole",
  arn: `arn:aws:sts::${account}:assumed-role/deployer/AWSCloudFormation`,
  invokedBy: "cloudformation.amazonaws.com",
  sessionContext: { sessionIssuer: { type: "Role", arn: role } },
});

/** Every text within `value`. */
function leavesOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(leavesOf) : [];
}

describe("a call that changes the guard itself", () => {
  it.each(tamperCalls.map((call) => [...call.slice(0, 4), call] as const))(
    "%s %s %j is mailed by %j",
    (...[, , , , call]) => {
      const [, , , rules] = call as TamperCall;
      expect(reported(call as TamperCall)).toEqual(mailsOf(rules));
    },
  );

  it("is on the list of every rule", () => {
    const named = new Set(tamperCalls.flatMap(([, , , rules]) => rules.map((rule) => `reprieve-prod-tamper-${rule}`)));
    expect([...named].sort()).toEqual(
      rulesIn(withDeployer)
        .map(({ properties }) => properties["Name"])
        .sort(),
    );
  });

  it("is named in the mail by whatever of the stack it changes, whichever rule reports it", () => {
    const unnamed = tamperCalls.flatMap((call) => {
      const [eventSource, eventName, requestParameters, rules, more] = call;
      const made = { eventSource: `${eventSource}.amazonaws.com`, eventName, requestParameters };
      const event = apiCallRecord(place, at, { ...made, userIdentity: mallory.userIdentity, ...more });
      // Of a mapping's call only the answer names the function.
      const subjects = leavesOf([requestParameters, more]);
      return rules.flatMap((rule) => {
        const found = rulesIn(withDeployer).find(
          ({ properties }) => properties["Name"] === `reprieve-prod-tamper-${rule}`,
        );
        const [target] = (found?.properties["Targets"] ?? []) as { InputTransformer: InputTransformer }[];
        const text = target === undefined ? "" : renderInput(target.InputTransformer, event);
        return subjects.some((each) => text.includes(each)) ? [] : [`${eventName} by ${rule}`];
      });
    });
    expect(unnamed).toEqual([]);
  });

  it("tells in plain text who did what to what, when, and where to read on", () => {
    const topic = new LocalTopic();
    const rules = rulesOf(withDeployer, queuesOf(withDeployer, new WorldClock()), topic);
    const bus = new LocalBus({ ...place, now: () => at, busNames: [], rules });
    const stopped = {
      eventSource: "events.amazonaws.com",
      eventName: "DisableRule",
      requestParameters: { name: "reprieve-prod-delete-key" },
      userIdentity: alice.userIdentity,
    };
    bus.emit(apiCallRecord(place, at, stopped));
    const [first, second] = topic.mails;
    expect(second?.text).toBe(first?.text);
    expect(first?.text.split("\n").map((line) => line.replace(/ +/g, " ").replace(/event [\w-]+$/, "event E"))).toEqual(
      [
        "reprieve prod: SOMEONE CHANGED THE GUARD ITSELF, or tried to. Payment keys may be without protection.",
        "Call: DisableRule (events.amazonaws.com)",
        "On: reprieve-prod-delete-key ",
        "By: arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_PaymentsAdmin_0123456789abcdef/alice@example.com from 198.51.100.66",
        "When: 2026-11-29T01:00:00Z, Region us-east-1, account 111122223333, CloudTrail event E",
        "Refused with: (empty: the call was carried out)",
        "Do: docs/runbook.md, section 'Someone changed the guard', row of events.amazonaws.com. A call that nobody announced is an incident.",
      ],
    );
  });
});

describe("a deployment", () => {
  const changed = tamperCalls.find(([, name]) => name === "UpdateFunctionCode20150331v2") ?? tamperCalls[0];
  const updated = tamperCalls.find(([, name]) => name === "ExecuteChangeSet") ?? tamperCalls[0];
  if (changed === undefined || updated === undefined) throw new Error("the list of calls lacks one");

  it.each([
    ["CloudFormation in the name of the deployer", throughCloudFormation(deployer), []],
    ["CloudFormation in the name of someone else", throughCloudFormation(`${deployer}2`), ["functions"]],
    ["the deployer, past CloudFormation", { ...throughCloudFormation(deployer), invokedBy: undefined }, ["functions"]],
    ["the deployer, through another service", { ...throughCloudFormation(deployer), invokedBy: "x" }, ["functions"]],
    ["the root of the account", { type: "Root", arn: `arn:aws:iam::${account}:root` }, ["functions"]],
    ["a service", { type: "AWSService", invokedBy: "lambda.amazonaws.com" }, ["functions"]],
  ])("by %s changes a function, and %#. is reported or not", (_, identity, rules) => {
    const by = JSON.parse(JSON.stringify(identity));
    expect(reported(changed, { by })).toEqual(mailsOf(rules));
  });

  it("is reported of everyone while no deployer is named", () => {
    const by = throughCloudFormation(deployer);
    expect(reported(changed, { by, template: withoutDeployer })).toEqual(mailsOf(["functions"]));
  });

  it("itself is reported for every caller", () => {
    expect(reported(updated, { by: throughCloudFormation(deployer) })).toEqual(mailsOf(["stack"]));
  });
});

describe("a secret", () => {
  const read = tamperCalls.find(([, name]) => name === "GetSecretValue") ?? tamperCalls[0];
  if (read === undefined) throw new Error("the list of calls lacks one");
  const sessionOf = (role: string) => ({ sessionContext: { sessionIssuer: { arn: role } } });

  it.each([
    ["approval", []],
    ["votes", []],
    ["notify", []],
    ["guard", ["secret-reads"]],
  ])("is read by the %s function, which is reported by %j", (name, rules) => {
    const role = `arn:aws:iam::${account}:role/reprieve-prod-${name}-${region}`;
    expect(reported(read, { by: sessionOf(role) })).toEqual(mailsOf(rules));
  });

  it("that a person reads is reported, the deployer too", () => {
    for (const by of [reaper.userIdentity, alice.userIdentity, throughCloudFormation(deployer)])
      expect(reported(read, { by })).toEqual(mailsOf(["secret-reads"]));
  });
});

describe("the rules of tamper.yml", () => {
  it("send to a topic first: no function, queue or key of the stack is on the way", () => {
    for (const { id, properties } of rulesIn(withDeployer)) {
      const targets = properties["Targets"] as Record<string, unknown>[];
      const beside = ["TamperRulesRule", "TamperWatchRule", "TamperKeyRule"].includes(id)
        ? ["arn:aws:sqs:us-east-1:111122223333:reprieve-prod-remediation"]
        : [];
      expect([id, targets.slice(1).map(({ Arn }) => Arn)]).toEqual([id, beside]);
      expect(targets[0]?.["Arn"]).toMatch(/^arn:aws:sns:us-east-1:111122223333:reprieve-prod-(tamper|alarms)$/);
      expect(targets[0]).not.toHaveProperty("DeadLetterConfig");
      expect(properties).not.toHaveProperty("EventBusName");
    }
    const [topic] = withDeployer.ofType("AWS::SNS::Topic").filter(({ id }) => id === "TamperTopic");
    expect(topic?.properties).toEqual(expect.not.objectContaining({ KmsMasterKeyId: expect.anything() }));
  });

  it("have patterns of at most 2,048 characters, with the longest role that the parameter takes", () => {
    const sizes = rulesIn(withLongest).map(({ properties }) => JSON.stringify(properties["EventPattern"]).length);
    expect(sizes).toHaveLength(12);
    for (const size of sizes) expect(size).toBeLessThanOrEqual(2048);
    expect(Math.max(...sizes)).toBeGreaterThan(1000);
  });

  it("take events of AWS alone: nobody can put an event of a source that begins with `aws.`", () => {
    for (const { properties } of rulesIn(withDeployer))
      expect(properties["EventPattern"]).toMatchObject({ source: [{ prefix: "aws." }] });
  });

  it("match reads in one case only: EventBridge gives them to rules of a state of its own", () => {
    const states = Object.fromEntries(rulesIn(withDeployer).map(({ id, properties }) => [id, properties["State"]]));
    const { TamperSecretReadsRule, ...others } = states;
    expect(TamperSecretReadsRule).toBe("ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS");
    expect([...new Set(Object.values(others))]).toEqual(["ENABLED"]);
  });

  it("are looked at by verify-deployment, as is every other rule of the stack", () => {
    const names = withDeployer.ofType("AWS::Events::Rule").map(({ properties }) => String(properties["Name"]));
    expect(ruleNames.map((name) => `reprieve-prod-${name}`)).toEqual(names);
  });

  it("are looked at by the sweep, as is every other rule of the stack", () => {
    const sweep = withDeployer.ofType("AWS::Lambda::Function").find(({ id }) => id === "SweepLambdaFunction");
    const { Variables } = (sweep?.properties["Environment"] ?? {}) as { Variables: Record<string, string> };
    const arns = withDeployer
      .ofType("AWS::Events::Rule")
      .map(({ id }) => withDeployer.resolve({ "Fn::GetAtt": [id, "Arn"] }));
    expect(Variables["RULE_ARNS"]?.split(",").sort()).toEqual(arns.sort());
  });

  it("are enabled again by remediation, but for the one that needs another state than ENABLED", () => {
    const remediation = withDeployer
      .ofType("AWS::Lambda::Function")
      .find(({ id }) => id === "RemediationLambdaFunction");
    const { Variables } = (remediation?.properties["Environment"] ?? {}) as { Variables: Record<string, string> };
    const arns = withDeployer
      .ofType("AWS::Events::Rule")
      .filter(({ properties }) => properties["State"] === "ENABLED")
      .map(({ id }) => withDeployer.resolve({ "Fn::GetAtt": [id, "Arn"] }));
    expect(Variables["RULE_ARNS"]?.split(",").sort()).toEqual(arns.sort());
  });
});
