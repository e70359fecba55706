import { describe, expect, it } from "vitest";
import type { Unchecked } from "../../scripts/deploy/check.ts";
import type { Cloud, DeployedStack } from "../../scripts/deploy/cloud.ts";
import { type DeploymentDeps, deployTo } from "../../scripts/deploy/deployment.ts";
import { nextSteps } from "../../scripts/deploy/next-steps.ts";
import type { Protection } from "../../scripts/deploy/setting-changes.ts";
import {
  developmentSettings,
  parameterNames,
  type StackSettings,
  settingNames,
} from "../../scripts/deploy/settings.ts";
import { shownText } from "../../scripts/deploy/shown.ts";
import { expiresTooSoon, redirections } from "../../scripts/deploy/sign-in.ts";
import { afterFailure } from "../../scripts/deploy/stack-state.ts";
import { templateSize } from "../../scripts/deploy/template-size.ts";
import { sealedEnvironment } from "../../scripts/sealed-environment.ts";
import { denied, fakeCloud, protectedStack } from "../doubles/cloud.ts";

const protectedSettings: StackSettings = {
  alarmMail: "oncall@example.com",
  noticeMail: "custodians@example.com",
  auditLock: "COMPLIANCE",
  retentionDays: 2555,
  signingKey: "arn:aws:kms:us-east-1:444455556666:key/1234",
  witnessUrl: "https://abc123.lambda-url.us-east-1.on.aws/",
  witnessKey: "witness.example/log-archive+fb088c02+BEGVygYbBMFYeEmiYLOVL+fPoNGrU+fWICJxHY4rYE79",
  auditKey: "arn:aws:kms:us-east-1:444455556666:key/5678",
  slackTeam: "T0123456789",
  slackApp: "A0123456789",
  slackChannel: "C0123456789",
  slackEscalation: "C0123456790",
  guardCallsPerSecond: 1.5,
  deployerRole: "arn:aws:iam::111122223333:role/ci/deployer",
  breakGlassRole: "arn:aws:iam::111122223333:role/break-glass",
  functionPolicies: "on",
  permissionsBoundary: "arn:aws:iam::111122223333:policy/boundary",
  rolePath: "/reprieve/",
  reservedConcurrency: "on",
  monitoring: "full",
  tags: { team: "payments" },
  cloudFormationRole: "none",
};

interface Options {
  readonly over?: Partial<Cloud>;
  readonly deps?: Partial<DeploymentDeps>;
  readonly settings?: Partial<StackSettings>;
  readonly mode?: "observe" | "enforce";
  readonly weaken?: readonly Protection[];
  readonly unchecked?: readonly Unchecked[];
  readonly yes?: boolean;
  readonly checkOnly?: boolean;
  /** The stack as CloudFormation describes it after the deployment. */
  readonly after?: () => Promise<DeployedStack | undefined>;
}

function runningWith(settings: StackSettings, mode: string): DeployedStack {
  const values = settingNames.map((name) => [parameterNames[name], String(settings[name])]);
  return {
    status: "UPDATE_COMPLETE",
    parameters: Object.fromEntries(values),
    outputs: { PolicyMode: mode, PolicyHash: "hash" },
    tags: { ...settings.tags, STAGE: "prod", application: "reprieve" },
    role: settings.cloudFormationRole,
  };
}

/** Deploys to the fully protected stack, but for the options; says what happened. */
async function deploying(options: Options = {}) {
  const { over = {}, deps = {}, settings = {}, mode = "enforce", weaken = [], yes = true, checkOnly = false } = options;
  const { unchecked = [] } = options;
  const done: string[] = [];
  const lines: string[] = [];
  const before = fakeCloud({ stack: async () => protectedStack, ...over });
  const placeSettings = { ...protectedSettings, ...settings };
  // A deployment takes effect, unless the options say what happens to it.
  const after = options.after ?? (async () => runningWith(placeSettings, mode));
  const stack = async (name: string) => await (done.includes("deployed") ? after() : before.stack(name));
  const protectTable = async (name: string) => {
    await before.protectTable(name);
    done.push("table protected");
  };
  const cloud = { ...before, stack, protectTable };
  const noting =
    <Value>(label: string, doing: () => Promise<Value>) =>
    async () => {
      done.push(label);
      return await doing();
    };
  const refusal = await deployTo(
    {
      command: { stage: "prod", weaken, unchecked, checkOnly, yes },
      place: {
        account: "111122223333",
        region: "us-east-1",
        profile: "none",
        settings: placeSettings,
      },
      mode,
      policyHash: "hash",
      policy: { trust: { accounts: ["111122223333"] } },
      places: [{ account: "111122223333", region: "us-east-1" }],
    },
    {
      cloud: { ...cloud, caller: noting("identified", cloud.caller) },
      makePackage: async (isNew) => {
        done.push("packaged");
        if (isNew) done.push("as new");
        return '{"Resources":{}}';
      },
      deployPackage: noting("deployed", async () => {}),
      confirm: async (question) => await noting(question, async () => true)(),
      expiresTooSoon: () => undefined,
      show: (shown) => void lines.push(shownText(shown, false)),
      ...deps,
    },
  );
  return { refusal, done, text: lines.join("\n") };
}

