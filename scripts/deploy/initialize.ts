import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import pc from "picocolors";
import type { InitOptions } from "../../cli/deploy/deployment-tools.ts";
import { optionFor, type StageQuestion, stageQuestions } from "../../cli/deploy/stage-answers.ts";
import { InputError, UsageError } from "../../cli/shell/input-error.ts";
import { quoted } from "../../lib/domain/printable-text.ts";
import { isStage } from "../../lib/domain/stack-place.ts";
import { type Answers, answerFaults, answersText, optionFault } from "./answers-text.ts";
import { stageFileOf } from "./load-stage.ts";

/** Asks a person; an empty answer takes what is proposed. Undefined ends the questions. */
export type Ask = (question: string) => Promise<string | undefined>;

/**
 * Writes the stage's file from the options, and from the answers of `ask` where no option answers. Asks again until an answer is valid. Returns true. Throws a
 * UsageError if an answer is missing or an option is invalid, and an InputError if there is such a file already or the questions were ended; nothing is
 * written then.
 */
export async function initialize(options: InitOptions, ask: Ask | undefined): Promise<boolean> {
  const { stage = "", file, json = false } = options;
  if (!isStage(stage)) throw new UsageError(`expected a stage such as prod, found ${quoted(stage)}`);
  const path = stageFileOf(stage, file);
  if (existsSync(path)) throw new InputError(`${path} exists, and is not overwritten: edit it, or delete it first`);
  const answers = await answered(stage, options, ask);
  mkdirSync(dirname(path), { recursive: true });
  // `wx`: a file that came meanwhile is not overwritten either.
  writeFileSync(path, answersText(stage, answers), { flag: "wx" });
  if (json) console.log(JSON.stringify({ ok: true, stage, file: path }));
  else console.log(`${pc.green("✓")} ${path}\n${missingPolicy(path, answers)}\n${nextStep(stage, file)}`);
  return true;
}

/** The policy may be written after the stage's file. */
function missingPolicy(path: string, answers: Answers): string {
  const policy = resolve(dirname(path), answers.get("policy") ?? "");
  return existsSync(policy) ? "" : `${pc.yellow("!")} there is no policy at ${policy} yet\n`;
}

function nextStep(stage: string, file: string | undefined): string {
  const named = file === undefined ? "" : ` --file ${file}`;
  return `Review it, commit it, and check it: npm run deploy -- --stage ${stage}${named} --check`;
}

/** Checks every option before it asks the first question. */
async function answered(stage: string, options: InitOptions, ask: Ask | undefined): Promise<Answers> {
  const given = new Map<string, string>();
  for (const { name } of stageQuestions) {
    const option = options[name];
    if (typeof option === "string") given.set(name, option);
  }
  const faults = answerFaults(stage, given).map(optionFault);
  if (faults.length > 0) throw new UsageError(["nothing was written:", ...faults].join("\n"));
  const answers = new Map(given);
  const missing: string[] = [];
  for (const question of stageQuestions) {
    const { name, otherwise, withSlack = false } = question;
    if (answers.has(name) || (withSlack && answers.get("slackTeam") === "none")) continue;
    const answer = ask === undefined ? otherwise : await validAnswer(stage, question, answers, ask);
    if (answer === undefined) missing.push(optionFor(name));
    else answers.set(name, answer);
  }
  if (missing.length === 0) return answers;
  throw new UsageError(`no terminal to ask at, and these options are missing: ${missing.join(", ")}`);
}

/** Asks until the answer is valid beside those that were given before. Throws an InputError if the questions are ended. */
async function validAnswer(stage: string, question: StageQuestion, before: Answers, ask: Ask): Promise<string> {
  const { name, otherwise } = question;
  let prompt = `${question.question}${otherwise === undefined ? "" : ` [${otherwise}]`}: `;
  const plain = prompt;
  for (;;) {
    const typed = await ask(prompt);
    if (typed === undefined) throw new InputError("ended before the last answer: nothing was written");
    const answer = typed.trim() === "" ? (otherwise ?? "") : typed.trim();
    const [fault] = answerFaults(stage, new Map([...before, [name, answer]]));
    if (fault === undefined) return answer;
    const isOther = fault.name !== name && fault.name !== "";
    prompt = `${pc.red("✗")} ${isOther ? `${fault.name}: ` : ""}${fault.message}\n${plain}`;
  }
}
