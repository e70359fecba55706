import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { InitOptions } from "../../cli/deploy/deployment-tools.ts";
import { optionFor, stageQuestions } from "../../cli/deploy/stage-answers.ts";
import { InputError, UsageError } from "../../cli/shell/input-error.ts";
import { initialize } from "../../scripts/deploy/initialize.ts";
import { readStageFile } from "../../scripts/deploy/stage-file.ts";

const folder = mkdtempSync(join(tmpdir(), "reprieve-init-"));
afterAll(() => rmSync(folder, { recursive: true }));
let printed: string[] = [];
beforeEach(() => {
  printed = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void printed.push(line));
});
afterEach(() => vi.restoreAllMocks());

let files = 0;
const newFile = () => join(folder, `${++files}`, "prod.yaml");
const answers = {
  ...{ account: "111122223333", region: "us-east-1", alarmMail: "oncall@acme.example", noticeMail: "none" },
  ...{ auditLock: "GOVERNANCE", retentionDays: "400", signingKey: "none", slackTeam: "none" },
  ...{ deployerRole: "none", breakGlassRole: "arn:aws:iam::111122223333:role/ops/break-glass" },
};
const slack = { slackTeam: "T0123456789", slackChannel: "C0123456789", slackApp: "A0123456789" };
const made = async (options: InitOptions) => {
  const file = newFile();
  await initialize({ stage: "prod", file, ...options }, undefined);
  return { file, text: readFileSync(file, "utf8") };
};
const failed = async (options: InitOptions, file = newFile()) => {
  const error = await initialize({ stage: "prod", file, ...options }, undefined).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { error, message: error instanceof Error ? error.message : "", wasWritten: existsSync(file) };
};