describe("a deployment", () => {
  it("identifies its credentials again after packaging and asking, right before it deploys", async () => {
    const { refusal, done } = await deploying({ yes: false });
    expect(refusal).toBeUndefined();
    const question =
      "Deploy reprieve-prod to account 111122223333, us-east-1, as arn:aws:sts::111122223333:assumed-role/deployer/alice?";
    expect(done).toEqual(["identified", "packaged", "identified", question, "identified", "deployed"]);
  });

  it("does not begin when the credentials turn out to be another account's meanwhile", async () => {
    let asked = 0;
    const caller = async () => ({
      account: ++asked < 3 ? "111122223333" : "999999999999",
      arn: "arn:aws:sts::111122223333:assumed-role/deployer/ci",
    });
    const { refusal, done } = await deploying({ over: { caller } });
    expect(refusal).toContain("999999999999");
    expect(done).not.toContain("deployed");
  });

  it.each<[string, Options, string]>([
    ["to another account", { over: { caller: async () => ({ account: "9", arn: "a" }) } }, "the checks failed"],
    ["that nobody confirms", { yes: false, deps: { confirm: async () => false } }, "not confirmed"],
    ["with credentials that end meanwhile", { deps: { expiresTooSoon: () => "they expire" } }, "they expire"],
    ["over a stack that cannot be described", { over: { stack: denied } }, "is unknown: AccessDenied"],
    ["that may lose something", { over: { changes: denied, template: denied } }, "what would be lost is unknown"],
    [
      "of a template above CloudFormation's limit",
      { deps: { makePackage: async () => JSON.stringify({ text: "x".repeat(1_000_000) }) } },
      "no template of that size",
    ],
  ])("%s is refused", async (_, options, why) => {
    const { refusal, done } = await deploying(options);
    expect(refusal).toContain(why);
    expect(done).not.toContain("deployed");
  });

  it("that only checks deploys nothing, and asks nothing", async () => {
    const { refusal, done } = await deploying({ checkOnly: true, yes: false });
    expect([refusal, done]).toEqual([undefined, ["identified", "packaged"]]);
  });
});

describe("a first deployment", () => {
  it("does not go on over a stack that someone else has made meanwhile: its table would lose its protection", async () => {
    let asked = 0;
    const stack = async () => (asked++ === 0 ? undefined : protectedStack);
    const { refusal, done } = await deploying({ over: { stack } });
    expect(refusal).toContain("was changed by someone else after it was checked");
    expect(done).not.toContain("deployed");
  });

  const nothing = async () => undefined;
  const onlyItsBucket = {
    stack: async () => ({ status: "UPDATE_ROLLBACK_COMPLETE", parameters: {}, outputs: {}, tags: {}, role: "none" }),
    template: async () => '{"Resources":{"ServerlessDeploymentBucket":{}}}',
  };

  it.each<[string, Partial<Cloud>]>([
    ["that nothing precedes", { stack: nothing }],
    ["that is repeated after it failed halfway: nothing counts as weakened, or as lost", onlyItsBucket],
  ])("%s makes the table without protection, and switches it on once the stack is there", async (_, over) => {
    const { refusal, done } = await deploying({ over, settings: { retentionDays: 400 }, mode: "observe" });
    expect(refusal).toBeUndefined();
    expect(done).toEqual([
      "identified",
      "packaged",
      "as new",
      "identified",
      "identified",
      "deployed",
      "table protected",
    ]);
  });

  it("whose table cannot be protected has not succeeded, and says how to go on", async () => {
    const { refusal, done } = await deploying({ over: { stack: nothing, protectTable: denied } });
    expect(done).toContain("deployed");
    expect(refusal).toContain("its table is NOT protected against deletion (AccessDenied");
    expect(refusal).toContain("deploy again, which switches it on");
  });

  it("that fails says what is left, and protects nothing", async () => {
    const failing = async () => await Promise.reject(new Error("osls failed"));
    const over = { stack: nothing };
    await expect(deploying({ over, deps: { deployPackage: failing } })).rejects.toThrow("osls failed");
  });

  it.each<[string, Partial<Cloud>, string]>([
    ["into an account without executions", { unreservedConcurrency: async () => 10 }, "the stack needs 115"],
    [
      "over a table that an earlier stack left",
      { leftovers: async () => [{ kind: "table", name: "reprieve-prod-cases", isEmpty: true, isHeld: true }] },
      "aws dynamodb delete-table",
    ],
  ])("%s is refused before anything is made, with the commands that help", async (_, over, text) => {
    const made = await deploying({ over: { stack: nothing, ...over } });
    expect(made.refusal).toContain("the checks failed");
    expect(made.done).toEqual(["identified"]);
    expect(made.text).toContain(text);
  });
});

