import type { Finding } from "./finding.ts";
import type { RecentFigures, SlimFigures } from "./stack-health.ts";

/** A log that is older than this (s) has an alarm. */
const maxLogAgeSeconds = 7_200;

/** Returns what the figures say of the way to a restore, and of the log. The guard and the sweep try RestoreKey once an hour; the log is written every five minutes. */
export function figureFindings(figures: RecentFigures | SlimFigures): readonly Finding[] {
  if (figures.monitoring === "slim") return slimFindings(figures);
  const { heartbeats = 0, restoresDenied = 0, logAgeSeconds } = figures;
  return [probeFinding(heartbeats, restoresDenied), logFinding(logAgeSeconds)];
}

/** Slim monitoring publishes only failures: their absence proves nothing unless sweeps ran. */
function slimFindings({ sweeps, failedSweeps, keyAtRisk, needsALook }: SlimFigures): readonly Finding[] {
  const ran = sweeps - failedSweeps;
  const nothing = `${ran} of ${sweeps} sweeps ended well in the last two hours`;
  const noSweep = `${nothing}: wait for a first deployment's first sweep, else docs/runbook.md, sweep-not-run`;
  const findingOf = (subject: string, count: number, good: string, alarm: string): Finding => {
    if (ran <= 0) return { subject, verdict: "bad", found: noSweep };
    if (count === 0) return { subject, verdict: "good", found: `${nothing}, and ${good}` };
    return { subject, verdict: "bad", found: `${count} failures in the last two hours: docs/runbook.md, ${alarm}` };
  };
  return [
    findingOf("restore probe", keyAtRisk, "no RestoreKey was denied", "slim-key-at-risk"),
    findingOf("audit log", needsALook, "none found it old or contradicted", "slim-needs-a-look"),
  ];
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
