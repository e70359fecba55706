import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import validate from "@aws/cloudformation-validate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { witnessSettings } from "../../functions/witness/settings.ts";
import { witnessLogTable } from "../../functions/witness/witness-log.ts";
import { checkpointText } from "../../lib/domain/log/checkpoint.ts";
import { judgeCosigned } from "../../lib/domain/log/cosigned.ts";
import { leafHash } from "../../lib/domain/log/hash.ts";
import { signedCheckpoint } from "../../lib/domain/log/signed-checkpoint.ts";
import { verifierKey, verifierKeyText } from "../../lib/domain/log/verifier-key.ts";
import { cosignRequestText } from "../../lib/domain/log/witness.ts";
import { LocalSigningKey } from "../../local/aws/kms/signing-key.ts";
import { answer, readBody } from "../../local/world/hub/request.ts";
import { bundleWitness, root } from "../../scripts/bundle.ts";
import { cloudFormationYaml } from "../doubles/cloudformation-yaml.ts";
import { createKey, origin } from "../doubles/log-world.ts";
import { type RunningZip, runZip } from "./runtime-api.ts";

const file = resolve(root, "witness/template.yml");
const text = readFileSync(file, "utf8");

interface Resource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

const { Resources, Parameters } = cloudFormationYaml(text) as {
  Resources: Record<string, Resource>;
  Parameters: Record<string, { AllowedPattern?: string }>;
};
const propertiesOf = (name: string) => Resources[name]?.Properties ?? {};
const ofType = (type: string) => Object.values(Resources).filter(({ Type }) => Type === type);