describe("an update", () => {
  it("never takes the table's protection away", async () => {
    expect((await deploying()).done).toEqual(["identified", "packaged", "identified", "identified", "deployed"]);
  });

  it("beside another stage is refused with --yes, unless that is accepted by its name", async () => {
    const over = { stages: async () => ["prod", "dev"] };
    expect((await deploying({ over })).refusal).toContain("`--unchecked second-stage` accepts that");
    expect((await deploying({ over, unchecked: ["second-stage"] })).refusal).toBeUndefined();
  });

  it.each<[string, Partial<Cloud>]>([
    [
      "another setting",
      {
        stack: async () => ({
          ...protectedStack,
          parameters: { ...protectedStack.parameters, AlarmMail: "b@example.com" },
        }),
      },
    ],
    [
      "another policy",
      { stack: async () => ({ ...protectedStack, outputs: { PolicyMode: "enforce", PolicyHash: "new" } }) },
    ],
    ["an update in progress", { stack: async () => ({ ...protectedStack, status: "UPDATE_IN_PROGRESS" }) }],
    ["another package, and the same settings", { template: async () => '{"Resources":{"AuditBucket":{},"Code":"2"}}' }],
    ["a stack that is gone", { stack: async () => undefined }],
    ["a stack that can no longer be described", { stack: denied }],
  ])("of a stack that someone else has changed while it was asked (%s) is refused", async (_, meanwhile) => {
    const now = { isLater: false };
    const cloud = fakeCloud({ stack: async () => protectedStack });
    const later = { ...cloud, ...meanwhile };
    const over: Partial<Cloud> = {
      stack: async (name) => await (now.isLater ? later : cloud).stack(name),
      template: async (name) => await (now.isLater ? later : cloud).template(name),
    };
    const confirm = async () => {
      now.isLater = true;
      return true;
    };
    const { refusal, done } = await deploying({ over, deps: { confirm }, yes: false });
    expect(refusal).toBe(
      "nothing was deployed: reprieve-prod was changed by someone else after it was checked: deploy again, which shows what would change now",
    );
    expect(done).not.toContain("deployed");
  });

  it("of a stack whose parameters are listed in another order is the same stack", async () => {
    let asked = 0;
    const backwards = Object.fromEntries(Object.entries(protectedStack.parameters).reverse());
    const stack = async () => ({ ...protectedStack, ...(asked++ > 0 && { parameters: backwards }) });
    expect((await deploying({ over: { stack } })).refusal).toBeUndefined();
  });

  it("without a change set, of a template that would lose the table, is refused", async () => {
    const template = async () =>
      '{"Resources":{"AuditBucket":{"Type":"AWS::S3::Bucket"},"CasesTable":{"Type":"AWS::DynamoDB::Table"}}}';
    const { refusal } = await deploying({ over: { changes: denied, template } });
    expect(refusal).toContain("would be lost, or could be: AuditBucket, CasesTable");
  });
});

/** The settings of a fresh checkout, without reservations. A running stack's path stays. */
const bare: StackSettings = {
  ...developmentSettings,
  rolePath: "/reprieve/",
  reservedConcurrency: "off",
  monitoring: "slim",
};