describe("deploy init", () => {
  it("writes a file that a deployment accepts, with a comment on every field", async () => {
    const { file, text } = await made(answers);
    expect(readStageFile(text, file)).toMatchObject({
      ok: true,
      file: {
        stage: "prod",
        places: [{ account: "111122223333", region: "us-east-1", profile: "none" }],
        settings: {
          alarmMail: "oncall@acme.example",
          retentionDays: 400,
          guardCallsPerSecond: 1.5,
          functionPolicies: "off",
        },
      },
    });
    const fields = [...text.matchAll(/^(\w+):/gm)].map(([, name]) => name);
    // The stage is named by the first line, and the second of two roles shares a comment.
    const bare = fields.filter((name) => !new RegExp(`^#.*\n${name}:`, "m").test(text));
    expect(bare).toEqual(["breakGlassRole"]);
    expect(printed.join("\n")).toContain(`npm run deploy -- --stage prod --file ${file} --check`);
  });

  it("writes Slack's ids, and proposes nobody for escalations", async () => {
    const { file, text } = await made({ ...answers, ...slack });
    expect(readStageFile(text, file)).toMatchObject({
      file: { places: [{ settings: { ...slack, slackEscalation: "none" } }] },
    });
  });

  it("answers with one JSON object", async () => {
    const { file } = await made({ ...answers, json: true });
    expect(printed.map((line) => JSON.parse(line))).toEqual([{ ok: true, stage: "prod", file }]);
  });

  it("overwrites nothing", async () => {
    const file = join(folder, "mine.yaml");
    writeFileSync(file, "mine");
    const { error, message } = await failed(answers, file);
    expect(error).toBeInstanceOf(InputError);
    expect(message).toContain("is not overwritten");
    expect(readFileSync(file, "utf8")).toBe("mine");
  });

  it("names every option that is missing where it has nobody to ask", async () => {
    const { error, message, wasWritten } = await failed({ region: "us-east-1", slackTeam: "T0123456789" });
    expect(error).toBeInstanceOf(UsageError);
    expect(message).toContain(
      "--account, --alarm-mail, --notice-mail, --audit-lock, --retention-days, --signing-key, --slack-channel, --slack-app, --deployer-role, --break-glass-role",
    );
    expect(wasWritten).toBe(false);
  });

  it.each<[InitOptions, string]>([
    [{ account: "1234" }, "--account: expected an account id of 12 digits"],
    [{ retentionDays: "30" }, "--retention-days: expected a number of days from 365"],
    [{ auditLock: "none" }, "--audit-lock: expected GOVERNANCE or COMPLIANCE"],
    [{ alarmMail: "a@b.example\nstage: dev" }, "--alarm-mail: expected a mail address"],
    [{ signingKey: "none # comment" }, "--signing-key: expected the ARN of a KMS key"],
    [{ ...slack, slackChannel: "#cases" }, "--slack-channel: expected the id of a Slack channel"],
    [{ tags: "aws:x=1" }, "--tags: expected a tag name"],
    [{ tags: "a=1,a=2" }, "--tags: expected name=value,name=value with each name once"],
    [{ tags: "payments" }, "--tags: expected name=value"],
    [{ permissionsBoundary: "arn:aws:iam::444455556666:policy/b" }, "--permissions-boundary: expected an ARN of"],
    [{ policy: "../my policy.yaml" }, "--policy: expected a path without spaces"],
    [{ stage: "Prod" }, "expected a stage such as prod, found `Prod`"],
  ])("writes nothing for %j", async (over, text) => {
    const { error, message, wasWritten } = await failed({ ...answers, ...over });
    expect(error).toBeInstanceOf(UsageError);
    expect(message).toContain(text);
    expect(wasWritten).toBe(false);
  });

  it("asks for what no option answers, and takes its proposal for an empty answer", async () => {
    const file = newFile();
    const asked: string[] = [];
    const replies: Record<string, string> = { ...answers, slackTeam: "none" };
    await initialize({ stage: "prod", file, account: "444455556666" }, async (question) => {
      asked.push(question);
      const { name = "" } = stageQuestions.find((each) => question.startsWith(each.question)) ?? {};
      return replies[name] ?? "";
    });
    expect(asked.some((question) => question.includes("AWS account"))).toBe(false);
    expect(asked.some((question) => question.includes("channel"))).toBe(false);
    expect(readStageFile(readFileSync(file, "utf8"), file)).toMatchObject({
      file: { places: [{ account: "444455556666", profile: "none" }] },
    });
  });

  it.each<[string, readonly string[], string]>([
    ["account", ["", "1234", "444455556666"], "expected an account id of 12 digits\n"],
    ["retentionDays", ["many", "30", "400"], "expected a number of days from 365 to 36500\n"],
    ["auditLock", ["governance", "GOVERNANCE"], "expected GOVERNANCE or COMPLIANCE\n"],
    ["functionPolicies", ["yes", "on"], "expected on or off\n"],
    ["policy", ["../my policy.yaml", "policy.yaml"], "expected a path without spaces\n"],
    ["cloudFormationRole", ["arn:aws:iam::444455556666:role/cfn", "none"], "expected an ARN of `111122223333`"],
    ["slackTeam", ["#team", "none"], "expected the id of a Slack team\n"],
  ])("asks for %s again until the answer is valid", async (name, typed, expected) => {
    const file = newFile();
    const asked: string[] = [];
    const left = [...typed];
    const { [name]: _, ...others } = answers as Record<string, string>;
    await initialize({ stage: "prod", file, ...others }, async (prompt) => {
      const isAsked = stageQuestions.some((each) => each.name === name && prompt.includes(each.question));
      if (!isAsked) return "";
      asked.push(prompt);
      return left.shift();
    });
    expect(asked).toHaveLength(typed.length);
    expect(asked[0]).not.toContain("✗");
    expect(asked.at(-1)).toContain(expected);
    expect(readStageFile(readFileSync(file, "utf8"), file).ok).toBe(true);
  });

  it.each<[string, InitOptions]>([
    ["a boundary", { permissionsBoundary: "arn:aws:iam::444455556666:policy/b" }],
    ["a role of CloudFormation", { cloudFormationRole: "arn:aws:iam::444455556666:role/cfn" }],
    ["a key", { auditKey: "arn:aws:kms:us-east-1:111122223333:key/k" }],
    ["a Slack app", { slackApp: "A0123456789", slackChannel: "C0123456789" }],
  ])("takes %s as an option before it asks for what it depends on", async (_, options) => {
    const replies: Record<string, string> = { ...answers, ...slack, account: "444455556666" };
    const file = newFile();
    await initialize({ stage: "prod", file, ...options }, async (prompt) => {
      expect(prompt).not.toContain("✗");
      const { name = "" } = stageQuestions.find((each) => prompt.includes(each.question)) ?? {};
      return replies[name] ?? "";
    });
    expect(readStageFile(readFileSync(file, "utf8"), file).ok).toBe(true);
  });

  it("refuses an invalid option before the first question", async () => {
    const ask = vi.fn(async () => "");
    const error = await initialize({ stage: "prod", file: newFile(), auditLock: "none" }, ask).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(UsageError);
    expect(ask).not.toHaveBeenCalled();
  });

  it("writes nothing if the questions are ended", async () => {
    const file = newFile();
    const replies = ["111122223333", undefined];
    const error = await initialize({ stage: "prod", file }, async () => replies.shift()).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(InputError);
    expect([existsSync(file), replies]).toEqual([false, []]);
  });

  it("warns of a policy that does not exist yet", async () => {
    await made(answers);
    expect(printed.join("\n")).toMatch(/there is no policy at .*policy\/policy\.yaml yet/);
  });

  it("has an option for each question", () => {
    expect(stageQuestions.map(({ name }) => optionFor(name))).toContain("--guard-calls-per-second");
  });
});