describe("the witness's template", () => {
  it("has no finding of cloudformation-validate but advice", () => {
    const engine = new validate.RegoEngine();
    const { diagnostics } = engine.validateStandard(new validate.TemplateFile(file));
    engine.free();
    expect(
      diagnostics.map(({ ruleId, message }) => `${ruleId} ${message}`).filter((each) => /^[EF]/.test(each)),
    ).toEqual([]);
  });

  it("has no YAML alias, which CloudFormation does not take", () => {
    expect(text).not.toMatch(/(^|[ [:])[&*]\w+|<<:/m);
  });

  it("gives the function what it reads, and nothing else", () => {
    const { Variables } = propertiesOf("Function")["Environment"] as { Variables: Record<string, unknown> };
    expect(
      Object.keys(Variables)
        .filter((name) => !name.startsWith("POWERTOOLS_"))
        .sort(),
    ).toEqual(Object.keys(witnessSettings.entries).sort());
  });

  it("has an alarm for each metric, under the dimension that the function counts in", () => {
    const metrics = ofType("AWS::CloudWatch::Alarm").map(({ Properties }) => Properties["MetricName"]);
    const counted = Object.values(witnessLogTable).flatMap(({ counts }) => counts?.({ grownBy: 1 }) ?? []);
    expect(metrics.sort()).toEqual([...counted].sort());
    for (const { Properties } of ofType("AWS::CloudWatch::Alarm"))
      expect(Properties).toMatchObject({
        Namespace: "reprieve-witness",
        Dimensions: [{ Name: "service", Value: { Ref: "WitnessName" } }],
        AlarmActions: [{ Ref: "Topic" }],
      });
  });

  it("alarms when the log has not grown for two hours, also when nobody asks", () => {
    expect(propertiesOf("NoCheckpointAlarm")).toMatchObject({
      ...{ MetricName: "CheckpointsCosigned", Statistic: "Sum", Period: 3600, EvaluationPeriods: 2 },
      ...{ Threshold: 1, ComparisonOperator: "LessThanThreshold", TreatMissingData: "breaching" },
    });
  });

  it("lets the function read and write its one item, and sign; it cannot forget", () => {
    const [policy] = propertiesOf("Role")["Policies"] as { PolicyDocument: { Statement: object[] } }[];
    const statements = policy?.PolicyDocument.Statement as { Action: string[]; Resource: unknown }[];
    expect(statements.flatMap(({ Action }) => Action)).toEqual([
      ...["dynamodb:GetItem", "dynamodb:UpdateItem", "kms:Sign", "kms:GetPublicKey"],
      ...["logs:CreateLogStream", "logs:PutLogEvents"],
    ]);
    for (const { Resource } of statements) expect(Resource).not.toBe("*");
  });

  it("lets the sweep's role alone ask, and only through the URL", () => {
    expect(propertiesOf("Url")).toMatchObject({ AuthType: "AWS_IAM" });
    expect(ofType("AWS::Lambda::Permission").map(({ Properties: { FunctionName: _, ...rest } }) => rest)).toEqual([
      { Action: "lambda:InvokeFunctionUrl", Principal: { Ref: "SweepRoleArn" }, FunctionUrlAuthType: "AWS_IAM" },
      { Action: "lambda:InvokeFunction", Principal: { Ref: "SweepRoleArn" }, InvokedViaFunctionUrl: true },
    ]);
  });

  it("keeps key, memory and log when the stack is deleted", () => {
    for (const name of ["SigningKey", "Memory", "Logs"])
      expect(Resources[name]?.DeletionPolicy).toBe("RetainExceptOnCreate");
    expect(propertiesOf("Memory")).toMatchObject({ DeletionProtectionEnabled: true });
    expect(propertiesOf("SigningKey")).toMatchObject({ KeySpec: "ECC_NIST_EDWARDS25519", KeyUsage: "SIGN_VERIFY" });
  });

  it("asks for a name that verifier keys can have", () => {
    const pattern = new RegExp(`^(${Parameters["WitnessName"]?.AllowedPattern ?? ""})$`);
    expect(["witness.example.com/payments-prod", "a b", "a+b", ""].map((name) => pattern.test(name))).toEqual([
      ...[true, false, false, false],
    ]);
  });
});

describe("the witness's zip, as Lambda runs it", () => {
  const keyArn = "arn:aws:kms:us-east-1:444455556666:key/cosign";
  const name = "witness.example.com/payments-prod";
  const signing = new LocalSigningKey({ keyArn, seed: "witness" });
  const folder = mkdtempSync(join(tmpdir(), "reprieve-witness-"));
  const updates: { readonly ConditionExpression: string }[] = [];
  let server: Server;
  let running: RunningZip;

  beforeAll(async () => {
    server = createServer((request, response) => {
      void readBody(request).then((body) => {
        const [service = "", operation = ""] = String(request.headers["x-amz-target"]).split(".");
        const read = JSON.parse(String(body));
        if (service === "TrentService") return answer(response, signing.handle(operation, read));
        if (operation === "UpdateItem") updates.push(read);
        return answer(response, { status: 200, body: {} });
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { folder: task } = await bundleWitness(folder);
    running = await runZip(task, "index.handler", {
      ...{
        LOG_KEYS: verifierKeyText(await logPair.signer.key()),
        WITNESS_NAME: name,
        SIGNING_KEY: keyArn,
        TABLE: "memory",
      },
      ...{ AWS_REGION: "us-east-1", AWS_ENDPOINT_URL: endpoint, AWS_LAMBDA_FUNCTION_NAME: "reprieve-witness-x" },
      ...{ AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local", AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "256" },
    });
  });
  afterAll(async () => {
    await running.stop();
    server.close();
    rmSync(folder, { recursive: true });
  });

  const logPair = createKey();

  it("cosigns a first checkpoint with the key in KMS, after it has kept it", async () => {
    const checkpoint = { origin, size: 3, root: leafHash("root") };
    const note = signedCheckpoint(
      checkpoint,
      await logPair.signer.key(),
      await logPair.signer.sign(checkpointText(checkpoint)),
    );
    const event = {
      ...{ version: "2.0", rawPath: "/add-checkpoint", headers: {}, isBase64Encoded: false },
      ...{ requestContext: { http: { method: "POST" } }, body: cosignRequestText(0, [], note) },
    };
    const { statusCode, body } = (await running.invoke(event)) as { statusCode: number; body: string };
    expect(statusCode).toBe(200);
    const key = verifierKey(name, "cosignature", signing.publicKey.subarray(12));
    expect(judgeCosigned(`${note}${body}`, checkpoint, key)).toBe("right");
    expect(updates).toMatchObject([{ TableName: "memory", ConditionExpression: expect.stringContaining("#size") }]);
  }, 30_000);
});
