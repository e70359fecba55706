import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline/promises";
import pc from "picocolors";
import type { InitOptions } from "../../cli/deploy/deployment-tools.ts";
import { optionFor, type StageQuestion, stageQuestions } from "../../cli/deploy/stage-answers.ts";
import { InputError, UsageError } from "../../cli/shell/input-error.ts";
import { quoted } from "../../lib/domain/printable-text.ts";
import { isStage } from "../../lib/domain/stack-place.ts";
import { stageFileOf } from "./load-stage.ts";
import { tagsYaml } from "./stack-tags.ts";
import { readStageFile } from "./stage-file.ts";
import { stageText } from "./stage-text.ts";

/** Asks a person; an empty answer takes what is proposed. */
export type Ask = (question: string) => Promise<string>;

/**
 * Writes the stage's file from the options, and from the answers of `ask` where no option answers. Returns true. Throws a UsageError if an answer is missing or
 * the file would not be accepted, and an InputError if there is such a file already; nothing is written then.
 */
export async function initialize(options: InitOptions, ask: Ask | undefined): Promise<boolean> {
  const { stage = "", file, json = false } = options;
  if (!isStage(stage)) throw new UsageError(`expected a stage such as prod, found ${quoted(stage)}`);
  const path = stageFileOf(stage, file);
  if (existsSync(path)) throw new InputError(`${path} exists, and is not overwritten: edit it, or delete it first`);
  const text = textOf(stage, await answered(options, ask));
  if (/^policy: .*\?/m.test(text)) throw new UsageError("--policy: expected a path without spaces");
  const read = readStageFile(text, path);
  if (!read.ok) throw new UsageError(`nothing was written:\n${read.faults.map(withoutPlace).join("\n")}`);
  mkdirSync(dirname(path), { recursive: true });
  // `wx`: a file that came meanwhile is not overwritten either.
  writeFileSync(path, text, { flag: "wx" });
  if (json) console.log(JSON.stringify({ ok: true, stage, file: path }));
  else
    console.log(
      `${pc.green("✓")} ${path}\n\nReview it, commit it, and check it: reprieve deploy --stage ${stage} --check`,
    );
  return true;
}

type Answers = ReadonlyMap<string, string>;

async function answered(options: InitOptions, ask: Ask | undefined): Promise<Answers> {
  const answers = new Map<string, string>();
  const missing: string[] = [];
  for (const question of stageQuestions) {
    const { name, otherwise } = question;
    if (question.withSlack && answers.get("slackTeam") === "none") continue;
    const option = options[name];
    const answer = typeof option === "string" ? option : ask === undefined ? otherwise : await answerTo(question, ask);
    if (answer === undefined) missing.push(optionFor(name));
    else answers.set(name, answer);
  }
  if (missing.length > 0)
    throw new UsageError(`no terminal to ask at, and these options are missing: ${missing.join(", ")}`);
  return answers;
}

async function answerTo({ question, otherwise }: StageQuestion, ask: Ask): Promise<string> {
  const answer = (await ask(`${question}${otherwise === undefined ? "" : ` [${otherwise}]`}: `)).trim();
  return answer === "" ? (otherwise ?? "") : answer;
}

function textOf(stage: string, answers: Answers): string {
  // An answer is one value on one line, whatever it holds.
  const value = (name: string) => (answers.get(name) ?? "none").replaceAll(/[^\w+=,.@/:%-]/g, "?");
  const slack = `{ team: ${value("slackTeam")}, channel: ${value("slackChannel")}, escalation: ${value("slackEscalation")} }`;
  return stageText({
    stage,
    ...{ account: value("account"), region: value("region"), profile: value("profile"), slackApp: value("slackApp") },
    ...{
      policy: value("policy"),
      alarmMail: value("alarmMail"),
      noticeMail: value("noticeMail"),
      auditLock: value("auditLock"),
    },
    ...{ retentionDays: value("retentionDays"), signingKey: value("signingKey"), auditKey: value("auditKey") },
    // It is made after the stack whose role it lets in.
    witness: "none",
    slack: value("slackTeam") === "none" ? "none" : slack,
    ...{ guardCallsPerSecond: value("guardCallsPerSecond"), deployerRole: value("deployerRole") },
    ...{ breakGlassRole: value("breakGlassRole"), functionPolicies: value("functionPolicies") },
    ...{ permissionsBoundary: value("permissionsBoundary"), rolePath: value("rolePath") },
    ...{ tags: tagsOf(answers.get("tags") ?? "none"), cloudFormationRole: value("cloudFormationRole") },
    ...{ reservedConcurrency: value("reservedConcurrency"), monitoring: value("monitoring") },
  });
}

/** Returns `none`, or the pairs of an answer such as `team=payments,tier=1` as the field's value. */
function tagsOf(answer: string): string {
  if (answer === "none") return answer;
  const pairs = answer
    .split(",")
    .map((pair) => [pair.split("=")[0] ?? "", pair.split("=").slice(1).join("=")] as const);
  return tagsYaml(Object.fromEntries(pairs));
}

/** The file does not exist, so its lines mean nothing to anyone. */
function withoutPlace(fault: string): string {
  return fault.replace(/^\d+:\d+ /, "");
}

/** Asks at the terminal. */
export async function askAtTerminal(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}