describe("a deployment that takes a protection from the running stack", () => {
  const none = { slackTeam: "none", slackApp: "none", slackChannel: "none" };
  const weaker: [Protection, Partial<StackSettings>, "observe" | "enforce"][] = [
    ["auditLock", { auditLock: "GOVERNANCE" }, "enforce"],
    ["retentionDays", { retentionDays: 400 }, "enforce"],
    ["signingKey", { signingKey: "none" }, "enforce"],
    ["witness", { witnessUrl: "none", witnessKey: "none" }, "enforce"],
    ["auditKey", { auditKey: "none" }, "enforce"],
    ["alarmMail", { alarmMail: "none" }, "enforce"],
    ["noticeMail", { noticeMail: "none" }, "enforce"],
    ["slack", none, "enforce"],
    ["slackEscalation", { slackEscalation: "none" }, "enforce"],
    ["deployerRole", { deployerRole: "none" }, "enforce"],
    ["breakGlassRole", { breakGlassRole: "none" }, "enforce"],
    ["functionPolicies", { functionPolicies: "off" }, "enforce"],
    ["permissionsBoundary", { permissionsBoundary: "none" }, "enforce"],
    ["reservedConcurrency", { reservedConcurrency: "off" }, "enforce"],
    ["monitoring", { monitoring: "slim" }, "enforce"],
    ["mode", {}, "observe"],
  ];

  it.each(weaker)("(%s) is refused, and accepted by its name", async (name, settings, mode) => {
    const { refusal, done, text } = await deploying({ settings, mode });
    expect(refusal).toContain(`\`--weaken ${name}\``);
    expect(done).not.toContain("deployed");
    expect(text).toContain(`(weaker: --weaken ${name})`);
    const accepted = await deploying({ settings, mode, weaken: [name] });
    expect([accepted.refusal, accepted.done.includes("deployed")]).toEqual([undefined, true]);
  });

  it("is refused with every name that is missing, when all settings are those of a fresh checkout", async () => {
    const { refusal } = await deploying({ settings: bare, mode: "observe", weaken: ["auditLock"] });
    const missing = weaker.map(([name]) => name).filter((name) => name !== "auditLock");
    expect(
      refusal
        ?.match(/--weaken ([\w,]+)/)?.[1]
        ?.split(",")
        .sort(),
    ).toEqual(missing.sort());
  });

  it("is refused also where the running stack does not state its policy's mode", async () => {
    const stack = async () => ({ ...protectedStack, outputs: {} });
    expect((await deploying({ over: { stack }, mode: "observe" })).refusal).toContain("--weaken mode");
  });

  it.each<[Partial<StackSettings>, string]>([
    [{ retentionDays: 3650 }, "~ retentionDays: 2555 -> 3650"],
    [{ alarmMail: "other@example.com" }, "~ alarmMail: oncall@example.com -> other@example.com"],
    [{ guardCallsPerSecond: 1 }, "~ guardCallsPerSecond: 1.5 -> 1"],
    [{ tags: {} }, "~ tags: team=payments -> none"],
    [{ tags: { team: "keys", tier: "1" } }, "~ tags: team=payments -> team=keys, tier=1"],
    [{ cloudFormationRole: protectedSettings.deployerRole }, "~ cloudFormationRole: none -> arn:aws:iam"],
    [{ permissionsBoundary: "arn:aws:iam::aws:policy/PowerUserAccess" }, "~ permissionsBoundary: arn:aws:iam"],
  ])("is none where %j is stronger or other", async (settings, line) => {
    const { refusal, text } = await deploying({ settings });
    expect(refusal).toBeUndefined();
    expect(text).toContain(line);
  });

  it("is none where the stack is new", async () => {
    const stack = async () => undefined;
    const { refusal } = await deploying({ over: { stack }, settings: developmentSettings, mode: "observe" });
    expect(refusal).toBeUndefined();
  });

  it("may be one where the running stack states no settings: what is not as strong as can be has to be accepted", async () => {
    const stack = async () => ({ ...protectedStack, parameters: {}, outputs: {} });
    const weak = await deploying({ over: { stack }, settings: bare, mode: "observe" });
    expect(weak.refusal).toContain("the settings of reprieve-prod are unknown");
    expect(weak.text).toContain("- mode: unknown -> observe (weaker: --weaken mode)");
    expect(
      weak.refusal
        ?.match(/--weaken ([\w,]+)/)?.[1]
        ?.split(",")
        .sort(),
    ).toEqual(weaker.map(([name]) => name).sort());
    const strong = await deploying({ over: { stack } });
    expect(strong.refusal).toContain("`--weaken retentionDays` accepts that");
    expect((await deploying({ over: { stack }, weaken: ["retentionDays"] })).refusal).toBeUndefined();
  });
});

