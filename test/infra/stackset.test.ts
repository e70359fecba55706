import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import validate from "@aws/cloudformation-validate";
import { describe, expect, it } from "vitest";
import type { StackSetOptions } from "../../cli/deploy/deployment-tools.ts";
import { stackSetTemplate } from "../../lib/release/stack-set-template.ts";
import { stackSetCommands } from "../../scripts/deploy/stack-set-commands.ts";
import { parameterFaults, readStackSetOptions } from "../../scripts/deploy/stack-set-plan.ts";
import { packaged } from "../doubles/packaged.ts";

const keys = new Map(
  ["guard", "approval", "votes", "remediation", "notify", "sweep"].map((name) => [
    `${name}.zip`,
    `reprieve/${name}-1.zip`,
  ]),
);

describe("the template for a stack set", () => {
  it("takes the code from a bucket of the region, and has none of its own to deploy from", async () => {
    const { templateFile } = await packaged("prod");
    const made = stackSetTemplate(readFileSync(templateFile, "utf8"), "acme-reprieve", keys);
    const { Resources, Outputs } = JSON.parse(made);
    expect(made).not.toContain("ServerlessDeploymentBucket");
    const code = Object.values<{ Type: string; Properties: { Code: unknown } }>(Resources)
      .filter(({ Type }) => Type === "AWS::Lambda::Function")
      .map(({ Properties }) => Properties.Code);
    const S3Bucket = { "Fn::Sub": `acme-reprieve-\${AWS::Region}` };
    expect(code).toEqual([...keys.values()].map((S3Key) => ({ S3Bucket, S3Key })));
    expect(Object.keys(Outputs)).toContain("HttpApiUrl");
    expect(Buffer.byteLength(made)).toBeLessThan(0.8 * 1_000_000);
  });

  it("is sound for cloudformation-validate: no finding beyond those of the stack's own template", async () => {
    const { templateFile } = await packaged("prod");
    const folder = mkdtempSync(join(tmpdir(), "reprieve-stackset-"));
    const file = join(folder, "template.json");
    writeFileSync(file, stackSetTemplate(readFileSync(templateFile, "utf8"), "acme-reprieve", keys));
    const engine = new validate.RegoEngine();
    const findingsOf = (template: string) =>
      new Set(engine.validateStandard(new validate.TemplateFile(template)).diagnostics.map(({ ruleId }) => ruleId));
    const [own, before] = [findingsOf(file), findingsOf(templateFile)];
    engine.free();
    rmSync(folder, { recursive: true });
    expect([...own].filter((id) => !before.has(id))).toEqual([]);
  });

  it("is not made without a key for each zip", async () => {
    const { templateFile } = await packaged("prod");
    expect(() => stackSetTemplate(readFileSync(templateFile, "utf8"), "acme", new Map())).toThrow("no key was given");
  });
});

const options: StackSetOptions = {
  ...{ bucket: "acme-reprieve", stage: "prod", units: "ou-ab12-cdef3456,r-ab12", regions: "us-east-1,eu-west-1" },
  ...{ maxConcurrent: "3", failureTolerance: "2", parameter: ["AlarmMail=oncall@acme.example", "Monitoring=slim"] },
};
const planOf = (over: Partial<StackSetOptions> = {}) => {
  const read = readStackSetOptions({ ...options, ...over });
  if (!read.ok) throw new Error(read.faults.join());
  return read.plan;
};
const faultsOf = (over: Partial<StackSetOptions>) => {
  const read = readStackSetOptions({ ...options, ...over });
  return read.ok ? [] : read.faults;
};

