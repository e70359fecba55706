import { useState } from "preact/hooks";
import { timeText } from "../../../lib/notices/words.ts";
import type { DatedFinding, StackPart } from "../parts.ts";
import { ageText } from "./row-words.ts";
import { post } from "./session.ts";

/** A finding that is older (ms) shows its age. */
const freshMs = 10 * 60_000;
const marks = { good: "✓", bad: "✗", unknown: "?" } as const;

interface StackProps {
  readonly stacks: readonly StackPart[];
  readonly now: number;
  readonly hurry: () => void;
}

/** Whether each stack works, which policy it runs, and when it was read. */
export function StackPanel({ stacks, now, hurry }: StackProps) {
  const [asked, setAsked] = useState(false);
  const canCheck = stacks.some(({ isLocal }) => !isLocal);
  const isChecking = asked || stacks.some((stack) => stack.isChecking);
  const check = async () => {
    setAsked(true);
    await post("/check").catch(() => undefined);
    hurry();
    setTimeout(() => setAsked(false), 1_000);
  };
  return (
    <section class="panel health" aria-labelledby="health-title">
      <div class="heading">
        <h2 id="health-title">Health and policy</h2>
        {canCheck ? (
          <button type="button" class="small" disabled={isChecking} onClick={() => void check()}>
            {isChecking ? "Checking …" : "Check now"}
          </button>
        ) : null}
      </div>
      {stacks.map((stack) => (
        <OneStack key={stack.place} stack={stack} now={now} isOnly={stacks.length === 1} />
      ))}
    </section>
  );
}

function OneStack({
  stack,
  now,
  isOnly,
}: {
  readonly stack: StackPart;
  readonly now: number;
  readonly isOnly: boolean;
}) {
  const { title, isLocal, findings, lastDecided, roundAt, caller } = stack;
  return (
    <div class="stack">
      {isOnly ? null : <h3>{title}</h3>}
      {isLocal ? (
        <p class="note">The local world has no functions, topics or schedules to look at.</p>
      ) : (
        <Checks findings={findings} now={now} />
      )}
      <dl class="facts">
        <dt>Newest decision</dt>
        <dd>
          {lastDecided === undefined
            ? "none yet"
            : `policy ${lastDecided.policyHash.slice(0, 12)}, mode ${lastDecided.mode}, ${timeText(lastDecided.at)}`}
        </dd>
        <dt>All chains read</dt>
        <dd>{roundAt === undefined ? "not yet" : `${ageText(now - roundAt)} ago`}</dd>
        <dt>Read as</dt>
        <dd>{caller || "unknown"}</dd>
      </dl>
    </div>
  );
}

interface FindingsProps {
  readonly findings: readonly DatedFinding[];
  readonly now: number;
}

function Checks({ findings, now }: FindingsProps) {
  const bad = findings.filter(({ verdict }) => verdict !== "good");
  const good = findings.filter(({ verdict }) => verdict === "good");
  if (findings.length === 0) return <p class="mark warn">not checked yet</p>;
  const isBad = bad.some(({ verdict }) => verdict === "bad");
  const text =
    bad.length === 0 ? "everything that was checked is fine" : `${bad.length} of ${findings.length} checks need a look`;
  return (
    <>
      <p class={`mark ${isBad ? "bad" : bad.length > 0 ? "warn" : "good"}`}>{text}</p>
      <Findings findings={bad} now={now} />
      {good.length === 0 ? null : (
        <details>
          <summary>{good.length} checks are fine</summary>
          <Findings findings={good} now={now} />
        </details>
      )}
    </>
  );
}

function Findings({ findings, now }: FindingsProps) {
  return (
    <ul class="findings">
      {findings.map(({ subject, verdict, found, needs, at }) => (
        <li key={subject}>
          <span class={`mark ${verdict === "unknown" ? "warn" : verdict}`}>
            {marks[verdict]} {subject}
          </span>{" "}
          {found}
          {needs === undefined ? "" : ` (not checked; needs ${needs})`}
          {now - at > freshMs ? <small> checked {ageText(now - at)} ago</small> : null}
        </li>
      ))}
    </ul>
  );
}