describe("a deployment whose checks could not all be made", () => {
  const over = { trails: denied, countKeys: denied };

  it("is refused with --yes, unless each is accepted by its name", async () => {
    const { refusal, done } = await deploying({ over, unchecked: ["region"] });
    expect(refusal).toContain("not checked, or in doubt: trail (see above); `--unchecked trail` accepts that");
    expect(done).not.toContain("deployed");
    expect((await deploying({ over, unchecked: ["trail", "region"] })).refusal).toBeUndefined();
  });

  it("asks with their names", async () => {
    const { done } = await deploying({ over, yes: false });
    expect(done.find((each) => each.includes("Deploy "))).toContain(
      "NOT CHECKED, OR IN DOUBT: region, trail (see above). Deploy",
    );
  });

  it("counts a trail whose selectors cannot be read among them", async () => {
    const trails = async () => [{ name: "org", logging: true }];
    expect((await deploying({ over: { trails } })).refusal).toContain("not checked, or in doubt: trail");
  });
});

describe("a stack that takes no update", () => {
  it.each([
    ["ROLLBACK_COMPLETE", "delete-stack --stack-name reprieve-prod"],
    ["ROLLBACK_FAILED", "delete-stack --stack-name reprieve-prod"],
    ["CREATE_FAILED", "delete-stack --stack-name reprieve-prod"],
    ["REVIEW_IN_PROGRESS", "delete-stack --stack-name reprieve-prod"],
    ["DELETE_FAILED", "--retain-resources"],
    ["UPDATE_FAILED", "rollback-stack --stack-name reprieve-prod"],
    ["UPDATE_ROLLBACK_FAILED", "continue-update-rollback --stack-name reprieve-prod"],
    ["IMPORT_ROLLBACK_FAILED", "describe-stack-events --stack-name reprieve-prod"],
    ["UPDATE_IN_PROGRESS", "wait until it ends"],
    ["UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "wait until it ends"],
    ["DELETE_IN_PROGRESS", "wait until it ends"],
    ["unknown", "that status is not known here"],
    ["DELETE_COMPLETE", "that status is not known here"],
  ])("in %s is refused before anything is packaged, with what to do", async (status, advice) => {
    const { refusal, done, text } = await deploying({ over: { stack: async () => ({ ...protectedStack, status }) } });
    expect(refusal).toBe("nothing was deployed: the checks failed");
    expect(done).toEqual(["identified"]);
    expect(text).toContain(`reprieve-prod is ${status}: `);
    expect(text).toContain(advice);
  });

  it.each(["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE"])(
    "is none in %s",
    async (status) => {
      const stack = async () => ({ ...protectedStack, status });
      expect((await deploying({ over: { stack } })).refusal).toBeUndefined();
    },
  );
});

describe("after a deployment", () => {
  const settings = { retentionDays: 3650 };

  it("a setting that the stack did not take is named, with both values and the command that sets it", async () => {
    const { refusal, done } = await deploying({
      settings,
      after: async () => runningWith(protectedSettings, "enforce"),
    });
    expect(done).toContain("deployed");
    expect(refusal).toContain("reprieve-prod was deployed, and does NOT run with the settings of the stage's file");
    expect(refusal).toContain("retentionDays: running `2555`, the file says `3650`");
    expect(refusal).toContain("aws cloudformation update-stack --region us-east-1 --stack-name reprieve-prod");
    expect(refusal).toContain("ParameterKey=AuditRetentionDays,ParameterValue=3650");
    expect(refusal).not.toContain("nothing was deployed");
  });

  it.each([
    ["mode", { PolicyMode: "observe", PolicyHash: "hash" }],
    ["policyHash", { PolicyMode: "enforce", PolicyHash: "older" }],
  ])("another %s is an error", async (name, outputs) => {
    const { refusal } = await deploying({ after: async () => ({ ...runningWith(protectedSettings, ""), outputs }) });
    expect(refusal).toContain(`${name}: running`);
    expect(refusal).toContain("another policy is running");
  });

  it("a stack that cannot be compared is an error", async () => {
    expect((await deploying({ after: denied })).refusal).toContain("is unknown: AccessDenied");
    expect((await deploying({ after: async () => undefined })).refusal).toContain("does not find it");
  });
});

describe("a deployment that failed", () => {
  it.each([
    [undefined, "nothing was begun: reprieve-prod does not exist"],
    ["UPDATE_COMPLETE", "no update of reprieve-prod was begun or is left"],
    ["UPDATE_ROLLBACK_IN_PROGRESS", "rolls back what it began"],
    ["UPDATE_ROLLBACK_FAILED", "continue-update-rollback"],
    ["UPDATE_IN_PROGRESS", "wait until it ends"],
  ])("reports what is left of it, by the status %s", (status, text) => {
    expect(afterFailure("reprieve-prod", status)).toContain(text);
  });
});

describe("the environment of a deployment", () => {
  const hostile = {
    PATH: "/bin",
    HOME: "/root",
    AWS_PROFILE: "other",
    AWS_PROD_PROFILE: "other",
    AWS_PROD_ACCESS_KEY_ID: "AKIDWRONG",
    AWS_DEFAULT_PROFILE: "other",
    AWS_SDK_LOAD_CONFIG: "1",
    AWS_CONFIG_FILE: "/root/.aws/config",
    AWS_ENDPOINT_URL: "http://localhost:4566",
    AWS_WEB_IDENTITY_TOKEN_FILE: "/token",
    AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://169.254.170.23/v1/credentials",
    NODE_OPTIONS: "--require ./evil.js",
    SLS_AWS_REQUEST_MAX_RETRIES: "0",
    REPRIEVE_AUDIT_LOCK: "GOVERNANCE",
  };

  it("holds the credentials that were resolved, and nothing else of the machine's AWS configuration", () => {
    const credentials = { accessKeyId: "AKID", secretAccessKey: "secret", sessionToken: "token" };
    expect(sealedEnvironment(hostile, "/home", { credentials, region: "eu-west-1" })).toEqual({
      PATH: "/bin",
      HOME: "/home",
      USERPROFILE: "/home",
      AWS_ACCESS_KEY_ID: "AKID",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_SESSION_TOKEN: "token",
      AWS_REGION: "eu-west-1",
      AWS_DEFAULT_REGION: "eu-west-1",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_EC2_METADATA_DISABLED: "true",
    });
  });

  it("holds no credentials where none are given, as for packaging", () => {
    expect(Object.keys(sealedEnvironment(hostile, "/home")).filter((name) => /KEY|TOKEN|PROFILE=/.test(name))).toEqual(
      [],
    );
  });

  it("is refused where a variable would send calls elsewhere than to AWS", () => {
    expect(redirections({ ...hostile, AWS_ENDPOINT_URL_STS: "http://x", AWS_ENDPOINT_URL_S3: "" })).toEqual([
      "AWS_ENDPOINT_URL",
      "AWS_ENDPOINT_URL_STS",
    ]);
  });

  it.each([
    [undefined, false],
    ["2026-11-01T10:15:00.000Z", false],
    ["2026-11-01T10:14:59.000Z", true],
  ])("takes credentials that last for it: until %s", (ends, tooSoon) => {
    const credentials = { accessKeyId: "a", secretAccessKey: "b", ...(ends && { expiration: new Date(ends) }) };
    const why = expiresTooSoon(credentials, Date.parse("2026-11-01T10:00:00.000Z"));
    expect(why !== undefined).toBe(tooSoon);
  });
});

describe("a template's size", () => {
  it.each([
    [499_000, "good"],
    [501_000, "large"],
    [1_000_001, "too large"],
  ])("of %s bytes is %s", (bytes, verdict) => {
    expect(templateSize(JSON.stringify("x".repeat(bytes - 2)))).toMatchObject({ bytes, verdict });
  });
});

describe("the next steps after a deployment", () => {
  const steps = (settings: Partial<StackSettings>) =>
    nextSteps({
      stage: "prod",
      region: "us-east-1",
      endpoint: "https://abc.execute-api.us-east-1.amazonaws.com",
      mode: "observe",
      settings: { ...developmentSettings, ...settings },
    });

  it("ask for both mails to be confirmed", () => {
    const text = steps({ alarmMail: "oncall@example.com", noticeMail: "custodians@example.com" });
    expect(text).toContain('"reprieve-prod-alarms" and "reprieve-prod-tamper" that were mailed to oncall@example.com');
    expect(text).toContain('docs/deployment.md, "Changes of the roles"');
    expect(text).toContain('"reprieve-prod-notices" that was mailed to custodians@example.com');
    expect(text).not.toContain("NOBODY");
  });

  it("say so where nobody is alerted, and where nobody is notified", () => {
    expect(steps({}).match(/NOBODY is \w+/g)).toEqual(["NOBODY is alerted", "NOBODY is notified"]);
    expect(steps({ slackApp: "A0123456789" })).not.toContain("NOBODY is notified");
  });
});
