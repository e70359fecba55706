import type { ComponentChildren } from "preact";
import { durationText, timeText } from "../../../lib/notices/words.ts";
import type { ChainPart, Row } from "../parts.ts";
import { CopyButton } from "./copy-button.tsx";
import { StateMark } from "./rows-panel.tsx";
import { Timeline } from "./timeline.tsx";
import { leftText, usageText } from "./words.ts";

interface RowViewProps {
  readonly row: Row;
  /** Undefined until it is loaded. */
  readonly chain: ChainPart | undefined;
  readonly now: number;
  /** What can be done about it. */
  readonly actions?: ComponentChildren;
  /** What else is known of it. */
  readonly children?: ComponentChildren;
}

/** One case or change, entry by entry, with its chain of hashes as this browser checks it. */
export function RowView({ row, chain, now, actions, children }: RowViewProps) {
  const { title, name, tampered } = row;
  return (
    <>
      <p class="headline">
        <strong>
          <bdi>{title}</bdi>
        </strong>{" "}
        <StateMark row={row} now={now} />
      </p>
      {tampered === undefined ? null : (
        <p class="trouble" role="alert">
          {tampered === "gone"
            ? "This chain is gone from the table since the console read it: someone deleted a record. What is shown is what was read."
            : "Entries of this chain changed since the console read it: someone rewrote a record."}{" "}
          Run reprieve audit verify, and see docs/runbook.md.
        </p>
      )}
      {actions}
      <Facts row={row} now={now} />
      {chain === undefined ? (
        <p class="empty">Reading the entries.</p>
      ) : (
        <>
          <PassedOver chain={chain} />
          {chain.damage === undefined ? null : (
            <p class="trouble" role="alert">
              The chain does not hold: {chain.damage}. Run reprieve audit verify.
            </p>
          )}
          <Timeline entries={chain.entries} head={chain.head} label="Entries" isCut={chain.damage !== undefined} />
        </>
      )}
      {children}
      <p class="note">
        <code>{name}</code> <CopyButton text={name} content="the name" />
      </p>
    </>
  );
}

function Facts({ row, now }: { readonly row: Row; readonly now: number }) {
  const { keyArn, usage, at, requester, requesterName, outcome, rule, kind, question, deletePendingAt } = row;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["Key", keyArn || undefined],
    ["Usage", usage === "" ? undefined : usageText(usage)],
    [{ case: "Deleted", change: "Changed", permit: "Requested" }[kind], at === 0 ? "time unknown" : timeText(at)],
    [
      kind === "permit" ? "For" : "By",
      requester === "" ? "requester unknown" : requesterName === "" ? requester : `${requesterName} (${requester})`,
    ],
    [
      kind === "permit" ? "About" : "Decided",
      kind !== "case" ? `${outcome} ${rule}` : outcome === "" ? "not yet" : `${outcome} by rule ${rule}`,
    ],
    [
      "Approved by",
      question &&
        `${question.approvedBy.join(", ") || "nobody"} (${question.approvedBy.length} of ${question.quorum}, from ${question.from})`,
    ],
    ["Decide until", question && untilText(question.until, now)],
    ["Destroyed at", deletePendingAt === undefined ? undefined : untilText(deletePendingAt, now)],
    ["Usable after", row.timeToUsableMs === undefined ? undefined : durationText(row.timeToUsableMs)],
  ];
  return (
    <dl class="facts">
      {facts.map(([name, value]) =>
        value === undefined ? null : (
          <>
            <dt key={`${name} name`}>{name}</dt>
            <dd key={name}>
              <bdi>{value}</bdi>
            </dd>
          </>
        ),
      )}
    </dl>
  );
}

function untilText(at: number, now: number): string {
  return `${timeText(at)} (${at > now ? `${leftText(at - now)} left` : "over"})`;
}

function PassedOver({ chain: { passedOver, morePassedOver } }: { readonly chain: ChainPart }) {
  if (passedOver.length === 0) return null;
  return (
    <details>
      <summary>Rules before it, and why they do not match</summary>
      <ul class="why">
        {passedOver.map((each) => (
          <li key={each.rule}>
            {each.rule}: <em>{each.failed}</em> fails
          </li>
        ))}
        {morePassedOver > 0 ? <li>and {morePassedOver} more</li> : null}
      </ul>
    </details>
  );
}
