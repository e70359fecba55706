import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { dump } from "js-yaml";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPolicyFile, root } from "../../scripts/bundle.ts";
import { loadStage } from "../../scripts/deploy/load-stage.ts";
import { settingChanges } from "../../scripts/deploy/setting-changes.ts";
import { developmentSettings, parameterNames } from "../../scripts/deploy/settings.ts";
import { readStageFile } from "../../scripts/deploy/stage-file.ts";
import { stageTemplate } from "../../scripts/deploy/stage-template.ts";
import { protectedStack } from "../doubles/cloud.ts";
import { packaged } from "../doubles/packaged.ts";

const place = { account: "111122223333", region: "us-east-1", profile: "payments-prod", slackApp: "A0123456789" };
const witness = {
  url: "https://abc123.lambda-url.us-east-1.on.aws/",
  key: "witness.example/log-archive+fb088c02+BEGVygYbBMFYeEmiYLOVL+fPoNGrU+fWICJxHY4rYE79",
};
const stage = {
  stage: "prod",
  places: [place],
  policy: "../policy/policy.yaml",
  alarmMail: "oncall@example.com",
  noticeMail: "none",
  auditLock: "COMPLIANCE",
  retentionDays: 2555,
  signingKey: "none",
  witness: "none",
  auditKey: "arn:aws:kms:us-east-1:444455556666:key/5678",
  slack: { team: "T0123456789", channel: "C0123456789", escalation: "none" },
  guardCallsPerSecond: 1.5,
  deployerRole: "arn:aws:iam::111122223333:role/ci/deployer",
  breakGlassRole: "none",
  functionPolicies: "off",
  permissionsBoundary: "arn:aws:iam::111122223333:policy/ops/boundary",
  rolePath: "/reprieve/",
  tags: { team: "payments", "cost-center": "42" },
  cloudFormationRole: "arn:aws:iam::111122223333:role/ci/deployer",
  reservedConcurrency: "on",
  monitoring: "slim",
};
const faultsOf = (text: string) => {
  const read = readStageFile(text, "/repository/deploy/prod.yaml");
  return read.ok ? [] : read.faults;
};

