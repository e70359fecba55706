import { optionFor } from "../../cli/deploy/stage-answers.ts";
import { tagsYaml } from "./stack-tags.ts";
import { readStageFile } from "./stage-file.ts";
import { stageText } from "./stage-text.ts";

/** The answers to `stageQuestions`, by their names. */
export type Answers = ReadonlyMap<string, string>;

/** Stands for an answer that is not known yet: each is valid, and contradicts no other. */
const samples: Answers = new Map(
  Object.entries({
    ...{ region: "us-east-1", policy: "policy.yaml", auditLock: "GOVERNANCE", retentionDays: "400", rolePath: "/" },
    ...{ slackChannel: "C0123456789", guardCallsPerSecond: "1.5", functionPolicies: "off" },
    ...{ reservedConcurrency: "on", monitoring: "full" },
  }),
);

/** The account of an ARN that was given, and Slack where one of its ids was. */
function samplesFor(answers: Answers): Answers {
  const owner = (name: string) => answers.get(name)?.split(":")[4] ?? "";
  const named = [owner("permissionsBoundary"), owner("cloudFormationRole")].find((id) => /^\d{12}$/.test(id));
  const other = owner("auditKey") === "111122223333" ? "444455556666" : "111122223333";
  const hasSlack = ["slackChannel", "slackEscalation", "slackApp"].some(
    (name) => (answers.get(name) ?? "none") !== "none",
  );
  return new Map([...samples, ["account", named ?? other], ["slackTeam", hasSlack ? "T0123456789" : "none"]]);
}

/** A fault of a stage file, with the name of the answer that it is about, or an empty one. */
export interface AnswerFault {
  readonly name: string;
  readonly message: string;
}

/** Returns what is wrong with `answers`, of which some may be missing; empty if a deployment could accept them. */
export function answerFaults(stage: string, answers: Answers): readonly AnswerFault[] {
  const text = answersText(stage, new Map([...samplesFor(answers), ...answers]));
  if (/^policy: .*\?/m.test(text)) return [{ name: "policy", message: "expected a path without spaces" }];
  if (!isTags(answers.get("tags") ?? "none"))
    return [{ name: "tags", message: "expected name=value,name=value with each name once, or none" }];
  const read = readStageFile(text, "new.yaml");
  return read.ok ? [] : read.faults.map(faultOf);
}

/** Returns a fault as an error of the option that gives the answer. */
export function optionFault({ name, message }: AnswerFault): string {
  return name === "" ? message : `${optionFor(name)}: ${message}`;
}

/** There is no file yet, so that line and column mean nothing, and an answer takes no quotes. */
function faultOf(fault: string): AnswerFault {
  const [, path = "", message = ""] = /^\d+:\d+ (?:(tags\..*?|[\w.-]+): )?(.*)$/s.exec(fault) ?? [];
  const name = path
    .replace(/^places\.0\./, "")
    .replace(/^slack\.(.)/, (_, first: string) => `slack${first.toUpperCase()}`);
  return { name: name.replace(/^tags\..*/, "tags"), message: message.replace(/, in quotes$/, "") };
}

/** Returns the text of a stage file with these answers, and `none` for those that are missing. */
export function answersText(stage: string, answers: Answers): string {
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

function isTags(answer: string): boolean {
  const pairs = answer.split(",");
  const names = new Set(pairs.map((pair) => pair.split("=")[0]));
  return answer === "none" || (names.size === pairs.length && pairs.every((pair) => pair.includes("=")));
}

/** Returns `none`, or the pairs of an answer such as `team=payments,tier=1` as the field's value. */
function tagsOf(answer: string): string {
  if (answer === "none") return answer;
  const pairs = answer
    .split(",")
    .map((pair) => [pair.split("=")[0] ?? "", pair.split("=").slice(1).join("=")] as const);
  return tagsYaml(Object.fromEntries(pairs));
}
