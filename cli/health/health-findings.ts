import { printableText } from "../../lib/domain/printable-text.ts";
import { errorText } from "../shell/error-text.ts";
import { audienceFindings } from "./audience-findings.ts";
import { figureFindings } from "./figure-findings.ts";
import { type Finding, judged } from "./finding.ts";
import { functionFindings } from "./function-findings.ts";
import type { HealthSubject, StackHealth } from "./stack-health.ts";

/** Returns what is wrong with a deployed stack, and what to do; all good only if people would be notified. Reads, and nothing else. */
export async function healthFindings(health: StackHealth, stack: HealthSubject): Promise<readonly Finding[]> {
  const ask = async <Answer>(
    probe: () => Promise<Answer>,
    subjects: readonly string[],
    needs: string,
    judge: (answer: Answer) => readonly Finding[],
  ) => await judged(probe, judge, { subjects, needs, text: (error) => errorText(error, 300) });
  const { stackName, region } = stack;
  const parts = await Promise.all([
    ask(health.functions, ["functions"], functionPermissions, (each) => functionFindings(each, stack)),
    ask(health.scheduleState, ["schedule"], "scheduler:GetSchedule", (state) => [scheduleFinding(state, stackName)]),
    ask(health.tableIsProtected, ["table"], "dynamodb:DescribeTable", (isOn) => [tableFinding(isOn, stack)]),
    ask(health.keyState, ["stack key"], "kms:DescribeKey", (state) => [keyFinding(state, stackName, region)]),
    ask(health.recentFigures, ["restore probe", "audit log"], figurePermissions, figureFindings),
    ask(
      async () => ({ audience: await health.audience(), secretsSet: await health.secretsSet() }),
      ["alarm mail", "tamper mail", "notices", "secrets"],
      "cloudformation:DescribeStacks, sns:ListSubscriptionsByTopic, secretsmanager:DescribeSecret",
      (answer) => audienceFindings(answer, stack),
    ),
  ]);
  return parts.flat();
}

const figurePermissions = "cloudformation:DescribeStacks, cloudwatch:GetMetricData";
const functionPermissions =
  "cloudformation:DescribeStacks, lambda:GetFunctionConcurrency, lambda:ListEventSourceMappings";

function scheduleFinding(state: string, stackName: string): Finding {
  const subject = "schedule";
  if (state === "ENABLED") return { subject, verdict: "good", found: "the sweep runs every five minutes" };
  const found = `${printableText(state, 30)}: no sweep looks for lost events. Enable ${stackName}-sweep in EventBridge Scheduler (docs/runbook.md, By hand)`;
  return { subject, verdict: "bad", found };
}

function tableFinding(isProtected: boolean, { stackName, region, stage }: HealthSubject): Finding {
  const subject = "table";
  if (isProtected) return { subject, verdict: "good", found: "refuses its deletion" };
  const found = `can be deleted: deploy again (reprieve deploy --stage ${stage}), or \`aws cloudformation update-stack --region ${region} --stack-name ${stackName} --use-previous-template\` with TableProtection=on`;
  return { subject, verdict: "bad", found };
}

function keyFinding(state: string, stackName: string, region: string): Finding {
  const subject = "stack key";
  if (state === "Enabled") return { subject, verdict: "good", found: "enabled" };
  const found = `${printableText(state, 30)}: nobody is notified and no vote counts. \`aws kms enable-key\`, after \`aws kms cancel-key-deletion\` if it is pending deletion, on alias/${stackName} in ${region}`;
  return { subject, verdict: "bad", found };
}