describe("the commands of a stack set", () => {
  const { upload, create, deploy, protect, update } = stackSetCommands(planOf(), { team: "payments" });

  it("upload the zips to each Region, and the template to the first", () => {
    expect(upload).toEqual([
      "aws s3 sync .build/stackset/zips s3://acme-reprieve-us-east-1/reprieve/ --region us-east-1",
      "aws s3 sync .build/stackset/zips s3://acme-reprieve-eu-west-1/reprieve/ --region eu-west-1",
      "aws s3 cp .build/stackset/template.json s3://acme-reprieve-us-east-1/reprieve/template.json --region us-east-1",
    ]);
  });

  it("create the set with unprotected tables, the parameters and the tags, and the instances within the limits", () => {
    expect(create).toContain(
      "--parameters ParameterKey=TableProtection,ParameterValue=off ParameterKey=AlarmMail,ParameterValue=oncall@acme.example ParameterKey=Monitoring,ParameterValue=slim --tags 'Key=team,Value=payments' 'Key=application,Value=reprieve'",
    );
    expect(create).toContain("--permission-model SERVICE_MANAGED --auto-deployment Enabled=false");
    expect(deploy).toContain(
      "--regions us-east-1 eu-west-1 --deployment-targets OrganizationalUnitIds=ou-ab12-cdef3456,r-ab12",
    );
    for (const command of [deploy, protect, update])
      expect(command).toContain("MaxConcurrentCount=3,FailureToleranceCount=2");
  });

  it("keep every parameter when they protect the tables, and keep that protection when they update", () => {
    expect(protect).toContain(
      "--use-previous-template --capabilities CAPABILITY_NAMED_IAM --parameters ParameterKey=TableProtection,ParameterValue=on ParameterKey=AlarmMail,UsePreviousValue=true ParameterKey=Monitoring,UsePreviousValue=true",
    );
    expect(update).toContain(
      "ParameterKey=TableProtection,UsePreviousValue=true ParameterKey=AlarmMail,ParameterValue=",
    );
  });

  it("are all called as the delegated administrator, or none is", () => {
    const ofSet = (isDelegated: boolean) => {
      const made = stackSetCommands({ ...planOf(), isDelegated }, {});
      return [made.create, made.deploy, made.protect, made.update].map((command) =>
        command.includes("--stack-set-name reprieve-prod --call-as DELEGATED_ADMIN"),
      );
    };
    expect(planOf({ delegatedAdmin: true }).isDelegated).toBe(true);
    expect(ofSet(true)).toEqual([true, true, true, true]);
    expect(ofSet(false)).toEqual([false, false, false, false]);
  });

  it.each<[Partial<StackSetOptions>, string]>([
    [{ bucket: "Acme" }, "--bucket: expected lower-case"],
    [{ stage: "Prod" }, "--stage: expected a stage"],
    [{ units: "ou-1" }, "--units: expected ids such as ou-ab12-cdef3456"],
    [{ units: "" }, "--units: expected ids"],
    [{ regions: "us-east-1,mars" }, "--regions: expected Regions such as us-east-1, found `mars`"],
    [{ maxConcurrent: "0" }, "--max-concurrent: expected a number from 1"],
    [{ failureTolerance: "-1" }, "--failure-tolerance: expected a number from 0"],
    [{ failureTolerance: "x" }, "--failure-tolerance: expected a number from 0"],
    [{ maxConcurrent: "4" }, "--max-concurrent: expected at most one more than --failure-tolerance, 3"],
    [{ parameter: ["AlarmMail"] }, "--parameter: expected Name=value"],
    [{ parameter: ["AlarmMail=$(id)"] }, "--parameter: expected Name=value"],
  ])("are not made of %j", (over, fault) => {
    expect(faultsOf(over).join("\n")).toContain(fault);
  });

  it("take the parameters of the template alone, with values that it takes", async () => {
    const template = readFileSync((await packaged("prod")).templateFile, "utf8");
    const faults = (...parameter: string[]) => parameterFaults(planOf({ parameter }), template);
    const signingKey = "AuditSigningKey=arn:aws:kms:us-east-1:444455556666:key/1234";
    expect(faults("Monitoring=slim", "RolePath=/ops/", "GuardCallsPerSecond=1.5", signingKey)).toEqual([]);
    expect(faults("AlertMail=a@b.example")[0]).toContain("the template has no `AlertMail` to set; it has AlarmMail,");
    expect(faults("TableProtection=on")).toHaveLength(1);
    expect(faults("Monitoring=none", "RolePath=ops", "GuardCallsPerSecond=2", "GuardCallsPerSecond=x")).toEqual([
      ...[
        "Monitoring does not take `none`",
        "RolePath does not take `ops`",
        "GuardCallsPerSecond does not take `x`",
      ].map((text) => `--parameter: ${text}`),
    ]);
  });
});
