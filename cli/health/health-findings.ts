import { printableText } from "../../lib/domain/printable-text.ts";
import { errorText } from "../shell/error-text.ts";
import { audienceFindings } from "./audience-findings.ts";
import { type Finding, judged } from "./finding.ts";
import { functionFindings } from "./function-findings.ts";
import type { HealthSubject, RecentFigures, StackHealth } from "./stack-health.ts";

/** A log that is older than this (s) has an alarm. */
const maxLogAgeSeconds = 7_200;

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
    ask(health.recentFigures, ["restore probe", "audit log"], "cloudwatch:GetMetricData", figureFindings),
    ask(
      async () => ({ audience: await health.audience(), secretsSet: await health.secretsSet() }),
      ["alarm mail", "tamper mail", "notices", "secrets"],
      "cloudformation:DescribeStacks, sns:ListSubscriptionsByTopic, secretsmanager:DescribeSecret",
      (answer) => audienceFindings(answer, stack),
    ),
  ]);
  return parts.flat();
}

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

/** The guard and the sweep try RestoreKey once an hour; the log is written every five minutes. */
function figureFindings({ heartbeats = 0, restoresDenied = 0, logAgeSeconds }: RecentFigures): readonly Finding[] {
  return [probeFinding(heartbeats, restoresDenied), logFinding(logAgeSeconds)];
}

function probeFinding(heartbeats: number, restoresDenied: number): Finding {
  const subject = "restore probe";
  if (restoresDenied > 0) {
    const found =
      "RestoreKey was DENIED to the guard or the sweep: look for an SCP or a permissions boundary (docs/runbook.md, restore-denied)";
    return { subject, verdict: "bad", found };
  }
  return heartbeats > 0
    ? {
        subject,
        verdict: "good",
        found: "guard and sweep tried RestoreKey in the last two hours, and it is not denied",
      }
    : {
        subject,
        verdict: "bad",
        found:
          "no heartbeat in the last two hours: wait an hour after a first deployment, else docs/runbook.md, heartbeat-missing",
      };
}

function logFinding(ageSeconds: number | undefined): Finding {
  const subject = "audit log";
  if (ageSeconds === undefined) {
    const found =
      "its age is unknown, as no sweep published it in the last hour: wait an hour after a first deployment, else docs/runbook.md, sweep-not-run";
    return { subject, verdict: "bad", found };
  }
  const text = `${Math.round(ageSeconds / 60)} min behind`;
  return ageSeconds <= maxLogAgeSeconds
    ? { subject, verdict: "good", found: text }
    : {
        subject,
        verdict: "bad",
        found: `${text}: newer entries can be changed without a trace (docs/runbook.md, log-age)`,
      };
}