const folder = mkdtempSync(join(tmpdir(), "reprieve-stage-file-"));
const [pipe, dangling, large] = ["pipe", "dangling", "large"].map((name) => join(folder, name)) as [
  string,
  string,
  string,
];
beforeAll(() => {
  execFileSync("mkfifo", [pipe]);
  symlinkSync(join(folder, "nothing"), dangling);
  writeFileSync(large, "x".repeat(2_000_001));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a stage's file", () => {
  it("states policy, places and every setting of their stacks", () => {
    const read = readStageFile(dump(stage), "/repository/deploy/prod.yaml");
    expect(read).toMatchObject({ ok: true, file: { stage: "prod", policyFile: "/repository/policy/policy.yaml" } });
    expect(read.ok && read.file.places).toEqual([
      {
        account: "111122223333",
        region: "us-east-1",
        profile: "payments-prod",
        settings: {
          alarmMail: "oncall@example.com",
          noticeMail: "none",
          auditLock: "COMPLIANCE",
          retentionDays: 2555,
          signingKey: "none",
          witnessUrl: "none",
          witnessKey: "none",
          auditKey: "arn:aws:kms:us-east-1:444455556666:key/5678",
          slackTeam: "T0123456789",
          slackApp: "A0123456789",
          slackChannel: "C0123456789",
          slackEscalation: "none",
          guardCallsPerSecond: 1.5,
          deployerRole: "arn:aws:iam::111122223333:role/ci/deployer",
          breakGlassRole: "none",
          functionPolicies: "off",
          permissionsBoundary: "arn:aws:iam::111122223333:policy/ops/boundary",
          rolePath: "/reprieve/",
          tags: { team: "payments", "cost-center": "42" },
          cloudFormationRole: "arn:aws:iam::111122223333:role/ci/deployer",
          reservedConcurrency: "on",
          monitoring: "slim",
        },
      },
    ]);
  });

  it("tells a stack without an app of its own nothing of Slack", () => {
    const read = readStageFile(dump({ ...stage, places: [{ ...place, slackApp: "none" }] }), "/prod.yaml");
    expect(read.ok && read.file.places[0]?.settings).toMatchObject({
      slackTeam: "none",
      slackApp: "none",
      slackChannel: "none",
      slackEscalation: "none",
    });
  });

  it.each(Object.keys(stage))("has no default for %s", (name) => {
    const { [name]: _, ...rest } = stage as Record<string, unknown>;
    expect(faultsOf(dump(rest)).join()).toContain(`${name}: is missing`);
  });

  it.each(["account", "region", "profile", "slackApp"])("has no default for the %s of a place", (name) => {
    const { [name]: _, ...rest } = place as Record<string, unknown>;
    expect(faultsOf(dump({ ...stage, places: [rest] })).join()).toContain(`places.0.${name}: is missing`);
  });

  it.each<[object, string]>([
    [{ colour: "red" }, "colour: there is no such field"],
    [{ places: [{ ...place, vpc: "none" }] }, "places.0.vpc: there is no such field"],
    [{ slack: { ...stage.slack, app: "A0" } }, "slack.app: there is no such field"],
    [{ slack: { team: "T0123456789", channel: "C0123456789" } }, "slack.escalation: is missing"],
    [{ stage: "Prod" }, "stage: expected a stage"],
    [
      { places: [{ ...place, account: 111122223333 }] },
      "places.0.account: expected an account id of 12 digits, in quotes",
    ],
    [{ places: [{ ...place, region: "mars" }] }, "places.0.region"],
    [{ places: [{ ...place, profile: "$(id)" }] }, "places.0.profile"],
    [{ places: [{ ...place, slackApp: "a0lower" }] }, "places.0.slackApp"],
    [{ places: [place, { ...place, slackApp: "none" }] }, "appears twice"],
    [{ slack: "none" }, "places.0.slackApp: expected none"],
    [{ alarmMail: "nobody" }, "alarmMail: expected a mail address, or none"],
    [{ alarmMail: "" }, "alarmMail: expected a mail address, or none"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what osls would take for a variable
    [{ alarmMail: "a${env:HOME}@example.com" }, "alarmMail"],
    [{ noticeMail: null }, "noticeMail: expected a mail address, or none"],
    [{ auditLock: "NONE" }, "auditLock: expected GOVERNANCE or COMPLIANCE"],
    [{ retentionDays: 364 }, "retentionDays: expected a number of days from 365 to 36500"],
    [{ retentionDays: 36_501 }, "retentionDays"],
    [{ retentionDays: 400.5 }, "retentionDays: expected whole days"],
    [{ retentionDays: "400" }, "retentionDays"],
    [{ signingKey: "arn:aws:iam::111122223333:role/x" }, "signingKey: expected the ARN of a KMS key, or none"],
    [{ witness: "https://witness.example" }, "witness: expected url and key, or none"],
    [{ witness: { ...witness, url: "http://witness.example/" } }, "witness.url: expected a URL with https"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what osls would take for a variable
    [{ witness: { ...witness, url: "https://witness.example/${env:HOME}" } }, "witness.url"],
    [{ witness: { ...witness, key: witness.key.replace("fb08", "fb09") } }, "witness.key: expected the key that"],
    [{ witness: { ...witness, key: "x" } }, "witness.key: expected the verifier key of a witness"],
    [{ witness: { url: witness.url } }, "witness.key: is missing"],
    [{ witness }, "witness: expected none, as `signingKey` is none"],
    [{ auditKey: "alias/evidence" }, "auditKey: expected the ARN of a KMS key, or none"],
    [
      { auditKey: "arn:aws:kms:us-east-1:111122223333:key/1" },
      "auditKey: expected a key of another account than `111122223333`",
    ],
    [{ slack: "T0123456789" }, "slack: expected team, channel and escalation, or none"],
    [{ slack: { ...stage.slack, channel: "payments" } }, "slack.channel"],
    [{ guardCallsPerSecond: 0 }, "guardCallsPerSecond"],
    [{ guardCallsPerSecond: 2.5 }, "guardCallsPerSecond"],
    [{ deployerRole: "deployer" }, "deployerRole: expected the ARN of an IAM role"],
    [{ deployerRole: "arn:aws:sts::111122223333:assumed-role/deployer/alice" }, "deployerRole"],
    [{ breakGlassRole: "arn:aws:iam::111122223333:user/alice" }, "breakGlassRole"],
    [{ functionPolicies: true }, "functionPolicies: expected on or off, in quotes"],
    [{ reservedConcurrency: false }, "reservedConcurrency: expected on or off, in quotes"],
    [{ monitoring: "none" }, "monitoring: expected full or slim"],
    [{ permissionsBoundary: "boundary" }, "permissionsBoundary: expected the ARN of an IAM policy"],
    [
      { permissionsBoundary: "arn:aws:iam::111122223333:role/x" },
      "permissionsBoundary: expected the ARN of an IAM policy",
    ],
    [
      { permissionsBoundary: "arn:aws:iam::444455556666:policy/boundary" },
      "permissionsBoundary: expected an ARN of `111122223333`",
    ],
    [{ rolePath: "none" }, "rolePath: expected an IAM path such as /reprieve/, or /"],
    [{ rolePath: "/reprieve" }, "rolePath: expected an IAM path"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what osls would take for a variable
    [{ rolePath: "/${env:HOME}/" }, "rolePath"],
    [{ tags: ["team"] }, "tags: expected names with values, or none"],
    [{ tags: { team: 42 } }, "tags.team: expected up to 256 letters"],
    [{ tags: { team: "x".repeat(257) } }, "tags.team: expected up to 256 letters"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what osls would take for a variable
    [{ tags: { team: "${env:HOME}" } }, "tags.team"],
    [{ tags: { "aws:team": "x" } }, "tags.aws:team: expected a tag name"],
    [{ tags: { ["x".repeat(129)]: "x" } }, "expected a tag name of up to 128"],
    [{ tags: { Application: "x" } }, "tags.Application: is a tag that the deployment sets"],
    [{ tags: { stage: "x" } }, "tags.stage: is a tag that the deployment sets"],
    [
      { tags: Object.fromEntries(Array.from({ length: 49 }, (_, n) => [`t${n}`, "x"])) },
      "tags: expected at most 48 tags",
    ],
    [{ cloudFormationRole: "deployer" }, "cloudFormationRole: expected the ARN of an IAM role"],
    [
      { cloudFormationRole: "arn:aws:iam::111122223333:role/cfn" },
      "deployerRole: expected `cloudFormationRole`, or none",
    ],
    [
      { cloudFormationRole: "arn:aws:iam::444455556666:role/cfn", deployerRole: "none" },
      "cloudFormationRole: expected an ARN of `111122223333`",
    ],
  ])("with %j is refused", (over, fault) => {
    expect(faultsOf(dump({ ...stage, ...over })).join("\n")).toContain(fault);
  });

  it.each([
    { tags: "none" },
    { tags: Object.fromEntries(Array.from({ length: 48 }, (_, n) => [`t${n}`, "x"])) },
    { tags: { "Cost Center/a.b_c=d+e-f:g": "Müller & Söhne".replace(" &", "") } },
    { permissionsBoundary: "arn:aws:iam::aws:policy/PowerUserAccess" },
    { cloudFormationRole: "arn:aws:iam::111122223333:role/cfn", deployerRole: "none" },
    { cloudFormationRole: "none" },
    { rolePath: "/" },
  ])("takes %j", (over) => {
    expect(faultsOf(dump({ ...stage, ...over }))).toEqual([]);
  });

  it.each([365, 400, 3650, 36_500])("takes %s days", (retentionDays) => {
    expect(faultsOf(dump({ ...stage, retentionDays }))).toEqual([]);
  });

  it.each(["", "[]", "prod", "a: &a b\nc: *a\n", "stage: prod\nstage: test\n", `x: ${"y".repeat(200_001)}`])(
    "that is invalid is refused: %#",
    (text) => {
      expect(faultsOf(text)).not.toEqual([]);
    },
  );

  const named = (field: string, value: string) => dump(stage).replace(new RegExp(`${field}: .*`), `${field}: ${value}`);

  it.each<[string, string, string]>([
    ["octal digits", named("account", "012345678901"), "expected an account id of 12 digits, in quotes"],
    ["an octal number", named("account", "0o1671274017"), "expected an account id of 12 digits, in quotes"],
    ["a float", named("account", "1.11122223333e11"), "expected an account id of 12 digits, in quotes"],
    ["base 60", named("account", "11:22:33:44"), "expected an account id of 12 digits, in quotes"],
    ["no number of days", named("retentionDays", ".nan"), "retentionDays: expected a number of days"],
    ["days without end", named("retentionDays", ".inf"), "retentionDays: expected a number of days"],
    ["no number of calls", named("guardCallsPerSecond", ".nan"), "guardCallsPerSecond: expected"],
    ["a bare off", named("functionPolicies", "off").replace("off", "no"), "functionPolicies: expected on or off"],
    ["a twin of a field", `${dump(stage)}stage: test\n`, "duplicated mapping key"],
    ["a merge", `${dump(stage)}<<: { stage: test }\n`, "<<: there is no such field"],
    ["a prototype", `${dump(stage)}__proto__: { stage: test }\n`, "__proto__: there is no such field"],
    ["a tag", named("stage", "!!binary cHJvZA=="), "expected no tag"],
    ["an anchor", named("stage", "&a prod"), "expected no anchor"],
    ["a second document", `${dump(stage)}---\n${dump(stage)}`, "expected one document"],
    ["half a character", named("stage", '"\\ud800"'), "stage: expected a stage"],
    ["bytes of no text", dump(stage).replace("prod", "pr\uFFFDod"), "file is not valid UTF-8"],
    ["a null byte", dump(stage).replace("prod", "pr\0od"), "null byte"],
    ["places that are not a list", dump({ ...stage, places: { a: place } }), "places: expected a list of places"],
    ["a place without fields", dump({ ...stage, places: [null] }), "places.0: expected fields"],
    ["brackets without end", "[".repeat(199_000), "nesting exceeded"],
    ["a list of lists", `${"- ".repeat(90_000)}x`, "nesting exceeded"],
  ])("edited by hand into %s is refused by its place", (_, text, fault) => {
    expect(faultsOf(text)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^\d+:\d+ /), expect.stringContaining(fault)]),
    );
  });

  it("may have a byte order mark, and lines that end as on Windows", () => {
    expect(faultsOf(`\uFEFF${dump(stage).replaceAll("\n", "\r\n")}`)).toEqual([]);
  });

  it("may name 1,900 places, once each", () => {
    const places = Array.from({ length: 1_900 }, (_, n) => ({ ...place, account: String(500_000_000_000 + n) }));
    const everywhere = { ...stage, permissionsBoundary: "none", cloudFormationRole: "none" };
    expect(faultsOf(dump({ ...everywhere, places }))).toEqual([]);
    expect(faultsOf(dump({ ...everywhere, places: [...places, { ...places[0] }] }))).toEqual([
      expect.stringContaining("places.1900: `500000000000 us-east-1` appears twice"),
    ]);
  });

  it("names line and column of a fault", () => {
    expect(faultsOf(dump(stage).replace("retentionDays: 2555", "retentionDays: 1"))).toEqual([
      expect.stringMatching(/^\d+:1 retentionDays: expected/),
    ]);
  });

  it("has an example in the repository that is sound", () => {
    const path = resolve(root, "deploy/example.yaml");
    expect(readStageFile(readFileSync(path, "utf8"), path)).toMatchObject({
      ok: true,
      file: { stage: "example", policyFile: resolve(root, "policy/policy.yaml") },
    });
  });
});

describe("a path that is not a file", () => {
  it.each<[string, () => string, string]>([
    ["a folder", () => folder, "it is not a file"],
    ["a device without end", () => "/dev/zero", "it is not a file"],
    ["a pipe that nobody writes to", () => pipe, "it is not a file"],
    ["a link that leads nowhere", () => dangling, "does not exist"],
    ["2 MB and a byte", () => large, "it has 2000001 bytes"],
  ])("is refused as a stage file and as a policy: %s", (_, path, why) => {
    expect(loadStage("prod", path())).toMatchObject({ ok: false, faults: [expect.stringContaining(why)] });
    expect(() => readPolicyFile(path())).toThrow("cannot be read");
  });
});

describe("the file to start from", () => {
  const running = protectedStack;

  it("is filled from the running stack, and changes no setting of it", () => {
    const text = stageTemplate({ stage: "prod", region: "us-east-1", account: "111122223333", running });
    const read = readStageFile(text, "/repository/deploy/prod.yaml");
    expect(read).toMatchObject({ ok: true, file: { places: [{ account: "111122223333", region: "us-east-1" }] } });
    expect(read.ok && settingChanges(running, read.file.places[0]?.settings ?? developmentSettings, "enforce")).toEqual(
      [],
    );
  });

  it("proposes the alarm mail for the notices where the stack has none", () => {
    const { NoticeMail: _, ...parameters } = running.parameters;
    const text = stageTemplate({ stage: "prod", region: "us-east-1", running: { ...running, parameters } });
    expect(text).toContain("noticeMail: oncall@example.com");
  });

  it("without a running stack is refused until a person has decided", () => {
    const faults = faultsOf(stageTemplate({ stage: "prod", region: "us-east-1" })).join("\n");
    for (const field of [
      "account",
      "slackApp",
      "alarmMail",
      "noticeMail",
      "auditLock",
      "retentionDays",
      "signingKey",
      "slack",
    ])
      expect(faults).toContain(`${field}: expected`);
  });
});

describe("the packaged template", () => {
  it("has a parameter with the value of each setting, and states its policy's mode", async () => {
    const { templateFile } = await packaged("prod");
    const { Parameters, Outputs } = JSON.parse(readFileSync(templateFile, "utf8"));
    for (const [name, parameter] of Object.entries(parameterNames))
      expect([name, String(Parameters[parameter]?.Default)]).toEqual([
        name,
        String(developmentSettings[name as keyof typeof developmentSettings]),
      ]);
    expect(Outputs.PolicyMode.Value).toBe("observe");
    expect(Outputs.PolicyHash.Value).toMatch(/^[0-9a-f]{64}$/);
  }, 60_000);

  it("subscribes the notice mail to the notices, where there is one", async () => {
    const { templateFile } = await packaged("prod");
    const { Resources, Conditions } = JSON.parse(readFileSync(templateFile, "utf8"));
    expect(Resources.NoticeSubscription).toMatchObject({
      Type: "AWS::SNS::Subscription",
      Condition: "HasNoticeMail",
      Properties: { TopicArn: { Ref: "NoticeTopic" }, Protocol: "email", Endpoint: { Ref: "NoticeMail" } },
    });
    expect(Conditions.HasNoticeMail).toEqual({ "Fn::Not": [{ "Fn::Equals": [{ Ref: "NoticeMail" }, "none"] }] });
  }, 60_000);
});
